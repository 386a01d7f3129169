import type { ChallengedAnswer, GrantedAnswer } from '../../core/wire.ts'
import { sha256 } from '../crypto/hash.ts'
import type { Answer } from '../http/answer.ts'
import { ensureBinding } from './binding.ts'
import type { GuardSetup } from './options.ts'
import { challengeType, grantType } from './own-tokens.ts'
import { type ActionPolicy, grantTtl, type Policy } from './policy.ts'

/** One person's wish to do one thing, as challenges and grants name it. */
export interface Wish {
  readonly sub: string
  readonly action: string
  /** Absent for an action that is about nothing in particular. */
  readonly context_hash: string | undefined
}

/**
 * 401: the person has to authenticate first.
 *
 * @param baseline the `auth_time` of the login the person has now, from a verified source
 * @see RFC 9470 §3
 */
export async function challengeAnswer(
  guard: GuardSetup,
  request: Request,
  wish: Wish,
  { demand }: Policy,
  baseline: number | undefined,
  now: number,
): Promise<Answer> {
  const { challengeTtl } = guard
  const binding = await ensureBinding(guard, request, now)
  const { prompt, max_age, acr_values } = demand
  const claims = { max_age, acr_values, auth_time: baseline, binding: binding.hash, ...wish }
  const challenge = await guard.tokens.sign(challengeType, claims, now, challengeTtl)
  const nonce = await sha256(challenge)
  const body: ChallengedAnswer = {
    status: 'challenged',
    challenge,
    nonce,
    prompt,
    max_age,
    acr_values,
    expires_in: challengeTtl,
  }
  return {
    status: 401,
    body,
    headers: { 'WWW-Authenticate': demand.headers[binding.scheme], ...binding.headers },
  }
}

/** What is known of how a person authenticated: an ID Token's claims, or as much as `authenticate` gives. */
export type Evidence = Readonly<Record<string, unknown>>

/** 200: this person, judged fresh by the evidence, may do this now, once, in the browser of this binding. */
export async function grantAnswer(
  guard: GuardSetup,
  wish: Wish,
  policy: ActionPolicy,
  evidence: Evidence,
  origin: { readonly binding: string; readonly challenge_jti?: string | undefined },
  now: number,
): Promise<Answer> {
  const { binding, challenge_jti } = origin
  const { acr, amr } = evidence
  const claims = {
    binding,
    challenge_jti,
    // Fresh, so it is a safe integer.
    auth_time: evidence.auth_time as number,
    acr: typeof acr === 'string' ? acr : undefined,
    amr: Array.isArray(amr) ? amr.filter(method => typeof method === 'string') : undefined,
    ...wish,
  }
  const ttl = grantTtl(policy)
  const grant = await guard.tokens.sign(grantType, claims, now, ttl)
  const body: GrantedAnswer = { status: 'granted', grant, expires_in: ttl }
  return { status: 200, body, headers: {} }
}
