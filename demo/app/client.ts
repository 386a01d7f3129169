import { type AuthClient, createAuthClient } from 'afresh'
import { config } from './config.ts'
import { record } from './happenings.ts'
import { language } from './language.ts'
import { profiles } from './profiles.ts'

export const client: AuthClient = createAuthClient({
  issuer: config.issuer,
  clientId: config.clientId,
  provider: profiles[config.profile](),
  freshness: { endpoint: '/api/freshness' },
  api: { origins: [location.origin, config.statements] },
  dpop: config.dpop,
  rememberAccounts: 5,
  uiLocales: language,
  ...config.client,
  logger: record,
})
