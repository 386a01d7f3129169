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
   * The login must have one of these authentication context classes: as its `acr`, or, if the provider reports a list
   * (Entra), in `acrs`. They are sent to the OP in this order of preference. Default: any.
   */
  readonly acrValues?: readonly string[]
  /** The login must have used all of these methods: each must be in `amr`. Default: none. */
  readonly amr?: readonly string[]
  /**
   * Whether the OP itself must have seen the person authenticate. An OP that federates may report a new `auth_time`
   * although the provider behind it did not ask the person. Give a rule that returns `true` for the claims of a login
   * that the OP saw itself. Or give `true` to use the rule of the guard's `provider`. A login is refused as `federated`
   * if the rule gives anything but `true`, or throws. Default: not checked.
   */
  readonly localIdp?: true | ((claims: Readonly<Record<string, unknown>>) => boolean)
  /**
   * Whether the action is always about something in particular, such as one payment. If `required`, each Ask and each
   * call must have a context. Default: `optional`.
   */
  readonly context?: 'required' | 'optional'
  /** What the grant is good for. Default: one call, within 60 seconds. */
  readonly grant?: {
    /** For how many seconds the grant can be used, 1 to 3,600. Default: 60. */
    readonly ttl?: number
    /** How many calls the grant is good for. It can only be 1. Default: 1. */
    readonly uses?: 1
  }
}

/**
 * The person must have authenticated within the last `maxAge` seconds, for any purpose. It does not matter in which
 * browser if the provider's `authTime` is `person`: a login in another browser then counts too, so this does *not* show
 * that the person in this browser authenticated.
 */
export interface MaxAgePolicy extends PolicyBase {
  /**
   * How many seconds old the login may be, 0 to a year (31,536,000). With `0`, a login of `clockSkew` seconds ago still
   * counts. Use `reauthenticate` to demand a new login.
   */
  readonly maxAge: number
  /**
   * Whether the login must be a new one. Here it need not be: a login from before the request counts. With `true` this
   * is a `ReauthenticatePolicy`. Default: false.
   */
  readonly reauthenticate?: false
}

/**
 * The person must authenticate after this very request was made. One login serves only one such request.
 * `createFreshnessGuard` throws a `ConfigurationError` for this policy if the provider's `authTime` is `person`,
 * because a login in another browser would then count.
 */
export interface ReauthenticatePolicy extends PolicyBase {
  /** Demands a new login: no login from before the request counts. */
  readonly reauthenticate: true
  /**
   * How many seconds old the login may be when its proof arrives, 0 to a year (31,536,000). Default: the login may be
   * as old as the challenge.
   */
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
