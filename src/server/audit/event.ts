import type { RefusalCode } from '../../core/errors.ts'
import type { GrantFailure, LoginFailure } from '../http/guard-error.ts'
import type { AccessTokenFault, CallFault, RequestFault } from '../http/refusal.ts'

/**
 * One decision of a guard, for logs and metrics: one event for each answer. It has no token, no code, no key and no
 * cookie.
 *
 * - `challenged`: the person has to authenticate first.
 * - `pushed`: the guard has sent the request that answers a challenge to the OP.
 * - `granted`: a login met the policy.
 * - `denied`: a proof, or the person who asks, was judged and refused.
 * - `used`: a grant was used up, and the work of `protect` has resolved. The commit comes after the event. A
 *   transaction that is tried again gives a second event, with the same `jti`.
 * - `replayed`: a proof or a grant was seen before.
 * - `refused`: the request was not judged, or its grant or access token does not hold.
 * - `unavailable`: nothing was decided. Either the store, the OP or a function of the options failed, and `onError` has
 *   the cause. Or there were too many requests, and `onError` is not told.
 */
export type AuditEvent =
  | ChallengedEvent
  | AccessChallengedEvent
  | PushedEvent
  | GrantedEvent
  | DeniedEvent
  | UsedEvent
  | ReplayedEvent
  | RefusedEvent
  | UnavailableEvent

/**
 * What a decision is about:
 *
 * - `ask`, `push`, `prove`: a request to the freshness endpoint;
 * - `endpoint`: a request to the freshness endpoint that could not be read as one of these;
 * - `use`: a sensitive call, with `protect` or `require`;
 * - `access_token`: a call with an access token;
 * - `logout`: a back-channel logout. A logout that holds is no decision of the guard, so it has no event.
 */
export type AuditStep = 'ask' | 'push' | 'prove' | 'use' | 'access_token' | 'endpoint' | 'logout'

interface Decision {
  readonly event: string
  readonly step: AuditStep
  /** When it was decided, in epoch milliseconds by the guard's clock. */
  readonly at: number
  /** How long it took, in milliseconds with their fraction. It includes the work of `protect`. */
  readonly duration: number
  /** One of the guard's `actions`. Undefined if it is not known yet, or if there is none. */
  readonly action: string | undefined
  /**
   * The person, by the name in challenges and grants. Undefined until a verified token or the backend has said who it
   * is.
   */
  readonly sub: string | undefined
  /**
   * The `jti` of the challenge. For `granted`, `used` and the grant of a call, it is the `jti` of the grant. It is
   * never that of an access token.
   */
  readonly jti: string | undefined
  /** The guard's `clientId`, or the client that a verified access token names. */
  readonly client: string | undefined
  /** Why the decision was not in the caller's favour. */
  readonly reason?: string | undefined
  /** Which claim or option does not fit. It may quote a claim, as far as it can be shown. */
  readonly detail?: string | undefined
}

interface AboutToken extends Decision {
  readonly action: string
  readonly sub: string
  readonly jti: string
  readonly detail?: undefined
}

interface ChallengedEvent extends AboutToken {
  readonly event: 'challenged'
  readonly step: 'ask' | 'use'
  /** Set for a sensitive call. */
  readonly reason?: 'grant_missing'
}

interface AccessChallengedEvent extends Decision {
  readonly event: 'challenged'
  readonly step: 'access_token'
  readonly reason: LoginFailure
  readonly detail?: undefined
}

interface PushedEvent extends AboutToken {
  readonly event: 'pushed'
  readonly step: 'push'
  readonly reason?: undefined
}

interface GrantedEvent extends AboutToken {
  readonly event: 'granted'
  readonly step: 'ask' | 'prove'
  readonly reason?: undefined
}

interface DeniedEvent extends Decision {
  readonly event: 'denied'
  readonly reason: Exclude<RefusalCode, 'already_used'>
}

interface UsedEvent extends AboutToken {
  readonly event: 'used'
  readonly step: 'use'
  readonly reason?: undefined
}

interface ReplayedEvent extends Decision {
  readonly event: 'replayed'
  readonly reason: 'already_used'
}

interface RefusedEvent extends Decision {
  readonly event: 'refused'
  readonly reason: Exclude<
    GrantFailure | RequestFault | CallFault | AccessTokenFault,
    'grant_missing' | 'already_used' | 'temporarily_unavailable' | 'insufficient_user_authentication'
  >
}

interface UnavailableEvent extends Decision {
  readonly event: 'unavailable'
  readonly reason: 'temporarily_unavailable'
}
