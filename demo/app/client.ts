import { type AuthClient, createAuthClient } from 'afresh'
import { config } from './config.ts'
import { record } from './happenings.ts'
import { language } from './language.ts'
import { profiles } from './profiles.ts'
import { tabStorage } from './tab-storage.ts'

forgetFormerProvider()

/** The app's client, made once. */
export const client: AuthClient = createAuthClient({
  issuer: config.issuer,
  clientId: config.clientId,
  provider: profiles[config.profile](),
  freshness: { endpoint: '/api/freshness' },
  resource: config.apis.bank.resource,
  api: [
    { origin: location.origin, ...config.apis.bank },
    { origin: config.statements, ...config.apis.statements },
  ],
  dpop: config.dpop,
  rememberAccounts: 5,
  uiLocales: language,
  ...config.client,
  logger: record,
})

/**
 * Several providers of this demo have the same issuer. What this tab keeps of the last provider would be taken for this
 * one's.
 */
function forgetFormerProvider(): void {
  const key = 'pennyworth:provider'
  const former = tabStorage.read(key)
  tabStorage.write(key, config.provider)
  if (former === null || former === config.provider) return
  for (const kept of Object.keys(sessionStorage))
    if (kept.startsWith('afresh:')) sessionStorage.removeItem(kept)
}
