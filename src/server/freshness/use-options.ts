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
   * The person who makes the call, by the name in the claims of their ID Token: what the guard's `subjectOf` gives,
   * else `sub`. Take it from the backend's own authentication of the request. If you use an access token guard with the
   * same `provider` and `subjectOf`, take its `subject`.
   */
  readonly subject: string
  /**
   * The person's `auth_time` in epoch seconds, from a token that the backend has verified. If the guard answers with a
   * challenge under `reauthenticate`, the login that answers it must be later than this. Default: not known.
   */
  readonly authTime?: number | undefined
  /** Cannot be set. It makes it a type error to spread a `FreshnessHint` into a decision. */
  readonly hint?: never
}

interface AnyContext {
  /**
   * What the call is about, e.g. the payment with its amount and recipient, as plain JSON. The person has agreed to
   * what they saw: do exactly this, and refuse the call if your records differ. Default: no context.
   */
  readonly context?: unknown
}

interface RequiredContext {
  /**
   * What the call is about, e.g. the payment with its amount and recipient, as plain JSON. The person has agreed to
   * what they saw: do exactly this, and refuse the call if your records differ.
   */
  readonly context: NonNullable<unknown> | null
}

/** What `require` and `protect` both take. */
export type UseOptions<Policy extends ActionPolicy = ActionPolicy> = Caller &
  ([Extract<Policy, { readonly context: 'required' }>] extends [never] ? AnyContext : RequiredContext)

/**
 * What the sensitive call is about, as the backend itself knows it. The types demand a `context` if the policy of the
 * action does, and, if the action is one of several, if one of their policies does. If the type of the policy does not
 * say, the call checks it.
 */
export type RequireOptions<Policy extends ActionPolicy = ActionPolicy> = UseOptions<Policy> & {
  /** Cannot be set: `require` would not use it. Inside a transaction call `protect`. */
  readonly transaction?: never
}

/** The options of `require`, and the transaction that the operation runs in. */
export type ProtectOptions<
  Policy extends ActionPolicy = ActionPolicy,
  Transaction = unknown,
> = UseOptions<Policy> & {
  /**
   * Your open transaction, as the store's database client has it. It is *not* checked that it is open. Its type is
   * `never` if the type of the guard does not say that the store has transactions, e.g. after `GuardOptions` without
   * type arguments.
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
