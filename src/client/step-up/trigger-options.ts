/** Calls `fire` whenever it is time to ask; returns how to stop. */
export type Trigger = (fire: () => void) => () => void

/**
 * When to ask the backend about an action: whether the person must sign in again is the backend's to say, by that
 * action's policy. What a browser knows of its network, device or place can be made up, so nothing is safe because no
 * trigger fired.
 */
export interface Triggers {
  /** What the backend is asked about. Default: `session.confirm`. */
  readonly action?: string | undefined
  /** Seconds since the login (`auth_time`, else the ID Token's `iat`). */
  readonly idTokenAge?: number | undefined
  /** Seconds without a pointer, key or wheel, once the person is back. */
  readonly idle?: number | undefined
  /** Another kind of connection, or being online again. */
  readonly networkChange?: boolean | undefined
  /** Another browser or screen than this browser's storage remembers. */
  readonly deviceChange?: boolean | undefined
  /** Another time zone than this browser's storage remembers. */
  readonly locationChange?: boolean | undefined
  /** The app's own, by name. The prompt's `reason` is the name. */
  readonly own?: Readonly<Record<string, Trigger>> | undefined
}
