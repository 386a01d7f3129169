import { ConfigurationError } from '../core/errors.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * The `claims` parameter: what the app asks for, and what this package asks of ID Tokens. Where both name a claim, the
 * package's counts. Undefined where neither asks for anything.
 *
 * @param given the app's, as JSON
 * @param ours claims of the ID Token, each with how it is asked for
 * @throws {ConfigurationError} when the app's is no JSON object, or its `id_token` is none
 * @see OpenID Connect Core 1.0 §5.5
 */
export function claimsParameter(given: string | undefined, ours: Members): string | undefined {
  const { id_token: asked, ...others } = given === undefined ? {} : readObject(given)
  const idToken = { ...(asked === undefined ? {} : asObject(asked)), ...ours }
  const claims = Object.keys(idToken).length > 0 ? { ...others, id_token: idToken } : others
  return Object.keys(claims).length > 0 ? JSON.stringify(claims) : undefined
}

function readObject(text: string): Members {
  try {
    return asObject(JSON.parse(text))
  } catch {
    throw refused()
  }
}

function asObject(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused()
  return value as Members
}

function refused(): ConfigurationError {
  return new ConfigurationError(
    '`authorizationParams.claims` must be JSON such as {"id_token":{"email":null}}',
  )
}
