import { refuseMisplacedApp } from '../op/misplaced-app.ts'
import { pageBrowser } from '../op/page-browser.ts'
import type { AuthClient } from './auth-client.ts'
import { buildClient } from './create-client-in.ts'
import { createInertClient } from './inert-client.ts'
import { checkSecureContext } from './option-checks.ts'
import type { AuthClientOptions } from './options.ts'
import { resolveOptions } from './resolved-options.ts'

/**
 * One client for one app; made once, outside render. It works in Chrome 109, Firefox 115, Safari 16.4 and later. On a
 * server it does nothing, and its state is `initializing`.
 *
 * @throws {ConfigurationError} in a browser only: naming the option that is wrong; saying why no browser app can sign
 * people in at the `provider`; when the page is no secure context
 * (https, or localhost); or when it is at `callbackUrl`, or in a hidden frame of the client, where only the page of
 * `afresh/callback` may be. The response is then gone from the URL
 */
export function createAuthClient(options: AuthClientOptions): AuthClient {
  if (typeof document === 'undefined') return createInertClient()
  checkSecureContext()
  const resolved = resolveOptions(options, pageBrowser.page)
  refuseMisplacedApp(resolved.callbackUrl)
  return buildClient(pageBrowser, resolved).client
}
