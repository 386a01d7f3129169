import { isRecord } from '../core/claims.ts'
import { check } from './option-checks.ts'
import type { ApiOptions, AuthClientOptions } from './options.ts'
import {
  audiences,
  callable,
  checkAll,
  either,
  flag,
  groupSuchAs,
  listOf,
  name,
  type Shapes,
  text,
} from './shapes.ts'

/** What `oneOf`, `seconds` and `checkParameters` check is not repeated here. */
const shapes: Shapes<AuthClientOptions> = {
  issuer: name,
  clientId: name,
  scope: text,
  callbackUrl: name,
  provider: {
    words: 'a profile of afresh/providers, which is made by a call, such as `auth0()`',
    fits: value => isRecord(value) && name.fits(value.name),
  },
  freshness: groupSuchAs("{ endpoint: '/api/freshness' }"),
  resource: name,
  acrValues: listOf(
    "a list of names without spaces, such as ['gold']",
    value => typeof value === 'string' && /^\S+$/.test(value),
  ),
  prompt: name,
  trustedAudiences: audiences,
  metadataUrl: name,
  metadata: {
    words: 'an object: what the discovery document says',
    fits: value => isRecord(value) && !('then' in value),
  },
  userInfo: flag,
  api: {
    words:
      "a list such as [{ origin: 'https://api.example.com' }], or { origins: ['https://api.example.com'] }",
    fits: value =>
      Array.isArray(value) ? value.every(isRecord) : isRecord(value) && Array.isArray(value.origins),
  },
  renewal: groupSuchAs("{ via: ['refresh'] }"),
  session: groupSuchAs('{ idle: 900 }'),
  triggers: groupSuchAs('{ idle: 900 }'),
  dpop: flag,
  uiLocales: either(text, callable),
  onAccountChange: callable,
  rememberAccounts: {
    words: 'a whole number, 0 or more',
    fits: value => Number.isInteger(value) && Number(value) >= 0,
  },
  logger: callable,
}

const apiShapes: Shapes<ApiOptions> = { resource: name, scope: name }

/**
 * Refuses options of another shape than their types say. What is left out is not looked at.
 *
 * @throws {ConfigurationError} naming the option and what it must be
 */
export function checkShapes(options: AuthClientOptions): void {
  checkAll('', options, shapes)
  if (options.freshness) check(name.fits(options.freshness.endpoint), '`freshness.endpoint` is missing')
  if (Array.isArray(options.api)) for (const one of options.api) checkAll('api.', one, apiShapes)
}
