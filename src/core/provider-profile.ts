/**
 * What one kind of OpenID Provider can do, and how. A profile is data; what it leaves out is read from the OP's
 * discovery document, and what that leaves out too is assumed to follow the specification.
 */
export interface ProviderProfile {
  /** Names the provider in error messages. */
  readonly name: string
  /** Whether `prompt=none` may be sent in a hidden frame. Default: true. */
  readonly iframe?: boolean
  /** The `prompt` values it takes, where its discovery document does not list them. */
  readonly promptValues?: readonly string[]
  /** Whether `max_age=0` is safe to send. Default: false; some OPs loop on it, ignore it or refuse it. */
  readonly maxAgeZero?: boolean
  /** Whether `login_hint` makes it skip re-authentication, so that a step-up must not send it. Default: false. */
  readonly dropHintsOnStepUp?: boolean
}

/** An OP that follows the specifications. */
export const genericProfile: ProviderProfile = { name: 'generic' }
