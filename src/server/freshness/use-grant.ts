import { ContextError } from '../../core/canonical-json.ts'
import { ConfigurationError } from '../../core/errors.ts'
import { grantHeader } from '../../core/wire.ts'
import { contextHash } from '../crypto/hash.ts'
import { isSameText } from '../crypto/mac.ts'
import { type GrantFailure, GuardError } from '../http/guard-error.ts'
import { isCrossSite, withCors } from '../http/origin.ts'
import { failed } from '../http/refusal.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isText, needFor } from '../setup/need.ts'
import { checkAuthTime } from './check-auth-time-option.ts'
import { challengeAnswer, type Wish } from './issue-answers.ts'
import { type GrantClaims, grantType } from './own-tokens.ts'
import { type ActionPolicy, type Policy, policyDigest } from './policy.ts'
import type { GuardSetup } from './setup.ts'
import { grantKey } from './store-keys.ts'

/** What the sensitive call is about, as the backend itself knows it. */
export interface RequireOptions {
  /**
   * The person who makes the call, by the name that their ID Token's claims give: `sub`, or where the guard has a
   * `subjectOf`, what that gives. The backend takes it from its own authentication of the request: with an access token
   * guard that has the same `provider` and `subjectOf`, it is that guard's `subject`.
   */
  readonly subject: string
  /** What the call will do, e.g. the payment as read from the request or the database; plain JSON. */
  readonly context?: unknown
  /** The person's `auth_time` (epoch seconds), verified; the baseline of a challenge. */
  readonly authTime?: number | undefined
  /** A `FreshnessHint` is only for showing: this makes it a type error to spread one into a decision. */
  readonly hint?: never
}

/** For the ledger: who did what, and how and when that person authenticated for it. */
export interface StepUpRecord {
  readonly subject: string
  readonly action: string
  /** Epoch seconds. */
  readonly authTime: number
  /** The one that met the policy, where the login reports several (`acrs`). */
  readonly acr: string | undefined
  readonly amr: readonly string[] | undefined
  readonly contextHash: string | undefined
  /** The `jti` of the answered challenge; undefined when the person was fresh enough without one. */
  readonly challengeId: string | undefined
}

/**
 * Use: consumes the grant that the request carries, if it is for this action, person, context and browser.
 *
 * @throws {GuardError} `step_up_required`
 * @throws {Refusal} 400 for a context without canonical JSON, or a page of another site
 * @throws {ConfigurationError} for an action that is not configured, and for options that make no sense
 */
export async function use(
  guard: GuardSetup,
  request: Request,
  action: string,
  options: RequireOptions,
  now: number,
): Promise<StepUpRecord> {
  const policy = guard.policies.get(action)
  if (!policy) throw new ConfigurationError(`Action "${action}" is not configured`)
  checkOptions(options, now + guard.clockSkew)
  const { subject, authTime, context } = options
  const wish = { sub: subject, action, context_hash: await hashContext(action, policy, context) }
  const grant = await consumeGrant(guard, request, wish, policy, now)
  if (typeof grant === 'string') {
    // Our cookie would not come back from there, so a challenge could never be answered.
    if (!guard.dpop && isCrossSite(request)) throw failed('cross_site')
    const answer = await challengeAnswer(guard, request, wish, policy, authTime)
    throw new GuardError('step_up_required', withCors(request, guard.origins, answer), { reason: grant })
  }
  return {
    subject,
    action,
    authTime: grant.auth_time,
    acr: grant.acr,
    amr: grant.amr,
    contextHash: grant.context_hash,
    challengeId: grant.challenge_jti,
  }
}

function checkOptions(options: RequireOptions | undefined, latest: number): void {
  if (!isText(options?.subject))
    throw new ConfigurationError(
      'require needs { subject }: text, the name that the ID Token’s claims give (sub, or subjectOf)',
    )
  knownOptions(needFor('require'), options, ['subject', 'context', 'authTime'])
  checkAuthTime('require: authTime', options.authTime, latest)
}

async function hashContext(
  action: string,
  policy: ActionPolicy,
  context: unknown,
): Promise<string | undefined> {
  if (context === undefined) {
    if (policy.context !== 'required') return undefined
    throw new ConfigurationError(`Action "${action}" needs a context`)
  }
  try {
    return await contextHash(context)
  } catch (cause) {
    // Only the backend can have put in a value that no JSON text can hold. Other faults may come from the request.
    if (cause instanceof ContextError && cause.reason === 'not_json') throw cause
    throw failed('invalid_request', { cause })
  }
}

async function consumeGrant(
  guard: GuardSetup,
  request: Request,
  wish: Wish,
  policy: Policy,
  now: number,
): Promise<GrantClaims | GrantFailure> {
  const token = request.headers.get(grantHeader)
  if (token === null) return 'grant_missing'
  const grant = await guard.tokens.read(grantType, token, now)
  if (grant === 'invalid') return 'grant_invalid'
  if (grant === 'expired') return 'grant_expired'
  if (grant.action !== wish.action) return 'action_mismatch'
  if (grant.sub !== wish.sub) return 'subject_mismatch'
  if (grant.context_hash !== wish.context_hash) return 'context_mismatch'
  if (!(await isSameText(grant.policy, await policyDigest(policy)))) return 'policy_changed'
  if (!(await guard.binding.matches(request, grant.binding))) return 'binding_mismatch'
  await guard.binding.confirm(request, now)
  // Last, so that a grant presented for the wrong thing can still be used for the right one.
  const isFirst = await guard.store.consume(grantKey(grant.jti), grant.exp - now + 2 * guard.clockSkew)
  return isFirst ? grant : 'already_used'
}
