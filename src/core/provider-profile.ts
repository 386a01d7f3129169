/**
 * What one kind of OpenID Provider can do, and how. A profile is data. What it leaves out is read from the OP's
 * discovery document; what that leaves out too is assumed to follow the specification.
 */
export interface ProviderProfile {
  /** The provider's name in error messages. */
  readonly name: string
  /** The scopes to ask for when the app names none. Default: `profile email`; `openid` is always added. */
  readonly scope?: string
  /** Whether `prompt=none` may be sent in a hidden frame. Default: true. */
  readonly iframe?: boolean
  /**
   * The `prompt` values that the OP takes, where its discovery document does not list them. `none` is never sent unless
   * it is among them.
   */
  readonly promptValues?: readonly string[]
  /** Whether `max_age=0` is safe to send. Default: false; some OPs loop on it, ignore it or refuse it. */
  readonly maxAgeZero?: boolean
  /**
   * When ID Tokens carry `auth_time`. `requested` (the default): whenever the request has `max_age` or asks for the
   * claim; `login`: only when the request makes the person sign in, so every step-up sends `prompt=login`; `unknown`:
   * there is no documentation of it.
   */
  readonly authTime?: 'requested' | 'login' | 'unknown'
  /**
   * How to ask for an `acr`. `voluntary` (the default): by `acr_values` alone; `essential`: also as an essential claim,
   * so that the OP refuses when it cannot meet it (OpenID Connect Core §5.5.1.1); `none`: the OP reports no `acr`.
   */
  readonly acrClaim?: 'voluntary' | 'essential' | 'none'
  /** Whether `login_hint` makes the OP skip re-authentication, so that a step-up must not send it. Default: false. */
  readonly dropHintsOnStepUp?: boolean
  /** How to ask for a new account. Default: `prompt=create` if the discovery document lists it. */
  readonly signUp?: SignUpRequest
  /** The `prompt` that lets a person choose another account. Default: `select_account` if discovery lists it, else `login`. */
  readonly accountSelection?: 'select_account' | 'login'
  /**
   * For the backend's policies (`localIdp`): whether verified claims say that the person signed in at this OP itself.
   * Where another identity provider vouches for the person, a new `auth_time` does not mean that the person was asked.
   */
  readonly localIdp?: (claims: Readonly<Record<string, unknown>>) => boolean
}

/**
 * The parameter that asks for a new account.
 *
 * @see Initiating User Registration via OpenID Connect 1.0 §4 (`create`); the others are vendors' own
 */
export type SignUpRequest = { readonly prompt: 'create' | 'signup' } | { readonly screenHint: 'signup' }

/** The profile of an OP that follows the specifications. */
export const genericProfile: ProviderProfile = { name: 'generic' }
