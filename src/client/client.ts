import { refuseMisplacedApp } from '../op/misplaced-app.ts'
import { pageBrowser } from '../op/page-browser.ts'
import type { AuthClient } from './auth-client.ts'
import { buildClient } from './create-client-in.ts'
import { createInertClient } from './inert-client.ts'
import { checkSecureContext } from './option-checks.ts'
import type { AuthClientOptions } from './options.ts'
import { resolveOptions } from './resolved-options.ts'

/**
 * Makes the client. An app makes one client, once, outside render. It works in Chrome 109, Firefox 115, Safari 16.4 and
 * later. On a server it does nothing, and its state is `initializing`.
 *
 * @param options how the app sets up its client
 * @returns the client. It finds out who is signed in once it is mounted
 * @throws `ConfigurationError`, in a browser only: if an option is wrong (the message names it); if no browser app can
 * sign people in at the `provider` (the message says why); if the page is no secure context (https, or localhost); if
 * the app itself is at `callbackUrl` or in a hidden frame of the client, where only the page of `afresh/callback` may
 * be. In that last case the OP's response has been removed from the URL
 */
export function createAuthClient(options: AuthClientOptions): AuthClient {
  if (typeof document === 'undefined') return createInertClient()
  checkSecureContext()
  const resolved = resolveOptions(options, pageBrowser.page)
  refuseMisplacedApp(resolved.callbackUrl)
  return buildClient(pageBrowser, resolved).client
}
