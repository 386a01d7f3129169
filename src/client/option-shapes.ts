import { isRecord } from '../core/claims.ts'
import { check } from './option-checks.ts'
import type { AuthClientOptions } from './options.ts'

// JavaScript and configuration files can give an option that the types forbid. Text in the place of a list would even
// work, in another sense: `includes` finds parts of it.

/** What a value must be, in words, and whether it is that. */
interface Shape {
  readonly words: string
  readonly fits: (value: unknown) => boolean
}

const text: Shape = { words: 'text', fits: value => typeof value === 'string' }
const name: Shape = { words: 'text, not empty', fits: value => text.fits(value) && value !== '' }
const flag: Shape = { words: 'true or false', fits: value => typeof value === 'boolean' }
const callable: Shape = { words: 'a function', fits: value => typeof value === 'function' }

const either = (first: Shape, second: Shape): Shape => ({
  words: `${first.words}, or ${second.words}`,
  fits: value => first.fits(value) || second.fits(value),
})

const listOf = (words: string, fits: Shape['fits']): Shape => ({
  words,
  fits: value => Array.isArray(value) && value.length > 0 && value.every(fits),
})

const groupSuchAs = (example: string): Shape => ({ words: `an object such as ${example}`, fits: isRecord })

const audiences = listOf("a list of audiences such as ['https://api.example.com']", name.fits)

/** What `oneOf`, `seconds` and `checkParameters` check is not repeated here. */
const shapes: { readonly [Name in keyof AuthClientOptions]?: Shape } = {
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
  trustedAudiences: either(audiences, callable),
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

/**
 * Refuses options of another shape than their types say. What is left out is not looked at.
 *
 * @param prefix where the options stand, such as `provider.`, for those that a profile has too
 * @throws {ConfigurationError} naming the option and what it must be
 */
export function checkShapes(options: Partial<AuthClientOptions>, prefix = ''): void {
  for (const [option, shape] of Object.entries(shapes))
    checkShape(`${prefix}${option}`, options[option as keyof AuthClientOptions], shape)
  if (options.freshness) check(name.fits(options.freshness.endpoint), '`freshness.endpoint` is missing')
  if (!Array.isArray(options.api)) return
  for (const { resource, scope } of options.api) {
    checkShape('api.resource', resource, name)
    checkShape('api.scope', scope, name)
  }
}

function checkShape(option: string, value: unknown, { words, fits }: Shape): void {
  check(value === undefined || fits(value), `\`${option}\` must be ${words}`)
}
