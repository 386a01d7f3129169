import { isRecord } from '../../core/claims.ts'
import { ConfigurationError, type RefusalCode } from '../../core/errors.ts'
import { evaluateFreshness } from '../../core/freshness.ts'
import { formatStepUpDemand, type StepUpDemand } from '../../core/step-up-demand.ts'
import { failed } from '../http/refusal.ts'

interface PolicyBase {
  /** One of these must be the `acr`; sent to the OP in this order of preference. Default: any. */
  readonly acrValues?: readonly string[]
  /** Each of these must be in `amr`. Default: none. */
  readonly amr?: readonly string[]
  /**
   * Whether the OP itself saw the person authenticate, judged from the claims (OPs that federate may report a
   * new `auth_time` although the upstream provider asked nobody). Anything but `true` is refused as
   * `federated`. Default: not asked.
   */
  readonly localIdp?: (claims: Readonly<Record<string, unknown>>) => boolean
  /** `required`: the action is always about something in particular, such as one payment. Default: `optional`. */
  readonly context?: 'required' | 'optional'
  /** `ttl`: seconds between the grant and its use. Default: 60. `uses` is 1, and cannot be more. */
  readonly grant?: { readonly ttl?: number; readonly uses?: 1 }
}

/** The person must have authenticated within the last `maxAge` seconds, whatever for. */
export interface MaxAgePolicy extends PolicyBase {
  /** Seconds. `0` still admits a login of `clockSkew` seconds ago; "now" is `reauthenticate`. */
  readonly maxAge: number
  readonly reauthenticate?: false
}

/** The person must authenticate for this very request: after it was made, and each login serves only one such. */
export interface ReauthenticatePolicy extends PolicyBase {
  readonly reauthenticate: true
  /** Seconds the login may lie back when its proof arrives. Default: as long as the challenge lives. */
  readonly maxAge?: number
}

export type ActionPolicy = MaxAgePolicy | ReauthenticatePolicy

/** A policy as the guard keeps it. */
export type Policy = ActionPolicy & { readonly demand: Demand }

/** What a challenge says, in the words of an authentication request (OpenID Connect Core §3.1.2.1). */
export interface Demand {
  readonly prompt: 'login' | undefined
  readonly max_age: number
  readonly acr_values: string | undefined
  /** The same as `WWW-Authenticate` headers. @see RFC 9470 §3 */
  readonly headers: Readonly<Record<StepUpDemand['scheme'], string>>
}

const fields = ['maxAge', 'reauthenticate', 'acrValues', 'amr', 'localIdp', 'context', 'grant']

/** @throws {ConfigurationError} naming the action and what is wrong; a misspelt field would weaken it silently */
export function readPolicy(action: string, policy: ActionPolicy): Policy {
  const need = (condition: boolean, problem: string): void => {
    if (!condition) throw new ConfigurationError(`Action "${action}": ${problem}`)
  }
  need(isRecord(policy), 'its policy is no object')
  const { maxAge, reauthenticate, acrValues, amr, localIdp, context, grant } = policy
  const unknown = Object.keys(policy).find(field => !fields.includes(field))
  need(unknown === undefined, `unknown field "${unknown}"`)
  need(
    reauthenticate === undefined || typeof reauthenticate === 'boolean',
    'reauthenticate must be a boolean',
  )
  need(reauthenticate === true || maxAge !== undefined, 'either maxAge or reauthenticate: true is needed')
  need(maxAge === undefined || isSeconds(maxAge, 0), 'maxAge must be whole seconds, 0 or more')
  need(isOptionalWords(acrValues), 'acrValues must be a list of names without spaces, not empty')
  need(isOptionalWords(amr), 'amr must be a list of names without spaces, not empty')
  need(localIdp === undefined || typeof localIdp === 'function', 'localIdp must be a function')
  need([undefined, 'required', 'optional'].includes(context), 'context must be "required" or "optional"')
  need(grant === undefined || isRecord(grant), 'grant must be an object')
  const { ttl, uses, ...others } = grant ?? {}
  need(ttl === undefined || isSeconds(ttl, 1), 'grant.ttl must be whole seconds, 1 or more')
  need((uses ?? 1) === 1, 'grant.uses can only be 1')
  need(Object.keys(others).length === 0, 'grant has an unknown field')
  return { ...policy, demand: demandOf(policy) }
}

function demandOf({ reauthenticate, maxAge = 0, acrValues }: ActionPolicy): Demand {
  const header = (scheme: StepUpDemand['scheme']): string => formatStepUpDemand({ scheme, maxAge, acrValues })
  return {
    prompt: reauthenticate ? 'login' : undefined,
    max_age: maxAge,
    acr_values: acrValues?.join(' '),
    headers: { Bearer: header('Bearer'), DPoP: header('DPoP') },
  }
}

export function isSeconds(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least
}

export function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}

export function isOptionalWords(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.length > 0 && list.every(isWord))
}

/** @throws {Refusal} 400 `unknown_action` */
export function policyOf(policies: ReadonlyMap<string, Policy>, action: string): Policy {
  const policy = policies.get(action)
  if (!policy) throw failed('unknown_action')
  return policy
}

export function grantTtl(policy: ActionPolicy): number {
  return policy.grant?.ttl ?? 60
}

/**
 * Judges verified claims by today's policy. Under `reauthenticate` the login must answer the challenge: not
 * older than it, and newer than the login the person had then. That it serves one challenge only is the
 * store's to say.
 *
 * @returns null when the policy is met, else why not
 */
export function judge(
  policy: ActionPolicy,
  claims: Readonly<Record<string, unknown>>,
  challenge: { readonly iat: number; readonly auth_time?: number | undefined },
  now: number,
  clockSkew: number,
): RefusalCode | null {
  const { maxAge, acrValues, amr, reauthenticate } = policy
  const [since, baseline] = reauthenticate ? [challenge.iat, challenge.auth_time] : []
  const failure = evaluateFreshness(claims, { maxAge, since, baseline, acrValues, amr }, now, clockSkew)
  if (failure !== null) return failure
  return policy.localIdp === undefined || policy.localIdp(claims) === true ? null : 'federated'
}
