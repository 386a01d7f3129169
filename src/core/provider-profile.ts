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
  /** What shows the form for new people. Default: `prompt=create`, where the discovery document lists it. */
  readonly signUp?: SignUpRequest
  /** What lets a person choose an account. Default: `select_account` where the discovery document lists it. */
  readonly accountSelection?: 'select_account' | 'login'
  /** Whether `max_age=0` is safe to send. Default: false; some OPs loop on it, ignore it or refuse it. */
  readonly maxAgeZero?: boolean
  /** Whether `login_hint` makes it skip re-authentication, so that a step-up must not send it. Default: false. */
  readonly dropHintsOnStepUp?: boolean
}

/** @see Initiating User Registration via OpenID Connect 1.0 §4 (`create`); the others are vendors' own */
export type SignUpRequest = { readonly prompt: 'create' | 'signup' } | { readonly screenHint: 'signup' }

/** An OP that follows the specifications. */
export const genericProfile: ProviderProfile = { name: 'generic' }
