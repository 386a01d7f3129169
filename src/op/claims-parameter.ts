import { isRecord } from '../core/claims.ts'
import { ConfigurationError } from '../core/errors.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * The `claims` parameter: what the app asks for, what a resource server demands, and what this package asks of ID Tokens.
 * Where several name a claim, the last of these counts. Undefined where none asks for anything.
 *
 * @param given the app's, as JSON
 * @param ours claims of the ID Token, each with how it is asked for
 * @param demanded the resource server's
 * @throws {ConfigurationError} when the app's is no JSON object, or its `id_token` is none
 * @see OpenID Connect Core 1.0 §5.5
 */
export function claimsParameter(
  given: string | undefined,
  ours: Members,
  demanded: Members = {},
): string | undefined {
  const app = given === undefined ? {} : readObject(given)
  const { id_token: asked, ...others } = joinMembers(app, demanded)
  const idToken = { ...(asked === undefined ? {} : asObject(asked)), ...ours }
  const claims = Object.keys(idToken).length > 0 ? { ...others, id_token: idToken } : others
  return Object.keys(claims).length > 0 ? JSON.stringify(claims) : undefined
}

/** The members of both; those that are objects in both are joined in turn. */
function joinMembers(first: Members, second: Members): Members {
  const joined = Object.entries(second).map(([name, value]) => {
    const before = first[name]
    return [name, isRecord(before) && isRecord(value) ? { ...before, ...value } : value]
  })
  return { ...first, ...Object.fromEntries(joined) }
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
