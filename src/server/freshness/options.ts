import type { TrustedAudiences } from '../../core/provider-profile.ts'
import type { SharedOptions } from '../setup/shared-options.ts'
import type { StepUpClientOptions } from '../step-up-client/options.ts'
import type { StoreOption } from '../stores/store.ts'
import type { BindingOptions } from './cookie-binding.ts'
import type { ActionPolicies, KnownFields } from './policy.ts'

/** The person who asks, as the backend's own session knows them. */
export interface AuthenticatedPerson {
  /**
   * The person, by the name that their ID Token's claims give: `sub`, or where the guard has a `subjectOf`, what that
   * gives. With an access token guard that has the same `provider` and `subjectOf`, it is that guard's `subject`.
   */
  readonly subject: string
  /** The `auth_time` (epoch seconds) of an ID Token that the backend verified itself. Without one, leave it out. */
  readonly authTime?: number | undefined
}

/** The longest life of a challenge that any guard allows, in seconds. */
export const longestChallenge: number = 3_600

/** How a freshness guard is set up. Times in seconds. */
export interface GuardOptions<
  Policies extends ActionPolicies = ActionPolicies,
  Store extends StoreOption = StoreOption,
> extends SharedOptions {
  /** As in `SharedOptions`. `protect` needs a store that has transactions: one of `afresh/server/sql`. */
  readonly store: Store
  /** The SPA's client id. ID Tokens must name it in `aud`. */
  readonly clientId: string
  /** A name for this API, e.g. its URL. Its challenges and grants are good for this API only. */
  readonly audience: string
  /**
   * Secrets of 32 random bytes, or their base64url text. The first one signs, and all of them verify. Processes of one
   * API restart one after the other, so rotate in three steps, each rolled out everywhere before the next: `[old,
   * new]`, `[new, old]`, and, when the longest challenge and grant have run out, `[new]`.
   */
  readonly keys: readonly (Uint8Array | string)[]
  /** The actions that a person can ask for, and how fresh a login each one needs. */
  readonly actions: Policies & KnownFields<Policies>
  /**
   * How many requests are worked on at once. A request counts from the moment its body has arrived. Any more get 503.
   * Default: 1,000.
   */
  readonly maxConcurrent?: number | undefined
  /** How many unfinished bodies are waited for at once. When there are more, the oldest get 503. Default: 1,000. */
  readonly maxUnfinished?: number | undefined
  /**
   * Says who asks, by the backend's own session instead of by the ID Token that the browser sends. The request's body
   * has been read already. Null means that no person is signed in, so Ask is denied. A `GuardError` that it throws,
   * such as an access token guard's, becomes the answer; any other error becomes a 503. Default: the ID Token says who
   * asks.
   *
   * A policy with `localIdp`, `acrValues` or `amr` is then never met without a challenge, because the guard then knows
   * nothing of the login but its time.
   */
  readonly authenticate?: (
    request: Request,
  ) => AuthenticatedPerson | null | Promise<AuthenticatedPerson | null>
  /**
   * Audiences besides `clientId` that may stand in an ID Token's `aud`: a list, or a rule, which is asked only where
   * `aud` has `clientId` too and `azp` is `clientId`. A rule that throws, or returns anything but `true`, does not trust
   * the audience. The client has the same option. Default: what the `provider` says, else none.
   */
  readonly trustedAudiences?: TrustedAudiences | undefined
  /** How many seconds a person has to answer a challenge, at most 3,600. Default: 600. */
  readonly challengeTtl?: number | undefined
  /** How to set the cookie that binds challenges to a browser. It cannot be combined with `dpop`. */
  readonly cookie?: BindingOptions | undefined
  /**
   * Binds challenges and grants to the key of the browser's DPoP proofs instead of a cookie (RFC 9449). Needs
   * `publicUrl`, or an `audience` that is a URL. Default: false.
   */
  readonly dpop?: boolean | undefined
  /**
   * Seconds by which the OP's clock is known to be behind ours, at most `clockSkew`. Every login counts as that much
   * later, so a login made up to that many seconds *before* the challenge passes for a new one. It is better to set the
   * clocks right. Default: 0.
   */
  readonly opClockBehind?: number | undefined
  /**
   * A client of the guard's own at the OP, which pushes the authorization requests of step-ups (RFC 9126), so that nothing
   * in the browser can change them, and redeems what comes back. ID Tokens of `clientId` still say who asks. Default: none,
   * the app's client makes the requests.
   */
  readonly stepUpClient?: StepUpClientOptions | undefined
}

/** The names of the options that only a freshness guard has. */
export const guardOptionNames: readonly (keyof GuardOptions)[] = [
  'clientId',
  'audience',
  'keys',
  'actions',
  'maxConcurrent',
  'maxUnfinished',
  'authenticate',
  'trustedAudiences',
  'challengeTtl',
  'cookie',
  'dpop',
  'opClockBehind',
  'stepUpClient',
]
