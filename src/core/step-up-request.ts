import { type Account, loginHintOf } from './account.ts'
import { canonicalJson } from './canonical-json.ts'
import { defined } from './defined.ts'
import type { ProviderProfile } from './provider-profile.ts'
import type { AuthorizationRequest } from './tokens.ts'
import type { ChallengedAnswer } from './wire.ts'

// Instead of the zero that OPs differ on. It only makes the OP report auth_time: prompt=login makes it ask, and
// the backend decides. Long enough for a second factor or a consent page between the login and the answer.
const positiveMaxAge = 60

/** What a login must be for a backend, or for a resource server, to be content with it. */
export interface Demand {
  /** Of a challenge: the login must answer this one and no other. */
  readonly nonce?: string
  readonly prompt?: string
  /** Seconds. */
  readonly maxAge?: number
  /** In order of preference. */
  readonly acrValues?: readonly string[]
  /** Of a resource server: what to ask for besides (OpenID Connect Core 1.0 §5.5). */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Milliseconds of the page's monotonic clock, before which no request for this login may leave. */
  readonly leaveAt?: number
}

/** @param arrivedAt when the answer arrived, in milliseconds of the page's monotonic clock */
export function demandOf(challenge: ChallengedAnswer, arrivedAt: number): Demand {
  const { nonce, prompt, max_age: maxAge, acr_values: acrValues, wait } = challenge
  const leaveAt = wait === undefined ? undefined : arrivedAt + wait
  return defined({ nonce, prompt, maxAge, acrValues: acrValues?.split(' '), leaveAt })
}

/**
 * One demand that makes do for both: the shorter `maxAge`, the later `leaveAt`, and the `acrValues` that both take, in
 * the first's order.
 * The login answers the first one's challenge. Null when no one login could do: nothing is left of the `acrValues`, the
 * second wants a login of its own (`prompt`), or the two want different `claims`.
 */
export function joinDemands(first: Demand, second: Demand): Demand | null {
  if (second.prompt !== undefined) return null
  const { claims } = first
  if (canonicalJson(claims ?? null) !== canonicalJson(second.claims ?? null)) return null
  const { acrValues: strong = second.acrValues } = first
  const acrValues = strong?.filter(acr => second.acrValues?.includes(acr) ?? true)
  if (acrValues?.length === 0) return null
  const ages = [first.maxAge, second.maxAge].filter(age => age !== undefined)
  const maxAge = ages.length > 0 ? Math.min(...ages) : undefined
  const moments = [first.leaveAt, second.leaveAt].filter(moment => moment !== undefined)
  const leaveAt = moments.length > 0 ? Math.max(...moments) : undefined
  return defined({ nonce: first.nonce, prompt: first.prompt, maxAge, acrValues, claims, leaveAt })
}

/**
 * What a demand asks of the OP, in the words this OP understands.
 * Hints name the same person and guarantee nothing: only the `sub` that comes back counts.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1 (`prompt`, `max_age`, `acr_values`, `login_hint`)
 */
export function stepUpRequest(
  demand: Demand,
  account: Account,
  profile: ProviderProfile,
): AuthorizationRequest {
  const { nonce, acrValues, claims } = demand
  const { stepUpPrompt = 'login' } = profile
  const maxAge = honouredAge(demand.maxAge, profile)
  const isUnsaid = demand.maxAge !== maxAge || (maxAge !== undefined && profile.authTime === 'login')
  const isAsked = demand.prompt === 'login' || (demand.prompt === undefined && isUnsaid)
  const prompt = isAsked ? stepUpPrompt : demand.prompt
  const loginHint = profile.dropHintsOnStepUp ? undefined : loginHintOf(account)
  return defined({ kind: 'step_up' as const, nonce, prompt, maxAge, acrValues, claims, loginHint })
}

function honouredAge(
  maxAge: number | undefined,
  { maxAge: honoured = 'positive' }: ProviderProfile,
): number | undefined {
  if (maxAge === undefined || honoured === 'none') return undefined
  return maxAge === 0 && honoured === 'positive' ? positiveMaxAge : maxAge
}

/**
 * The same without `prompt`, for a hidden frame; null where only the person can help, and where the answer could be held
 * against nothing. `max_age` goes along whatever the OP makes of it, so that the answer is held to it.
 */
export function silentRequest(
  demand: Demand,
  account: Account,
  profile: ProviderProfile,
): AuthorizationRequest | null {
  const { nonce, prompt, maxAge, claims } = demand
  const isHeldTo = [nonce, maxAge, claims].some(one => one !== undefined)
  if (prompt !== undefined || maxAge === 0 || !isHeldTo) return null
  const { prompt: _, ...request } = stepUpRequest(demand, account, profile)
  return { ...request, ...defined({ maxAge }) }
}
