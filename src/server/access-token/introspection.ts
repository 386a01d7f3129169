import { isRecord } from '../../core/claims.ts'
import { sha256 } from '../crypto/hash.ts'
import { createGate } from '../http/limits.ts'
import { asRefusal } from '../http/refusal.ts'
import { discover } from '../provider/discovery.ts'
import { fetchJson, type ProviderAccess } from '../provider/fetch-json.ts'
import type { ReadAccessToken } from './jwt.ts'

/** How to ask the OP about access tokens that are no JWTs (RFC 7662). */
export interface IntrospectionOptions {
  /** What the OP knows this API by. */
  readonly clientId: string
  readonly clientSecret: string
  /** How the secret is sent (RFC 6749 §2.3.1). Default: `client_secret_basic`. */
  readonly clientAuthentication?: 'client_secret_basic' | 'client_secret_post'
  /** Default: what the issuer's discovery document says. */
  readonly endpoint?: string
  /**
   * Seconds that an answer may be used again, never past the token's `exp`: so long a revoked token goes on. `0` asks
   * every time. Default: 30.
   */
  readonly cacheTtl?: number
  /** How many answers to keep; the oldest goes first. Default: 10,000. */
  readonly maxCached?: number
  /** How many questions may be open at once; more are answered with 503. Default: 100. */
  readonly maxConcurrent?: number
  /**
   * `optional`: an answer without `aud` will do, because this OP itself decides, by who asks, whether a token is for
   * this API (RFC 7662 §4). Default: `required`.
   */
  readonly audience?: 'required' | 'optional'
}

export interface IntrospectorOptions
  extends ProviderAccess,
    Required<Omit<IntrospectionOptions, 'endpoint' | 'audience'>> {
  readonly endpoint: string | undefined
  readonly issuer: string
  /** This API, and whether an answer must name it. */
  readonly audience: string
  readonly needsAudience: boolean
  /** Seconds. */
  readonly clockSkew: number
}

type Claims = Readonly<Record<string, unknown>>

/**
 * Asks the OP about opaque tokens, once for requests that come together. Answers are kept under the token's hash.
 * Binding (`cnf`), scope and freshness are *not* judged.
 *
 * The function throws a 503 `Refusal` when the OP gives no answer that can be understood within five seconds.
 *
 * @see RFC 7662 §2.1, §2.2, §4
 */
export function createIntrospector(options: IntrospectorOptions): ReadAccessToken {
  const { cacheTtl, maxCached } = options
  const known = new Map<string, { readonly claims: Promise<Claims | null>; until: number }>()
  const gate = createGate(options.maxConcurrent)
  let endpoint: string | URL | undefined = options.endpoint

  async function ask(token: string): Promise<Claims | null> {
    endpoint ??= await discover(options.issuer, 'introspection_endpoint', options)
    const question = authenticated(options, { token, token_type_hint: 'access_token' })
    const answer = await fetchJson(options, endpoint, { method: 'POST', ...question })
    if (!isRecord(answer) || typeof answer.active !== 'boolean')
      throw new Error('Introspection is not RFC 7662')
    return answer.active ? answer : null
  }

  return async (token, now) => {
    const key = await sha256(token)
    let entry = known.get(key)
    if (!entry || !(now < entry.until)) {
      const asked = { claims: gate(() => ask(token)), until: Number.POSITIVE_INFINITY }
      entry = asked
      known.delete(key)
      known.set(key, asked)
      for (const oldest of known.keys()) {
        if (known.size <= maxCached) break
        known.delete(oldest)
      }
      asked.claims.then(
        claims => {
          const exp = typeof claims?.exp === 'number' ? claims.exp : Number.POSITIVE_INFINITY
          asked.until = Math.min(now + cacheTtl, exp)
        },
        () => {
          if (known.get(key) === asked) known.delete(key)
        },
      )
    }
    const claims = await entry.claims.catch(failAs503)
    return claims && isForUs(claims, options, now) ? claims : null
  }
}

function failAs503(error: unknown): never {
  throw asRefusal(error)
}

/** The OP says that the token is good; here, that it is good for us and now. @see RFC 7662 §2.2 */
function isForUs(claims: Claims, options: IntrospectorOptions, now: number): boolean {
  const { issuer, audience, needsAudience, clockSkew } = options
  const { iss, aud, exp, nbf } = claims
  if (iss !== undefined && iss !== issuer) return false
  if (aud === undefined ? needsAudience : ![aud].flat().includes(audience)) return false
  if (exp !== undefined && !(typeof exp === 'number' && now < exp + clockSkew)) return false
  return nbf === undefined || (typeof nbf === 'number' && nbf <= now + clockSkew)
}

/** @see RFC 6749 §2.3.1: form-encoded first, then Basic */
function authenticated(
  { clientId, clientSecret, clientAuthentication }: IntrospectorOptions,
  form: Readonly<Record<string, string>>,
): Pick<RequestInit, 'body' | 'headers'> {
  const Accept = 'application/json'
  if (clientAuthentication === 'client_secret_post') {
    const body = new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret })
    return { headers: { Accept }, body }
  }
  const [id, secret] = [clientId, clientSecret].map(text =>
    new URLSearchParams({ '': text }).toString().slice(1),
  )
  return {
    headers: { Accept, Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams(form),
  }
}
