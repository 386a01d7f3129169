import { ContextError } from '../../core/canonical-json.ts'
import { ConfigurationError } from '../../core/errors.ts'
import { contextHash } from '../crypto/hash.ts'
import { failed } from '../http/refusal.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isText, needFor } from '../setup/need.ts'
import { checkAuthTime } from './check-auth-time-option.ts'
import type { ActionPolicy } from './policy.ts'

interface Caller {
  /**
   * The person who makes the call, by the name that their ID Token's claims give: `sub`, or where the guard has a
   * `subjectOf`, what that gives. The backend takes it from its own authentication of the request: with an access token
   * guard that has the same `provider` and `subjectOf`, it is that guard's `subject`.
   */
  readonly subject: string
  /** The person's `auth_time` (epoch seconds), verified; the baseline of a challenge. */
  readonly authTime?: number | undefined
  /** A `FreshnessHint` is only for showing: this makes it a type error to spread one into a decision. */
  readonly hint?: never
}

interface AnyContext {
  /**
   * What the request asks for, e.g. the payment with its amount and recipient; plain JSON. Do exactly that, and refuse the
   * call if what is on file differs: the person has agreed to what they saw.
   */
  readonly context?: unknown
}

interface RequiredContext {
  /** As in `AnyContext`. */
  readonly context: NonNullable<unknown> | null
}

/** What `require` and `protect` both take. */
export type UseOptions<Policy extends ActionPolicy = ActionPolicy> = Caller &
  ([Extract<Policy, { readonly context: 'required' }>] extends [never] ? AnyContext : RequiredContext)

/**
 * What the sensitive call is about, as the backend itself knows it. The types demand a `context` where the action's policy
 * demands it, and where the action is one of several, if one of their policies does. A policy whose type does not say is
 * checked when the call is made.
 */
export type RequireOptions<Policy extends ActionPolicy = ActionPolicy> = UseOptions<Policy> & {
  /** `require` would not use it: inside a transaction call `protect`. */
  readonly transaction?: never
}

/** What `require` takes, and the transaction that the operation runs in. */
export type ProtectOptions<
  Policy extends ActionPolicy = ActionPolicy,
  Transaction = unknown,
> = UseOptions<Policy> & {
  /**
   * The caller's open transaction, as the store's database client has it. That it is open is *not* checked. Its type is
   * `never` where the guard's type does not say that its store has transactions: `GuardOptions` without type arguments
   * forgets which store it has.
   */
  readonly transaction: Transaction
}

/**
 * Checks what a backend says of a call, and hashes its context.
 *
 * @param latest the latest `authTime` that makes sense, in epoch seconds
 * @throws {Refusal} 400 for a context without canonical JSON
 * @throws {ConfigurationError} for options that make no sense
 */
export async function readUseOptions(
  action: string,
  policy: ActionPolicy,
  options: UseOptions | undefined,
  latest: number,
): Promise<{
  readonly subject: string
  readonly authTime: number | undefined
  readonly hash: string | undefined
}> {
  if (!isText(options?.subject))
    throw new ConfigurationError(
      'require and protect need { subject }: text, the name that the ID Token’s claims give (sub, or subjectOf)',
    )
  knownOptions(needFor('require or protect'), options, ['subject', 'context', 'authTime', 'transaction'])
  const { subject, authTime, context } = options
  checkAuthTime('authTime', authTime, latest)
  return { subject, authTime, hash: await hashContext(action, policy, context) }
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
