import { isRecord } from '../../core/claims.ts'
import { formatStepUpDemand, type StepUpDemand } from '../../core/step-up-demand.ts'
import { sha256 } from '../crypto/hash.ts'
import { failed } from '../http/refusal.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isOptionalFunction, isOptionalWords, isWholeNumber, type Need, needFor } from '../setup/need.ts'

interface PolicyBase {
  /** One of these must be the `acr`; sent to the OP in this order of preference. Default: any. */
  readonly acrValues?: readonly string[]
  /** Each of these must be in `amr`. Default: none. */
  readonly amr?: readonly string[]
  /**
   * Whether the OP itself saw the person authenticate, judged from the claims (OPs that federate may report a
   * new `auth_time` although the upstream provider asked no person). Anything but `true` is refused as
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

/** Seconds. A year: more is milliseconds, or a mistake. */
const longestAge = 31_536_000
/** Seconds. What was meant an hour ago need not be meant now. */
const longestGrant = 3_600

const fields = ['maxAge', 'reauthenticate', 'acrValues', 'amr', 'localIdp', 'context', 'grant']

/** @throws {ConfigurationError} naming the action and what is wrong; a misspelt field would weaken it silently */
export function readPolicy(action: string, policy: ActionPolicy): Policy {
  const need: Need = needFor(`Action "${action}"`)
  need(isRecord(policy), 'its policy is no object')
  knownOptions(need, policy, fields)
  const { maxAge, reauthenticate, acrValues, amr, localIdp, context, grant = {} } = policy
  need([undefined, true, false].includes(reauthenticate), 'reauthenticate must be a boolean')
  need(reauthenticate === true || maxAge !== undefined, 'either maxAge or reauthenticate: true is needed')
  need(
    maxAge === undefined || isWholeNumber(maxAge, 0, longestAge),
    'maxAge must be whole seconds, 0 to a year',
  )
  need(isOptionalWords(acrValues), 'acrValues must be a list of names without spaces, not empty')
  need(isOptionalWords(amr), 'amr must be a list of names without spaces, not empty')
  need(isOptionalFunction(localIdp), 'localIdp must be a function')
  need([undefined, 'required', 'optional'].includes(context), 'context must be "required" or "optional"')
  need(isRecord(grant), 'grant must be an object')
  knownOptions(needFor(`Action "${action}": grant`), grant, ['ttl', 'uses'])
  const { ttl = 60, uses = 1 } = grant
  need(isWholeNumber(ttl, 1, longestGrant), 'grant.ttl must be whole seconds, 1 to 3,600')
  need(uses === 1, 'grant.uses can only be 1')
  // Copied, so that a list that the caller changes later weakens nothing.
  const lists = { ...(acrValues && { acrValues: [...acrValues] }), ...(amr && { amr: [...amr] }) }
  return { ...policy, ...lists, demand: demandOf(policy) }
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
 * Names what a policy asks of a login, so that a grant that met another policy is not taken. Functions count by their
 * presence only.
 */
export function policyDigest(policy: ActionPolicy): Promise<string> {
  const { maxAge, reauthenticate, acrValues, amr, context, localIdp } = policy
  return sha256(
    JSON.stringify([maxAge, reauthenticate === true, acrValues, amr, context ?? 'optional', !!localIdp]),
  )
}
