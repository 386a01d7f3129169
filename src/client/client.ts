import type { AuthClient } from './auth-client.ts'
import { createMethods } from './client-methods.ts'
import { createParts } from './client-parts.ts'
import { createInertClient } from './inert-client.ts'
import type { AuthClientOptions } from './options.ts'
import { resolveOptions } from './resolved-options.ts'

/**
 * One client for one app; made once, outside render. On a server it does nothing, and its state is `initializing`.
 *
 * @throws {ConfigurationError} naming the option that is wrong; in a browser only
 */
export function createAuthClient(options: AuthClientOptions): AuthClient {
  if (typeof document === 'undefined') return createInertClient()
  const lang = (): string | undefined => document.documentElement.lang || undefined
  return createMethods(createParts(resolveOptions(options, { origin: location.origin, lang })))
}
