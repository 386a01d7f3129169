import type { AuthState } from '../core/machine/state.ts'
import type { Browser } from '../op/browser.ts'
import type { AuthClient } from './auth-client.ts'
import { createMethods } from './client-methods.ts'
import { type ClientParts, createParts } from './client-parts.ts'
import type { AuthClientOptions } from './options.ts'
import { type ResolvedOptions, resolveOptions } from './resolved-options.ts'

/** A client, and what it is made of. */
export interface BuiltClient {
  readonly client: AuthClient
  readonly parts: ClientParts
}

/**
 * A client in any browser, also one that is no page. `createAuthClient` is this in the page's own.
 *
 * @throws {ConfigurationError} naming the option that is wrong, and as `resolveOptions` says
 */
export function createClientIn(browser: Browser, options: AuthClientOptions): AuthClient {
  return buildClient(browser, resolveOptions(options, browser.page)).client
}

/**
 * The same with its parts, such as to give it a session before it is mounted.
 *
 * @param known of its first state, what it need not find out
 */
export function buildClient(
  browser: Browser,
  options: ResolvedOptions,
  known: Partial<AuthState> = {},
): BuiltClient {
  const parts = createParts(browser, options, known)
  return { client: createMethods(parts), parts }
}
