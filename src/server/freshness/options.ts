import type { SharedOptions } from '../setup/shared-options.ts'
import type { BindingOptions } from './cookie-binding.ts'
import type { ActionPolicy } from './policy.ts'

/** Who the backend's own session says is asking. */
export interface AuthenticatedPerson {
  /** The `sub` the OP knows the person by. */
  readonly subject: string
  /** The `auth_time` (epoch seconds) of an ID Token that the backend verified itself; else leave it out. */
  readonly authTime?: number | undefined
}

/** Seconds: no guard's challenges live longer. */
export const longestChallenge: number = 3_600

/** How a freshness guard is set up. Times in seconds. */
export interface GuardOptions<Action extends string = string> extends SharedOptions {
  /** The SPA's client id: ID Tokens must be made out to it. */
  readonly clientId: string
  /** A name for this API, e.g. its URL: what its challenges and grants are good for. */
  readonly audience: string
  /**
   * Secrets of 32 random bytes, or their base64url text. The first signs, all verify. Processes of one API restart one
   * after the other, so rotate in three steps, each rolled out everywhere before the next: `[old, new]`, `[new, old]`,
   * and, when the longest challenge and grant have run out, `[new]`.
   */
  readonly keys: readonly (Uint8Array | string)[]
  /** What can be asked for, and how fresh a login each needs. */
  readonly actions: Readonly<Record<Action, ActionPolicy>>
  /** How many requests are worked on at once, counted once their body is here; more get 503. Default: 1,000. */
  readonly maxConcurrent?: number
  /** How many unfinished bodies are waited for; of more, the oldest get 503. Default: 1,000. */
  readonly maxUnfinished?: number
  /**
   * Names the person who asks, by the backend's own session, instead of the ID Token that the browser sends.
   * The request's body has been read already. Null: no person, and Ask is denied. A `GuardError` that it throws, such as
   * an access token guard's, is the answer; any other error is a 503. Default: the ID Token names.
   *
   * A policy with `localIdp`, `acrValues` or `amr` is then never met without a challenge, because nothing is known of
   * the login but its time.
   */
  readonly authenticate?: (
    request: Request,
  ) => AuthenticatedPerson | null | Promise<AuthenticatedPerson | null>
  /** Audiences besides `clientId` that may stand in an ID Token's `aud`. Default: none. */
  readonly trustedAudiences?: readonly string[]
  /** Seconds a person has to answer a challenge, at most 3,600. Default: 600. */
  readonly challengeTtl?: number
  /** How the cookie is set that binds challenges to a browser; not with `dpop`. */
  readonly cookie?: BindingOptions
  /**
   * Binds challenges and grants to the key of the browser's DPoP proofs instead of a cookie (RFC 9449). Needs
   * `publicUrl`, or an `audience` that is a URL. Default: false.
   */
  readonly dpop?: boolean
  /**
   * Seconds by which the OP's clock is known to be behind ours, at most `clockSkew`. A login counts as later by as much,
   * so a login of that many seconds *before* the challenge passes for a new one. Set the clocks right instead.
   * Default: 0.
   */
  readonly opClockBehind?: number
}

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
]
