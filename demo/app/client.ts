import { type AuthClient, createAuthClient } from 'afresh'
import { config } from './config.ts'
import { record } from './happenings.ts'

export const client: AuthClient = createAuthClient({
  issuer: config.issuer,
  clientId: config.clientId,
  freshness: { endpoint: '/api/freshness' },
  api: { origins: [location.origin, config.statements] },
  dpop: config.dpop,
  ...config.client,
  logger: record,
})
