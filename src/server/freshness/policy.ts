import { isRecord } from '../../core/claims.ts'
import type { ProviderProfile } from '../../core/provider-profile.ts'
import { problem } from '../http/problem.ts'
import { failed } from '../http/refusal.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isOptionalFunction, isOptionalWords, isWholeNumber, type Need, needFor } from '../setup/need.ts'
import { checkedRule, createRuleReport, type RuleReporting } from '../setup/rule.ts'
import { type Approval, type ApprovalRules, readApproval } from './approval.ts'
import { type ChallengeTerms, termsOf } from './challenge-terms.ts'
import { checkAgainstProfile } from './check-against-profile.ts'

interface PolicyBase extends ApprovalRules {
  /**
   * One of these must be the `acr`, or with a provider that reports them there in the list `acrs` (Entra); sent to the OP
   * in this order of preference. Default: any.
   */
  readonly acrValues?: readonly string[]
  /** Each of these must be in `amr`. Default: none. */
  readonly amr?: readonly string[]
  /**
   * Says from the claims whether the OP itself saw the person authenticate. An OP that federates may report a new
   * `auth_time` although the upstream provider did not ask the person. `true` stands for the rule of the guard's
   * `provider`. Anything but `true` from a rule is refused as `federated`. Default: not checked.
   */
  readonly localIdp?: true | ((claims: Readonly<Record<string, unknown>>) => boolean)
  /** `required`: the action is always about something in particular, such as one payment. Default: `optional`. */
  readonly context?: 'required' | 'optional'
  /** What the grant is good for. */
  readonly grant?: {
    /** Seconds that it can be used for: 1 to 3,600. Default: 60. */
    readonly ttl?: number
    /** How many calls it is good for, which cannot be more than one. */
    readonly uses?: 1
  }
}

/**
 * The person must have authenticated within the last `maxAge` seconds, for whatever purpose. Where the provider's
 * `authTime` is `person`, a login in another browser counts too, so this does *not* show that the person of this browser
 * authenticated.
 */
export interface MaxAgePolicy extends PolicyBase {
  /** Seconds. `0` still admits a login of `clockSkew` seconds ago. To demand a login now, use `reauthenticate`. */
  readonly maxAge: number
  /** A login from before the request is enough. With `true` it is a `ReauthenticatePolicy`. */
  readonly reauthenticate?: false
}

/**
 * The person must authenticate after this very request was made, and one login serves only one such request. It is a
 * `ConfigurationError` where the provider's `authTime` is `person`: a login in another browser would pass.
 */
export interface ReauthenticatePolicy extends PolicyBase {
  /** No login from before the request is enough. */
  readonly reauthenticate: true
  /** How many seconds old the login may be when its proof arrives. Default: as long as the challenge lives. */
  readonly maxAge?: number
}

/** How fresh and how strong a login an action needs. */
export type ActionPolicy = MaxAgePolicy | ReauthenticatePolicy

/** The policies of a guard, by the names of their actions. */
export type ActionPolicies = Readonly<Record<string, ActionPolicy>>

/** Has `never` for each field that no policy has, so that a misspelt one is a type error. */
export type KnownFields<Policies extends ActionPolicies> = {
  readonly [Action in keyof Policies]: {
    readonly [Field in Exclude<
      keyof Policies[Action],
      keyof MaxAgePolicy | keyof ReauthenticatePolicy
    >]: never
  }
}

/** The names of the actions. */
export type ActionOf<Policies extends ActionPolicies> = keyof Policies & string

/** A policy as the guard keeps it, with the terms that follow from it. */
export type Policy = ActionPolicy & {
  readonly terms: ChallengeTerms
  /** Where a login reports the `acr`. */
  readonly acrClaim: ProviderProfile['acrClaim']
  readonly localIdp?: ProviderProfile['localIdp']
  readonly approval: Approval
}

/** Seconds: a year. A larger number is meant in milliseconds, or is a mistake. */
const longestAge = 31_536_000
/** Seconds. After an hour, the person may no longer want what they confirmed. */
const longestGrant = 3_600

const fields = [
  ...['maxAge', 'reauthenticate', 'acrValues', 'amr', 'localIdp', 'context', 'grant'],
  ...['display', 'authorizationDetails'],
]

/** What a policy depends on besides itself. */
export interface PolicySetup extends RuleReporting {
  readonly profile: ProviderProfile
  /** How the guard's `stepUpClient` pushes; undefined where there is none. */
  readonly stepUp: 'required' | 'preferred' | undefined
}

/**
 * Checks a policy and prepares it for an OP of this profile. Unknown fields are refused, because a misspelt one would
 * weaken the policy silently.
 *
 * @throws {ConfigurationError} naming the action and what is wrong
 */
export function readPolicy(
  action: string,
  policy: ActionPolicy,
  { profile, ...reporting }: PolicySetup,
): Policy {
  const need: Need = needFor(`Action "${action}"`)
  need(isRecord(policy), 'its policy must be an object')
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
  need(localIdp === true || isOptionalFunction(localIdp), 'localIdp must be true or a function')
  checkAgainstProfile(policy, profile, need)
  need([undefined, 'required', 'optional'].includes(context), 'context must be "required" or "optional"')
  const approval = readApproval(action, policy, reporting, need)
  need(isRecord(grant), 'grant must be an object')
  knownOptions(needFor(`Action "${action}": grant`), grant, ['ttl', 'uses'])
  const { ttl = 60, uses = 1 } = grant
  need(isWholeNumber(ttl, 1, longestGrant), 'grant.ttl must be whole seconds, 1 to 3,600')
  need(uses === 1, 'grant.uses can only be 1')
  // Copied, so that a list that the caller changes later weakens nothing.
  const lists = { ...(acrValues && { acrValues: [...acrValues] }), ...(amr && { amr: [...amr] }) }
  const { acrClaim } = profile
  const given = localIdp === true ? profile.localIdp : localIdp
  const rule = given && checkedRule(given, createRuleReport(`localIdp of "${action}"`, reporting))
  const { localIdp: _, ...others } = policy
  return { ...others, ...lists, ...(rule && { localIdp: rule }), acrClaim, terms: termsOf(policy), approval }
}

/** The policy of an action. @throws {Refusal} 400 `unknown_action` */
export function policyOf(policies: ReadonlyMap<string, Policy>, action: string): Policy {
  const policy = policies.get(action)
  if (!policy)
    throw failed('unknown_action', {
      problem: problem('the action', 'is not in `actions` of the guard', action),
    })
  return policy
}

/** For how many seconds a grant under this policy can be used. */
export function grantTtl(policy: ActionPolicy): number {
  return policy.grant?.ttl ?? 60
}
