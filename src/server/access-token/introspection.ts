import { isRecord } from '../../core/claims.ts'
import { sha256 } from '../crypto/hash.ts'
import { basicAuthorization } from '../provider/basic-authorization.ts'
import { fetchJson } from '../provider/fetch-json.ts'
import { createReportFew } from '../provider/report-few.ts'
import { isWithin } from '../provider/within.ts'
import { createEndpoint } from './endpoint.ts'
import { judgeAnswer } from './introspection-answer.ts'
import { type Claims, createAnswers } from './introspection-cache.ts'
import type { IntrospectorOptions } from './introspection-options.ts'
import type { ReadAccessToken } from './jwt.ts'
import { createLane } from './work-lane.ts'

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
      answers.keep(key, { claims, askedAt, lifetime }, 'claims' in judgeAnswer(claims, options))
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
    return judgeAnswer(claims, options)
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

function authenticated(
  { clientId, clientSecret, clientAuthentication }: IntrospectorOptions,
  form: Readonly<Record<string, string>>,
): Pick<RequestInit, 'body' | 'headers'> {
  const Accept = 'application/json'
  if (clientAuthentication === 'client_secret_post') {
    const body = new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret })
    return { headers: { Accept }, body }
  }
  return {
    headers: { Accept, Authorization: basicAuthorization(clientId, clientSecret) },
    body: new URLSearchParams(form),
  }
}
