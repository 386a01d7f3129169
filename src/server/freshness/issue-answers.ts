import { type LoginClaims, metAcr } from '../../core/freshness.ts'
import type { ChallengedAnswer, GrantedAnswer } from '../../core/wire.ts'
import type { Outcome } from '../audit/trail.ts'
import { sha256 } from '../crypto/hash.ts'
import type { Answer } from '../http/answer.ts'
import type { GrantClaims } from './own-claims.ts'
import { challengeType, grantType } from './own-tokens.ts'
import { grantTtl, type Policy } from './policy.ts'
import { policyDigest } from './policy-digest.ts'
import type { GuardSetup } from './setup.ts'

/** One person's wish to do one thing, as challenges and grants name it. */
export interface Wish {
  readonly sub: string
  readonly action: string
  /** Absent for an action that is about nothing in particular. */
  readonly context_hash: string | undefined
}

/** What a wish is about, for the words and the details that a policy makes of it. */
export interface Matter {
  /** Plain JSON, whose hash is the wish's; undefined where it is not known. */
  readonly context: unknown
  /** The language that the person wants most (BCP 47). */
  readonly locale: string | undefined
  /** What the OP may know the person by; absent where an ID Token has not said. */
  readonly loginHint?: string | undefined
}

/** An answer to Ask, Push or Prove, and what to report of it. */
export interface DecidedAnswer {
  readonly answer: Answer
  readonly outcome: Outcome
}

/** An answer that brings a token, and what that token is about. */
export interface IssuedAnswer {
  readonly answer: Answer
  readonly about: { readonly action: string; readonly sub: string; readonly jti: string }
}

/**
 * Makes the 401 with a challenge: the person has to authenticate first.
 *
 * @param baseline the `auth_time` of the person's present login, from a verified source
 * @throws {Refusal} 401 for a DPoP proof that is missing or does not hold; 503 where requests have to be pushed and cannot be
 * @throws {ConfigurationError} for `authorizationDetails` that throw, or give none
 * @see RFC 9470 §3
 */
export async function challengeAnswer(
  guard: GuardSetup,
  request: Request,
  wish: Wish,
  { terms, reauthenticate, approval }: Policy,
  { context, locale, loginHint }: Matter,
  baseline: number | undefined,
): Promise<IssuedAnswer> {
  const { challengeTtl, providerClock } = guard
  const authorization_details = approval.details(context)
  const { hash: binding, cookies } = await guard.binding.bind(request, guard.now())
  // Done for every policy, because another one may be in force when the proof arrives.
  const [isPushed] = await Promise.all([guard.stepUp?.isPushed(), guard.measureProvider()])
  // The clock is read only now: a login made during the waits above must not count as later than the challenge.
  const time = guard.clock()
  const now = Math.floor(time)
  const { prompt, max_age, acr_values } = terms
  const claims = { max_age, acr_values, auth_time: baseline, op_offset: providerClock.offset() }
  const login_hint = guard.profile.dropHintsOnStepUp ? undefined : loginHint
  // What the page would put into a request of its own.
  const hints = isPushed ? { login_hint, ui_locales: locale } : {}
  const demand = { ...claims, binding, ...wish, ...hints, authorization_details }
  const { token: challenge, jti } = await guard.tokens.sign(challengeType, demand, now, challengeTtl)
  const body: ChallengedAnswer = {
    ...{ status: 'challenged', challenge, nonce: await sha256(challenge), prompt, max_age, acr_values },
    expires_in: challengeTtl,
    // Until our clock's next second: a login in this one would count as made before the challenge.
    wait: reauthenticate ? Math.ceil((now + 1 - time) * 1000) : undefined,
    pushed: isPushed === true || undefined,
    display: approval.display(context, locale),
  }
  const headers = { 'WWW-Authenticate': terms.headers[guard.binding.scheme] }
  return { answer: { status: 401, body, headers, cookies }, about: aboutToken(wish, jti) }
}

/** A login that met a policy: its verified claims. Its `auth_time` has been found to be a safe integer. */
export interface FreshLogin extends LoginClaims {
  readonly auth_time: number
}

/** Makes the 200 with a grant: this person may do this now, once, in the browser of this binding. */
export async function grantAnswer(
  guard: GuardSetup,
  wish: Wish,
  policy: Policy,
  login: FreshLogin,
  origin: Pick<GrantClaims, 'binding' | 'challenge_jti' | 'details_returned'>,
  now: number,
): Promise<IssuedAnswer> {
  const { auth_time, amr } = login
  const claims = {
    ...{ ...origin, ...wish, auth_time },
    acr: metAcr(login, policy.acrValues, policy.acrClaim),
    amr: Array.isArray(amr) ? amr.filter(method => typeof method === 'string') : undefined,
    policy: await policyDigest(policy),
  }
  const ttl = grantTtl(policy)
  const { token: grant, jti } = await guard.tokens.sign(grantType, claims, now, ttl)
  const body: GrantedAnswer = { status: 'granted', grant, expires_in: ttl }
  return { answer: { status: 200, body, headers: {} }, about: aboutToken(wish, jti) }
}

const aboutToken = ({ action, sub }: Wish, jti: string): IssuedAnswer['about'] => ({ action, sub, jti })
