/**
 * What one kind of OpenID Provider can do, and how. A profile is data; what it leaves out is read from the OP's
 * discovery document, and what that leaves out too is assumed to follow the specification.
 */
export interface ProviderProfile {
  /** Names the provider in error messages. */
  readonly name: string
  /** The scopes to ask for when the app names none. Default: `profile email`; `openid` is always added. */
  readonly scope?: string
  /** Whether `prompt=none` may be sent in a hidden frame. Default: true. */
  readonly iframe?: boolean
  /** The `prompt` values it takes, where its discovery document does not list them. Without `none`, it is never sent. */
  readonly promptValues?: readonly string[]
  /** Whether `max_age=0` is safe to send. Default: false; some OPs loop on it, ignore it or refuse it. */
  readonly maxAgeZero?: boolean
  /**
   * When ID Tokens carry `auth_time`. `login`: only when the request makes the person sign in, so that every step-up
   * asks with `prompt=login`; `unknown`: nobody says. Default: `requested`, whenever `max_age` or the claim is asked for.
   */
  readonly authTime?: 'requested' | 'login' | 'unknown'
  /**
   * How an `acr` is asked for. `essential`: also as an essential claim, so that the OP refuses rather than gives less
   * (OpenID Connect Core §5.5.1.1); `none`: it has none. Default: `voluntary`, by `acr_values` alone.
   */
  readonly acrClaim?: 'voluntary' | 'essential' | 'none'
  /** Whether `login_hint` makes it skip re-authentication, so that a step-up must not send it. Default: false. */
  readonly dropHintsOnStepUp?: boolean
  /** How it is told that a new account is wanted. Default: `prompt=create` if its discovery document lists it. */
  readonly signUp?: SignUpRequest
  /** The `prompt` that lets a person choose another account. Default: `select_account` if discovery lists it, else `login`. */
  readonly accountSelection?: 'select_account' | 'login'
  /**
   * For the backend's policies (`localIdp`): whether verified claims say that the person signed in at this OP itself.
   * Where somebody else vouches for the person, a new `auth_time` need not mean that anybody was asked anything.
   */
  readonly localIdp?: (claims: Readonly<Record<string, unknown>>) => boolean
}

/** @see Initiating User Registration via OpenID Connect 1.0 §4 (`create`); the others are vendors' own */
export type SignUpRequest = { readonly prompt: 'create' | 'signup' } | { readonly screenHint: 'signup' }

/** An OP that follows the specifications. */
export const genericProfile: ProviderProfile = { name: 'generic' }
