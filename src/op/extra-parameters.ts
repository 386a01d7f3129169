import type { AuthorizationParams } from '../core/authorization-params.ts'
import { ConfigurationError } from '../core/errors.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import { claimsParameter } from './claims-parameter.ts'
import type { OpenIdProviderOptions } from './openid-provider-types.ts'

type Parameters = Readonly<Record<string, string>>

/** The parameters that the package writes itself, and what to do instead of naming them. */
const reserved: Parameters = {
  client_id: 'use the option `clientId`',
  client_secret: 'a browser app cannot keep a secret, so leave it out',
  redirect_uri: 'use the option `callbackUrl`',
  response_type: 'it is always `code`, so leave it out',
  response_mode: 'it follows the discovery document, so leave it out',
  scope: 'use the option `scope`',
  state: 'each request has one of its own, so leave it out',
  nonce: 'each request has one of its own, so leave it out',
  code_challenge: 'each request has one of its own, so leave it out',
  code_challenge_method: 'it is always `S256`, so leave it out',
  prompt: 'use the option `prompt`, or `prompt` of `signIn`',
  max_age: 'use `maxAge` of `signIn`, or a policy of the backend',
  acr_values: 'use the option `acrValues`, or `acrValues` of `signIn`',
  login_hint: 'use `loginHint` of `signIn`',
  id_token_hint: 'it is sent where it helps, so leave it out',
  ui_locales: 'use the option `uiLocales`',
  resource: 'use the option `resource`',
  request: 'signed requests are not supported, so leave it out',
  request_uri: 'signed and pushed requests are not supported, so leave it out',
  dpop_jkt: 'use the option `dpop`',
}

/**
 * What else goes into an authorization request: of the provider's profile, of the client's options, and of this one
 * request. Of two with one name the later counts. A function is asked by the request's kind, each time.
 *
 * @throws {ConfigurationError} for a parameter that is the package's own, naming the option for it, and for what is no
 * record of text
 */
export function extraParameters(
  { kind, authorizationParams }: Pick<AuthorizationRequest, 'kind' | 'authorizationParams'>,
  options: Pick<OpenIdProviderOptions, 'profile' | 'authorizationParams'>,
): Parameters {
  const ask = (source: AuthorizationParams | undefined): unknown =>
    typeof source === 'function' ? source(kind) : source
  return {
    ...checked(ask(options.profile.authorizationParams)),
    ...checked(ask(options.authorizationParams)),
    ...checked(authorizationParams),
  }
}

/**
 * Checks at once what can be: a function is asked for each request only, and checked then.
 *
 * @throws {ConfigurationError} as `extraParameters` does, and for `claims` that are no JSON object
 */
export function checkParameters(source: AuthorizationParams | undefined): void {
  if (typeof source !== 'function') claimsParameter(checked(source).claims, {})
}

function checked(params: unknown = {}): Parameters {
  // A promise would be a record without members, and all that it promises would be lost.
  if (typeof params !== 'object' || params === null || Array.isArray(params) || 'then' in params)
    throw refused('must be a record of text, or a function that returns one at once')
  const entries = Object.entries(params)
  for (const [name, value] of entries) {
    if (Object.hasOwn(reserved, name)) throw refused(`cannot set \`${name}\`: ${reserved[name]}`)
    if (typeof value !== 'string') throw refused(`has \`${name}\`, which is not text`)
  }
  return Object.fromEntries(entries)
}

function refused(what: string): ConfigurationError {
  return new ConfigurationError(`\`authorizationParams\` ${what}`)
}
