import { isRecord } from '../../core/claims.ts'
import { sha256 } from '../crypto/hash.ts'
import { missing, type Problem, problem } from '../http/problem.ts'
import type { DiscoverySource } from '../provider/discovery.ts'
import { fetchJson, type ProviderAccess } from '../provider/fetch-json.ts'
import { createReportFew } from '../provider/report-few.ts'
import { isWithin } from '../provider/within.ts'
import { createEndpoint } from './endpoint.ts'
import { type Claims, createAnswers } from './introspection-cache.ts'
import type { ReadAccessToken, Reading } from './jwt.ts'
import { type AccessTokenExpectation, claimsProblem, namesAudience } from './token-claims.ts'
import { createLane } from './work-lane.ts'

/** How to ask the OP about access tokens that are no JWTs (RFC 7662). */
export interface IntrospectionOptions {
  /** The client id by which the OP knows this API. */
  readonly clientId: string
  readonly clientSecret: string
  /** How the secret is sent (RFC 6749 §2.3.1). Default: `client_secret_basic`. */
  readonly clientAuthentication?: 'client_secret_basic' | 'client_secret_post'
  /** The endpoint's URL. Default: what the issuer's discovery document says. */
  readonly endpoint?: string
  /**
   * For how many seconds an answer may be used again, but never past the token's `exp`. A revoked token works for as
   * long. `0` asks every time; 3,600 at most. Default: 30.
   */
  readonly cacheTtl?: number
  /**
   * How many good answers to keep; the oldest goes first. 1,000 other answers are kept apart from them. Default:
   * 10,000.
   */
  readonly maxCached?: number
  /**
   * How many questions to the OP may be open at once. Tokens whose last answer was good and all others are counted
   * apart. Ten times as many wait, for two seconds at most. Any more, and any that would wait longer, are answered with
   * 503. Default: 100.
   */
  readonly maxConcurrent?: number
  /**
   * `optional`: an answer without `aud` is accepted, because this OP decides by the asking client whether a token is
   * for this API (RFC 7662 §4). Such an OP must also say of a refresh token that it is not active, or tell it by
   * `token_use` or `token_type`: nothing else does. Default: `required`.
   */
  readonly audience?: 'required' | 'optional'
}

/** What an introspector has to know, with every default filled in. */
export interface IntrospectorOptions
  extends ProviderAccess,
    DiscoverySource,
    AccessTokenExpectation,
    Required<Omit<IntrospectionOptions, 'endpoint' | 'audience'>> {
  readonly endpoint: string | undefined
  /** Whether an answer must name its audience. */
  readonly needsAudience: boolean
  /** Called with the reason why a question failed, at most once in 30 seconds. */
  readonly onError: (error: unknown) => void
}

/**
 * Asks the OP about opaque tokens, once for requests that come together. Answers are kept by the token's hash. Tokens
 * whose last answer was good have a lane and a cache of their own, so that any number of made-up tokens keeps no
 * session waiting that we know. A token waits two seconds for its turn. Binding (`cnf`), scope and freshness are *not*
 * judged.
 *
 * The function throws a 503 `Refusal` when no turn comes, and when the OP gives no answer that can be understood within
 * five seconds.
 *
 * @see RFC 7662 §2.1, §2.2, §4
 */
export function createIntrospector(options: IntrospectorOptions): ReadAccessToken {
  const { cacheTtl, now } = options
  const answers = createAnswers(options.maxCached)
  const open = new Map<string, Promise<Claims | null>>()
  const lane = { width: options.maxConcurrent, maxWaiting: 10 * options.maxConcurrent, waitTimeout: 2_000 }
  const knownLane = createLane(lane)
  const otherLane = createLane(lane)
  const question = createQuestion(options)
  const reportFew = createReportFew(options)

  async function ask(key: string, token: string): Promise<Claims | null> {
    const inTurn = answers.wasGood(key) ? knownLane : otherLane
    return inTurn(async () => {
      const askedAt = now()
      const claims = await question(token)
      const exp = typeof claims?.exp === 'number' ? claims.exp : Number.POSITIVE_INFINITY
      const lifetime = Math.min(cacheTtl, exp - askedAt)
      answers.keep(key, { claims, askedAt, lifetime }, 'claims' in judge(claims, options))
      return claims
    })
  }

  function askOnce(key: string, token: string): Promise<Claims | null> {
    const underWay = open.get(key)
    if (underWay) return underWay
    const asked = reportFew(ask(key, token)).finally(() => open.delete(key))
    open.set(key, asked)
    return asked
  }

  return async token => {
    const key = await sha256(token)
    const known = answers.get(key)
    const isFresh = known && isWithin(known.lifetime, known.askedAt, now())
    const claims = isFresh ? known.claims : await askOnce(key, token)
    return judge(claims, options)
  }
}

/**
 * Asks the OP about a token. It gives null when the token is not active, and throws when there is no answer that can be
 * understood.
 */
function createQuestion(options: IntrospectorOptions): (token: string) => Promise<Claims | null> {
  const { find, forget } = createEndpoint(options)
  return async token => {
    const url = await find()
    const question = authenticated(options, { token, token_type_hint: 'access_token' })
    try {
      const answer = await fetchJson(options, url, { method: 'POST', ...question })
      if (!isRecord(answer) || typeof answer.active !== 'boolean') {
        throw new Error('The OP’s introspection answer does not follow RFC 7662')
      }
      // Frozen, because the next request with this token gets the same object.
      return answer.active ? Object.freeze(answer) : null
    } catch (error) {
      forget(url)
      throw error
    }
  }
}

/** The OP has said whether the token is good. This checks that it is good for us, and now. @see RFC 7662 §2.2 */
function judge(claims: Claims | null, options: IntrospectorOptions): Reading {
  if (claims === null) return { problem: problem('the token', 'is not active, says the OP') }
  if (options.needsAudience && !namesAudience(claims, options)) {
    return { problem: missing(options.audienceClaim, ', see audience of the option introspection') }
  }
  const wrong = kindProblem(claims) ?? claimsProblem(claims, options, [], options.now())
  return wrong === null ? { claims } : { problem: wrong }
}

/** Some OPs are asked about a refresh token and say that it is active, and of which kind it is. */
function kindProblem({ token_use: use, token_type: type }: Claims): Problem | null {
  // Ory Hydra says `access_token` or `refresh_token`, and older releases said that in `token_type`.
  if (typeof use === 'string' && !/^access/i.test(use))
    return problem('token_use', 'is of no access token', use)
  if (typeof type !== 'string' || !/^(refresh|id)_?token$/i.test(type)) return null
  return problem('token_type', 'is of no access token', type)
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
