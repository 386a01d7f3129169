import type { AuthClient } from './auth-client.ts'
import { startAll } from './browser.ts'
import type { ClientParts } from './client-parts.ts'
import { watchRecovery } from './session/recovery.ts'
import { watchRenewal } from './session/renewal-timer.ts'
import { watchTriggers } from './step-up/triggers.ts'
import { listenForLogout } from './tabs/front-channel.ts'

/** Starts all that watches while the client is mounted; returns how to stop it. */
export function startWatching(
  { context, closeSession, renewal, restore, limits, remembered }: ClientParts,
  stepUp: AuthClient['stepUp'],
): () => void {
  const { browser, options, op, tabs, vault } = context
  const { session, rememberAccounts, triggers } = options
  op.join()
  const isLimited = session.idle !== undefined || session.absolute !== undefined
  const claim = (name: 'iss' | 'sid') => (): unknown => vault.current?.claims[name]
  return startAll(browser, [
    tabs.listen,
    () => watchRecovery(context, restore),
    () => listenForLogout(browser, claim('iss'), claim('sid'), () => void closeSession('signed_out')),
    () => watchRenewal(context, renewal),
    ...(isLimited ? [limits.watch] : []),
    ...(rememberAccounts > 0 ? [remembered.watch] : []),
    ...(triggers ? [() => watchTriggers(context, stepUp)] : []),
  ])
}
