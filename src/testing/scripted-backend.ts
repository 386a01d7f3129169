import { decodeIdToken, type IdTokenClaims, isRecord } from '../core/claims.ts'
import { defined } from '../core/defined.ts'
import type { RefusalCode } from '../core/errors.ts'
import { formatStepUpHeader } from '../core/step-up-header.ts'
import { type ChallengedAnswer, challengeLifetime } from '../core/wire.ts'
import { sha256 } from '../op/sha256.ts'
import { noSignature, signingInput } from './mint.ts'
import type { Script, StepUpScript, TestPerson, TestStepUp } from './script.ts'
import { jsonAnswer } from './scripted-answer.ts'

/** Seconds that a grant lives. */
const grantLifetime = 60
/** The guard's, by default: seconds by which the OP's clock may differ. */
const clockSkew = 30

/** What the freshness endpoint answers; null for a request that is not for it. */
export type ScriptedBackend = (request: Request) => Promise<Response> | null

/** A challenge that has been given. */
interface Challenge {
  readonly action: string
  readonly contextHash: string | undefined
  readonly sub: string
  readonly nonce: string
  /** Epoch seconds. */
  readonly issuedAt: number
  isUsed: boolean
  readonly outcome: Exclude<StepUpScript, 'grant'>
}

/** @param personOf the person with this `sub`, if the OP has seen them */
export function createScriptedBackend(
  script: Script,
  personOf: (sub: string) => TestPerson | undefined,
): ScriptedBackend {
  const challenges = new Map<string, Challenge>()
  const json = (status: number, body: object, headers = {}): Response =>
    jsonAnswer(status, body, script.now(), headers)
  const denied = (error: RefusalCode): Response => json(403, { status: 'denied', error })
  const failed = (status: number, error: string): Response => json(status, { status: 'failed', error })

  /** A token of the backend's own, as it looks. It is known by its text, so nothing need be signed. */
  const ownToken = (typ: string, claims: object): string => {
    const now = script.now()
    const usual = { jti: crypto.randomUUID(), iss: script.issuer, client_id: script.clientId, iat: now }
    const jwt = { header: { alg: 'HS256', typ }, claims: { ...usual, ...claims } }
    return `${signingInput(jwt)}.${noSignature}`
  }

  const grant = ({ action, contextHash: context_hash, sub }: Omit<Wish, 'person'>): Response => {
    const exp = script.now() + grantLifetime
    const token = ownToken('step-up-grant+jwt', defined({ action, context_hash, sub, exp }))
    return json(200, { status: 'granted', grant: token, expires_in: grantLifetime })
  }

  const challenge = async (
    { action, contextHash, sub }: Wish,
    outcome: Challenge['outcome'],
  ): Promise<Response> => {
    const issuedAt = script.now()
    const claims = defined({ action, context_hash: contextHash, sub, exp: issuedAt + challengeLifetime })
    const text = ownToken('step-up-challenge+jwt', claims)
    const nonce = await sha256(text)
    challenges.set(text, { action, contextHash, sub, nonce, issuedAt, outcome, isUsed: false })
    const body: ChallengedAnswer = {
      status: 'challenged',
      challenge: text,
      nonce,
      prompt: 'login',
      max_age: 0,
      expires_in: challengeLifetime,
    }
    return json(401, body, { 'WWW-Authenticate': formatStepUpHeader({ scheme: 'Bearer', maxAge: 0 }) })
  }

  const ask = async (body: Readonly<Record<string, unknown>>): Promise<Response> => {
    const { action, context_hash: contextHash, id_token: idToken } = body
    if (typeof action !== 'string' || !isAbsentOrText(contextHash)) return failed(400, 'invalid_request')
    const claims = readClaims(idToken)
    if (!claims) return denied('invalid_token')
    const person = personOf(claims.sub) ?? { name: claims.sub, sub: claims.sub }
    const request: TestStepUp = { action, person, ...defined({ contextHash }) }
    const outcome = typeof script.stepUp === 'function' ? script.stepUp(request) : script.stepUp
    const wish = { action, contextHash, sub: claims.sub, person }
    return outcome === 'grant' ? grant(wish) : challenge(wish, outcome)
  }

  const prove = async (text: string, idToken: unknown): Promise<Response> => {
    const given = challenges.get(text)
    if (!given) return denied('invalid_token')
    const claims = readClaims(idToken)
    if (!claims) return denied('invalid_token')
    const refusal = judge(given, claims, script.now()) ?? deniedBy(given.outcome)
    if (refusal) return denied(refusal)
    given.isUsed = true
    return grant(given)
  }

  const respond = async (request: Request): Promise<Response> => {
    const body: unknown = await request.json().catch(() => null)
    if (!isRecord(body)) return failed(400, 'invalid_request')
    const { challenge: text, id_token: idToken } = body
    return typeof text === 'string' ? prove(text, idToken) : ask(body)
  }

  return request => {
    const { href, origin } = new URL(request.url)
    const endpoint = new URL(script.endpoint, origin).href
    return href === endpoint && request.method === 'POST' ? respond(request) : null
  }
}

interface Wish {
  readonly action: string
  readonly contextHash: string | undefined
  readonly sub: string
  readonly person: TestPerson
}

/** Why a real backend would refuse this proof, before a script does; null when it would not. */
function judge(challenge: Challenge, claims: IdTokenClaims, now: number): RefusalCode | null {
  const { nonce, sub, issuedAt, isUsed } = challenge
  if (!(now < issuedAt + challengeLifetime)) return 'challenge_expired'
  if (claims.nonce !== nonce) return 'nonce_mismatch'
  if (claims.sub !== sub) return 'subject_mismatch'
  const { auth_time: authTime } = claims
  if (authTime === undefined) return 'auth_time_missing'
  if (!Number.isSafeInteger(authTime)) return 'invalid_token'
  if (!(Number(authTime) <= now + clockSkew)) return 'auth_time_in_future'
  // The clock of a test may stand still, so the second of the challenge itself counts.
  if (!(Number(authTime) >= issuedAt)) return 'stale'
  return isUsed ? 'already_used' : null
}

function deniedBy(outcome: Challenge['outcome']): RefusalCode | null {
  if (typeof outcome === 'object') return outcome.deny
  return outcome === 'deny' ? 'stale' : null
}

function readClaims(idToken: unknown): IdTokenClaims | null {
  try {
    return decodeIdToken(idToken).claims
  } catch {
    return null
  }
}

function isAbsentOrText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}
