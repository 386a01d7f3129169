import { ConfigurationError } from '../../core/errors.ts'
import { grantHeader } from '../../core/wire.ts'
import { contextHash, isSameText } from '../crypto/hash.ts'
import { type GrantFailure, GuardError } from '../http/guard-error.ts'
import { withCors } from '../http/origin.ts'
import { failed } from '../http/refusal.ts'
import { readBinding } from './binding.ts'
import { challengeAnswer, type Wish } from './issue.ts'
import type { GuardSetup } from './options.ts'
import { type GrantClaims, grantType } from './own-tokens.ts'
import type { ActionPolicy } from './policy.ts'

/** What the sensitive call is about, from what the backend itself knows. */
export interface RequireOptions {
  /** The `sub` of the person the call is made for, by the backend's own authentication of this request. */
  readonly subject: string
  /** What the call will do, e.g. the payment as read from the request or the database; plain JSON. */
  readonly context?: unknown
  /** The person's `auth_time` (epoch seconds), verified; the baseline of a challenge. */
  readonly authTime?: number | undefined
  /** A `FreshnessHint` is for people to look at: it cannot be spread into a decision. */
  readonly hint?: never
}

/** For the ledger: who did what, and how and when that person had authenticated for it. */
export interface StepUpRecord {
  readonly subject: string
  readonly action: string
  /** Epoch seconds. */
  readonly authTime: number
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
 * @throws {Refusal} 400 for a context that is missing or has no canonical JSON
 * @throws {ConfigurationError}
 */
export async function use(
  guard: GuardSetup,
  request: Request,
  action: string,
  options: RequireOptions,
  now: number,
): Promise<StepUpRecord> {
  const { subject, authTime } = options
  const policy = guard.policies.get(action)
  if (!policy) throw new ConfigurationError(`Action "${action}" is not configured`)
  if (typeof subject !== 'string' || subject === '') throw new ConfigurationError('subject is missing')
  if (authTime !== undefined && !Number.isSafeInteger(authTime)) {
    throw new ConfigurationError('authTime must be whole epoch seconds')
  }
  const wish = { sub: subject, action, context_hash: await hashContext(policy, options.context) }
  await (await guard.readProof(request, now))?.spend()
  const grant = await consumeGrant(guard, request, wish, now)
  if (typeof grant === 'string') {
    const answer = await challengeAnswer(guard, request, wish, policy, authTime, now)
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

async function hashContext(policy: ActionPolicy, context: unknown): Promise<string | undefined> {
  if (context === undefined && policy.context !== 'required') return undefined
  try {
    // An undefined context is no JSON, so it is refused here as well.
    return await contextHash(context)
  } catch (cause) {
    throw failed('invalid_request', { cause })
  }
}

async function consumeGrant(
  guard: GuardSetup,
  request: Request,
  wish: Wish,
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
  if (!isSameText(await readBinding(guard, request, now), grant.binding)) return 'binding_mismatch'
  // Last, so that a grant presented for the wrong thing can still be used for the right one.
  const isFirst = await guard.store.consume(`grant ${grant.jti}`, grant.exp - now + guard.clockSkew)
  return isFirst ? grant : 'already_used'
}
