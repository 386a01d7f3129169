/**
 * A trigger of the app's own. It calls `fire` whenever the backend should be asked.
 *
 * @param fire asks the backend. While an answer is awaited, or without a signed-in person, it does nothing
 * @returns a function that stops the trigger
 */
export type Trigger = (fire: () => void) => () => void

/**
 * When to ask the backend about an action. The backend's policy for that action decides whether the person must sign in
 * again. Code in the browser can make up what a trigger looks at, such as network, device or place. So a trigger that
 * has not fired proves nothing. Every trigger is off by default.
 */
export interface Triggers {
  /** The action that the backend is asked about: the name of a policy. Default: `session.confirm`. */
  readonly action?: string | undefined
  /**
   * Fires when the login is older than this many seconds (`auth_time`, else the `iat` of the ID Token). Default: off.
   */
  readonly idTokenAge?: number | undefined
  /** Fires when the person is back after this many seconds without a pointer, key or wheel. Default: off. */
  readonly idle?: number | undefined
  /** Whether to fire when the kind of connection changes, and when the browser is online again. Default: false. */
  readonly networkChange?: boolean | undefined
  /**
   * Whether to fire when the browser or the screen is another one than this browser's storage remembers. Default:
   * false.
   */
  readonly deviceChange?: boolean | undefined
  /** Whether to fire when the time zone is another one than this browser's storage remembers. Default: false. */
  readonly locationChange?: boolean | undefined
  /** Triggers of the app's own, by name. The prompt's `reason` is that name. Default: none. */
  readonly own?: Readonly<Record<string, Trigger>> | undefined
}
