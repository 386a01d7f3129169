import type { TrustedAudiences } from '../../core/provider-profile.ts'
import type { SharedOptions } from '../setup/shared-options.ts'
import type { StepUpClientOptions } from '../step-up-client/options.ts'
import type { StoreOption } from '../stores/store.ts'
import type { BindingOptions } from './cookie-binding.ts'
import type { ActionPolicies, KnownFields } from './policy.ts'

/** The person who asks, as the backend's own session knows them. `authenticate` of a guard returns it. */
export interface AuthenticatedPerson {
  /**
   * The person's name in the claims of their ID Token: what the guard's `subjectOf` gives, else `sub`. If you use an
   * access token guard with the same `provider` and `subjectOf`, take its `subject`.
   */
  readonly subject: string
  /**
   * When the person authenticated, in epoch seconds: the `auth_time` of an ID Token that the backend itself has
   * verified. Leave it out if there is no such token. Default: not known.
   */
  readonly authTime?: number | undefined
}

/** The longest life of a challenge that any guard allows, in seconds. */
export const longestChallenge: number = 3_600

/** How a freshness guard is set up. All times are in seconds. */
export interface GuardOptions<
  Policies extends ActionPolicies = ActionPolicies,
  Store extends StoreOption = StoreOption,
> extends SharedOptions {
  /**
   * As in `SharedOptions`. `protect` needs a store that has transactions: `sqlStore` of `afresh/server/sql`, or your
   * own.
   */
  readonly store: Store
  /** The client id of the app at the OP. ID Tokens must name it in `aud`. */
  readonly clientId: string
  /** A name for this API, e.g. its URL. Challenges and grants of this guard are good for this API only. */
  readonly audience: string
  /**
   * Secrets for challenges, grants and cookies. Each is 32 random bytes, or their base64url text. The first one signs,
   * and all of them verify. Processes of one API restart one after the other, so rotate in three steps, and finish each
   * step everywhere before the next: `[old, new]`; then `[new, old]`; and, when the longest challenge and grant have
   * run out, `[new]`.
   */
  readonly keys: readonly (Uint8Array | string)[]
  /** The actions that a person can ask for. Each has a policy, which says how fresh and how strong a login it needs. */
  readonly actions: Policies & KnownFields<Policies>
  /**
   * How many requests the guard works on at once. A request counts from the moment when its body has arrived. Further
   * requests are answered with a 503. Default: 1,000.
   */
  readonly maxConcurrent?: number | undefined
  /**
   * How many bodies may be arriving at once. If there are more, those that have taken longest are answered with a 503.
   * Default: 1,000.
   */
  readonly maxUnfinished?: number | undefined
  /**
   * Says who asks, from the backend's own session instead of the ID Token that the browser sends. If it throws a
   * `GuardError`, e.g. that of an access token guard, this is the answer; any other error is answered with a 503.
   * Default: the ID Token says who asks.
   *
   * With this option the guard knows nothing of the login but its time. So under a policy with `localIdp`, `acrValues`
   * or `amr`, each Ask is answered with a challenge.
   *
   * @param request the Ask. Its body has been read already
   * @returns the person who asks. Null if no person is signed in: the Ask is then denied
   */
  readonly authenticate?: (
    request: Request,
  ) => AuthenticatedPerson | null | Promise<AuthenticatedPerson | null>
  /**
   * The audiences besides `clientId` that an ID Token may have in `aud`: a list, or a rule that is asked about each of
   * them. The guard asks only if `aud` has `clientId` too and `azp` is `clientId`. A rule that throws, or returns
   * anything but `true`, does not trust the audience. Give the client the same option. Default: what the `provider`
   * says, else none.
   */
  readonly trustedAudiences?: TrustedAudiences | undefined
  /** How many seconds a person has to answer a challenge, 1 to 3,600. Default: 600. */
  readonly challengeTtl?: number | undefined
  /**
   * How to set the cookie that binds challenges and grants to a browser. It cannot be combined with `dpop`. Default:
   * the defaults of `BindingOptions`.
   */
  readonly cookie?: BindingOptions | undefined
  /**
   * Whether to bind challenges and grants to the key of the browser's DPoP proofs (RFC 9449) instead of a cookie. With
   * it the guard needs `publicUrl`, or an `audience` that is a URL. Default: false.
   */
  readonly dpop?: boolean | undefined
  /**
   * How many seconds the OP's clock is known to be behind ours, 0 to `clockSkew`. The guard counts every login as that
   * much later. So a login from up to that many seconds *before* the challenge passes as a new one. It is better to set
   * the clocks right. Default: 0.
   */
  readonly opClockBehind?: number | undefined
  /**
   * The guard's own client at the OP. The guard pushes the authorization requests of step-ups to the OP by it (RFC
   * 9126), and redeems the codes that come back. So nothing in the browser can change these requests. Ask still takes
   * ID Tokens of `clientId`. Default: none; the app's client makes the requests.
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
