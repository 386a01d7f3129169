import { defined } from '../core/defined.ts'
import type { RefusalCode } from '../core/errors.ts'
import { evaluateFreshness } from '../core/freshness.ts'
import { readDisplay } from '../core/step-up-display.ts'
import { type ChallengedAnswer, challengeLifetime } from '../core/wire.ts'
import { sha256 } from '../op/sha256.ts'
import { noSignature, signingInput } from './mint.ts'
import type { ChallengeDemand, Script, StepUpScript } from './script.ts'
import { clockSkew, isGenuine, readClaims } from './scripted-judgement.ts'

/** Seconds: how old a login may be where nobody shall be asked. */
const generousAge = 86_400

/** One person's wish to do one thing. */
export interface Wish {
  readonly action: string
  readonly contextHash: string | undefined
  readonly sub: string
}

/** A challenge that has been given. */
interface Challenge {
  readonly wish: Wish
  readonly demand: ChallengeDemand
  readonly outcome: StepUpScript
  readonly nonce: string
  /** Epoch seconds. */
  readonly issuedAt: number
  isUsed: boolean
}

/** The challenges of the scripted backend. */
export interface Challenges {
  issue(wish: Wish, outcome: StepUpScript): Promise<ChallengedAnswer>
  /** The wish that this ID Token has made good for this challenge, which it uses up; or why it has not. */
  meet(text: string, idToken: string): Promise<Wish | RefusalCode>
}

/** What a challenge asks for, by what shall become of the step-up. */
function demandOf(outcome: StepUpScript): ChallengeDemand {
  if (outcome === 'grant') return { maxAge: generousAge }
  return typeof outcome === 'object' && 'prompt' in outcome ? outcome.prompt : {}
}

export function createChallenges(script: Script): Challenges {
  const challenges = new Map<string, Challenge>()
  return {
    async issue(wish, outcome) {
      const issuedAt = script.now()
      const demand = demandOf(outcome)
      const { maxAge, acrValues, display } = demand
      const text = ownToken('step-up-challenge+jwt', wish, script, challengeLifetime)
      const nonce = await sha256(text)
      challenges.set(text, { wish, demand, outcome, nonce, issuedAt, isUsed: false })
      return {
        ...{ status: 'challenged', challenge: text, nonce },
        ...(maxAge === undefined && { prompt: 'login' }),
        max_age: maxAge ?? 0,
        ...defined({ acr_values: acrValues?.join(' '), display: readDisplay(display) ?? undefined }),
        expires_in: challengeLifetime,
      }
    },
    async meet(text, idToken) {
      const challenge = challenges.get(text)
      if (!challenge) return 'invalid_token'
      const refusal =
        (await judge(challenge, idToken, script)) ??
        deniedBy(challenge.outcome) ??
        (challenge.isUsed ? 'already_used' : null)
      if (refusal !== null) return refusal
      challenge.isUsed = true
      return challenge.wish
    },
  }
}

/** A token of the backend's own, as it looks. It is known by its text, so nothing need be signed. */
export function ownToken(
  typ: 'step-up-challenge+jwt' | 'step-up-grant+jwt',
  { action, contextHash: context_hash, sub }: Wish,
  { issuer: iss, clientId: client_id, now }: Script,
  lifetime: number,
): string {
  const jti = crypto.randomUUID()
  const claims = { jti, iss, client_id, sub, action, context_hash, iat: now(), exp: now() + lifetime }
  return `${signingInput({ header: { alg: 'HS256', typ }, claims })}.${noSignature}`
}

/** Why a backend would refuse this proof, whatever the script says; null when it would not. */
async function judge(
  { wish, demand, nonce, issuedAt }: Challenge,
  idToken: string,
  script: Script,
): Promise<RefusalCode | null> {
  const now = script.now()
  if (!(now < issuedAt + challengeLifetime)) return 'challenge_expired'
  const claims = readClaims(idToken)
  if (!claims) return 'invalid_token'
  if (claims.nonce !== nonce) return 'nonce_mismatch'
  if (claims.sub !== wish.sub) return 'subject_mismatch'
  if (!(await isGenuine(idToken, script))) return 'invalid_token'
  const { maxAge, acrValues } = demand
  // The clock of a test may stand still, so a login in the second of the challenge counts as a new one.
  const after = maxAge === undefined ? issuedAt - 1 : undefined
  return evaluateFreshness(claims, { maxAge, acrValues, after }, now, clockSkew)
}

function deniedBy(outcome: StepUpScript): RefusalCode | null {
  if (typeof outcome === 'object') return 'deny' in outcome ? outcome.deny : null
  return outcome === 'deny' ? 'stale' : null
}
