import type { AuthorizationParams } from './authorization-params.ts'

type Claims = Readonly<Record<string, unknown>>

/**
 * What one kind of OpenID Provider can do, and how. A profile is data. What it leaves out is read from the OP's
 * discovery document; what that leaves out too is assumed to follow the specification. Client and guards take the same
 * profile, so that each habit is said once.
 */
export interface ProviderProfile {
  /** The provider's name in error messages. */
  readonly name: string
  /** Why no browser app can sign people in here, in words that follow the name. No client is made with such a profile. */
  readonly refusal?: string
  /** Why no step-up can be had here, in words that follow the name. `stepUp` throws it before anything leaves the page. */
  readonly noStepUp?: string

  /** Where the discovery document is, if not at the issuer. */
  readonly metadataUrl?: string
  /**
   * The issuers that ID Tokens may name, where the discovery document names a template instead of one. Each is compared
   * exactly. Default: the configured issuer only.
   */
  readonly issuers?: readonly string[]

  /** The scopes to ask for when the app names none. Default: `profile email`; `openid` is always added. */
  readonly scope?: string
  /** What else goes into authorization requests. The app's own `authorizationParams` come after these. */
  readonly authorizationParams?: AuthorizationParams
  /**
   * The parameter that names the API for which an access token is. `none`: the API is in the scope's names. Default:
   * `resource` (RFC 8707).
   */
  readonly resourceParam?: 'resource' | 'audience' | 'none'
  /** Whether `prompt=none` may be sent in a hidden frame. Default: true. */
  readonly iframe?: boolean
  /**
   * The `prompt` values that the OP takes besides those in its discovery document. Where either lists any, no other is
   * sent; `none` is never sent then unless it is among them.
   */
  readonly promptValues?: readonly string[]
  /** How to ask for a new account. Default: `prompt=create` if the discovery document lists it. */
  readonly signUp?: SignUpRequest
  /**
   * How another person can sign in: by a `prompt`, or by ending the OP's session first (`sign_out`), where the OP lets
   * only the person of its session sign in again. A prompt tells the person so before the page leaves. Default:
   * `select_account` if the OP or `promptValues` lists it, else `login`.
   */
  readonly accountSelection?: 'select_account' | 'login' | 'sign_out'
  /** How the OP's sign-out page is asked. Default: as OpenID Connect RP-Initiated Logout 1.0 §2 says. */
  readonly signOut?: SignOutRequest

  /**
   * Which `max_age` the OP honours: `any`, `positive` (0 makes some OPs loop, and others ignore or refuse it), or `none`,
   * so that a step-up that has to ask the person does so with `prompt=login`, and leaves the judgement to the backend.
   * Default: `positive`.
   */
  readonly maxAge?: 'any' | 'positive' | 'none'
  /**
   * When ID Tokens carry `auth_time`. `always`: without being asked. `requested` (the default): when the request has
   * `max_age` or asks for the claim. `login`: only when the request makes the person sign in, so every step-up sends
   * `prompt=login`. `person`: it is the person's last sign-in anywhere, so it does not show that the person of *this*
   * browser was asked, and a guard refuses `reauthenticate`. `unknown`: there is no documentation of it. Every request
   * asks for it as a claim where discovery lists the claims parameter. Elsewhere, with `requested` and `login`, one that
   * names no age asks for it by a `max_age` of a year.
   */
  readonly authTime?: 'always' | 'requested' | 'login' | 'person' | 'unknown'
  /**
   * Seconds by which the OP dates `iat` and `nbf` back. They are added to `iat` in every rule about time, so the OP must
   * do it always: a token that is not dated back counts as one from the future until `iatLag` less the clock skew has
   * passed, and is refused. No old login passes by that. Where yours does not date back, give its profile with
   * `iatLag: 0`. Default: 0.
   */
  readonly iatLag?: number
  /**
   * How to ask for an `acr`, and where it is reported. `voluntary` (the default): by `acr_values` alone; `essential`: also
   * as an essential claim, so that the OP refuses when it cannot meet it (OpenID Connect Core 1.0 §5.5.1.1); `acrs`: by
   * an essential claim `acrs`, without `acr_values`, and reported in the list of that name (Microsoft's authentication
   * contexts); `none`: the OP reports none, so a request that wants one fails. The two claims are sent whether discovery
   * lists the claims parameter or not.
   */
  readonly acrClaim?: 'voluntary' | 'essential' | 'acrs' | 'none'
  /**
   * Whether `login_hint` makes the OP skip re-authentication, so that a step-up does not send it. Default: false. It
   * does not take a hint out of `authorizationParams`: where one such as `idp_hint` has the same effect, make those a
   * function, which leaves it out for the kind `step_up`.
   */
  readonly dropHintsOnStepUp?: boolean
  /** The `prompt` that makes the person sign in again at a step-up. Default: `login`. */
  readonly stepUpPrompt?: string

  /** Whether names and pictures are at the userinfo endpoint only, so that they are read there. Default: false. */
  readonly userInfo?: boolean
  /**
   * Audiences besides the client that an ID Token may name: a list, or a rule, which is asked only where `aud` has the
   * client too and `azp` is the client. Default: none.
   */
  readonly trustedAudiences?: TrustedAudiences
  /**
   * For the backend: whether verified claims say that the person signed in at this OP itself. Where another identity
   * provider vouches for the person, a new `auth_time` does not mean that the person was asked. A policy asks for it with
   * `localIdp: true`. Default: no claim tells.
   */
  readonly localIdp?: (claims: Claims) => boolean
  /**
   * For the backend: the person's name in the claims of an ID Token or an access token, where the two have different
   * `sub`. It must be text that never changes and is never given to another person. Default: `sub`.
   */
  readonly subjectOf?: (claims: Claims, token: 'id_token' | 'access_token') => unknown
  /** For APIs: the claim that names whom an access token is for. Default: `aud`. */
  readonly audienceClaim?: 'aud' | 'client_id'
  /** For APIs: the issuers that access tokens may name. Default: `issuers`, or the configured issuer only. */
  readonly accessTokenIssuers?: readonly string[]
  /**
   * For APIs: what tells a JWT access token from the OP's other JWTs, where its header does not have the type `at+jwt`
   * (RFC 9068 §2.1). Default: the type, so that other tokens are refused.
   */
  readonly isAccessToken?: (claims: Claims, header: Claims) => boolean
}

/**
 * The parameter that asks for a new account.
 *
 * @see Initiating User Registration via OpenID Connect 1.0 §4 (`create`); the others are vendors' own
 */
export type SignUpRequest =
  | {
      /** Sent as `prompt`. */
      readonly prompt: 'create' | 'signup' | 'registration'
    }
  | {
      /** Sent as `screen_hint`. */
      readonly screenHint: 'signup'
    }
  | {
      /** Parameters of the provider's own, by their names on the wire. */
      readonly authorizationParams: Readonly<Record<string, string>>
    }

/** How a sign-out page is asked that is not the specification's. */
export interface SignOutRequest {
  /** Where it is, if discovery does not say. */
  readonly endpoint?: string
  /**
   * The parameter that says where to come back to; with one of its own, a page gets no `id_token_hint`. Default:
   * `post_logout_redirect_uri`.
   */
  readonly returnParam?: string
  /** Whether it gives `state` back. Without it, the callback page goes by the tab's last sign-out. Default: true. */
  readonly keepsState?: boolean
}

/** A list of audiences, or a rule. The claims are those of the same ID Token. */
export type TrustedAudiences = readonly string[] | ((audience: string, claims: Claims) => boolean)

/** The profile of an OP that follows the specifications. */
export const genericProfile: ProviderProfile = { name: 'generic' }
