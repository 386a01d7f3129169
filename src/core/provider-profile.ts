import type { AuthorizationParams } from './authorization-params.ts'

type Claims = Readonly<Record<string, unknown>>

/**
 * What one kind of OpenID Provider can do, and how. A profile is data. A member that a profile leaves out is read from
 * the OP's discovery document. If that says nothing either, the OP is assumed to follow the specification. The client
 * and the guards take the same profile, so that each habit is said once.
 */
export interface ProviderProfile {
  /** The provider's name in error messages. */
  readonly name: string
  /**
   * Why no browser app can sign people in at this OP, in words that follow the name. `createAuthClient` throws a
   * `ConfigurationError` with them. Default: none.
   */
  readonly refusal?: string
  /**
   * Why no step-up is possible at this OP, in words that follow the name. `stepUp` throws a `ConfigurationError` with
   * them before anything leaves the page. Default: none.
   */
  readonly noStepUp?: string

  /** Where the discovery document is, if it is not at the issuer. Default: at the issuer. */
  readonly metadataUrl?: string
  /**
   * The issuers that ID Tokens may name, if the discovery document names a template instead of one issuer. Each is
   * compared exactly. Default: the configured issuer only.
   */
  readonly issuers?: readonly string[]

  /** The scopes to ask for if the app names none. `openid` is always added. Default: `profile email`. */
  readonly scope?: string
  /**
   * More parameters for authorization requests. The app's own `authorizationParams` replace those of the same name.
   * Default: none.
   */
  readonly authorizationParams?: AuthorizationParams
  /**
   * The parameter that names the API that an access token is for. `none`: the OP knows an API by the names of its
   * scopes. Default: `resource` (RFC 8707).
   */
  readonly resourceParam?: 'resource' | 'audience' | 'none'
  /** Whether `prompt=none` may be sent in a hidden frame. Default: true. */
  readonly iframe?: boolean
  /**
   * The `prompt` values that the OP takes besides those in its discovery document. If the profile or the document lists
   * any, no other value is sent. Then `none` is sent only if it is listed too. Default: none.
   */
  readonly promptValues?: readonly string[]
  /** How to ask for a new account. Default: `prompt=create`, if the discovery document lists it. */
  readonly signUp?: SignUpRequest
  /**
   * How another person can sign in. `select_account` and `login`: by that `prompt`. `sign_out`: by ending the OP's
   * session first, for an OP that lets only the person of its session sign in again. A prompt tells the person so
   * before the page leaves. Default: `select_account` if the OP or `promptValues` lists it, else `login`.
   */
  readonly accountSelection?: 'select_account' | 'login' | 'sign_out'
  /** How to ask for the OP's sign-out page. Default: as OpenID Connect RP-Initiated Logout 1.0 §2 says. */
  readonly signOut?: SignOutRequest

  /**
   * Which values of `max_age` the OP honours. `any`: all. `positive`: all but 0, which makes some OPs loop and which
   * others ignore or refuse. `none`: no value. Then a step-up that has to ask the person does so with `prompt=login`,
   * and leaves the judgement to the backend. Default: `positive`.
   */
  readonly maxAge?: 'any' | 'positive' | 'none'
  /**
   * When ID Tokens carry `auth_time`:
   *
   * - `always`: without being asked.
   * - `requested`: if the request has `max_age` or asks for the claim.
   * - `login`: only if the request makes the person sign in, so every step-up sends `prompt=login`.
   * - `person`: it is the person's last sign-in anywhere. It does not show that the person of *this* browser was asked,
   *   so a guard refuses `reauthenticate`.
   * - `unknown`: there is no documentation of it.
   *
   * Every request asks for `auth_time` as a claim if discovery lists the claims parameter. If not, a request without an
   * age sends a `max_age` of a year with `requested` and `login`. Default: `requested`.
   */
  readonly authTime?: 'always' | 'requested' | 'login' | 'person' | 'unknown'
  /**
   * Seconds by which the OP dates `iat` and `nbf` back. They are added to `iat` in every rule about time, so the OP
   * must always date back. A token that is not dated back is refused as one from the future, until `iatLag` less the
   * clock skew has passed. No old login gets through by that. If your OP does not date back, give its profile with
   * `iatLag: 0`. Default: 0.
   */
  readonly iatLag?: number
  /**
   * How to ask for an `acr`, and where the OP reports it:
   *
   * - `voluntary`: by `acr_values` alone.
   * - `essential`: also as an essential claim, so that the OP refuses if it cannot meet it (OpenID Connect Core 1.0
   *   §5.5.1.1).
   * - `acrs`: by an essential claim `acrs`, without `acr_values`. It is reported in the list of that name (Microsoft's
   *   authentication contexts).
   * - `none`: the OP reports none, so a request that wants one fails.
   *
   * The claims of `essential` and `acrs` are sent whether discovery lists the claims parameter or not. Default:
   * `voluntary`.
   */
  readonly acrClaim?: 'voluntary' | 'essential' | 'acrs' | 'none'
  /**
   * Whether `login_hint` makes the OP skip re-authentication, so that a step-up must not send it. It does not remove a
   * hint from `authorizationParams`. If a parameter there, such as `idp_hint`, has the same effect, make
   * `authorizationParams` a function that leaves it out for the kind `step_up`. Default: false.
   */
  readonly dropHintsOnStepUp?: boolean
  /** The `prompt` that makes the person sign in again at a step-up. Default: `login`. */
  readonly stepUpPrompt?: string

  /**
   * Whether names and pictures are only at the userinfo endpoint, so that the client reads them there. Default: false.
   */
  readonly userInfo?: boolean
  /**
   * Audiences besides the client that an ID Token may name: a list, or a rule. The rule is asked only if `aud` names
   * the client too and `azp` is the client. Default: none.
   */
  readonly trustedAudiences?: TrustedAudiences
  /**
   * For the backend: whether the claims say that the person signed in at this OP itself. If another identity provider
   * vouches for the person, a new `auth_time` does not mean that the person was asked. A policy asks for this with
   * `localIdp: true`. Default: no claim tells.
   *
   * @param claims the verified claims of the ID Token
   */
  readonly localIdp?: (claims: Claims) => boolean
  /**
   * For the backend: reads which person an ID Token or an access token is about, if the OP gives the two a different
   * `sub`. The result must be text that never changes and is never given to another person. Default: `sub`.
   *
   * @param claims the claims of the token
   * @param token which kind of token it is
   */
  readonly subjectOf?: (claims: Claims, token: 'id_token' | 'access_token') => unknown
  /** For APIs: the claim of an access token that names whom the token is for. Default: `aud`. */
  readonly audienceClaim?: 'aud' | 'client_id'
  /** For APIs: the issuers that access tokens may name. Default: `issuers`, or the configured issuer only. */
  readonly accessTokenIssuers?: readonly string[]
  /**
   * For APIs: whether a JWT is an access token and no other JWT of the OP. It is asked if the header does not have the
   * type `at+jwt` (RFC 9068 §2.1). Default: only that type counts, and other tokens are refused.
   *
   * @param claims the claims of the token
   * @param header the header of the token
   */
  readonly isAccessToken?: (claims: Claims, header: Claims) => boolean
}

/**
 * The parameters that ask for a new account.
 *
 * @see Initiating User Registration via OpenID Connect 1.0 §4 (`create`); the others are vendors' own
 */
export type SignUpRequest =
  | {
      /** The value that is sent as `prompt`. */
      readonly prompt: 'create' | 'signup' | 'registration'
    }
  | {
      /** The value that is sent as `screen_hint`. */
      readonly screenHint: 'signup'
    }
  | {
      /** The provider's own parameters, by their names on the wire. */
      readonly authorizationParams: Readonly<Record<string, string>>
    }

/** How to ask for a sign-out page that does not follow the specification. */
export interface SignOutRequest {
  /** The URL of the page, if discovery does not say it. Default: what discovery says. */
  readonly endpoint?: string
  /**
   * The parameter that says where to come back to. A page with a parameter of its own gets no `id_token_hint`. Default:
   * `post_logout_redirect_uri`.
   */
  readonly returnParam?: string
  /** Whether the page gives `state` back. If not, the callback page goes by the tab's last sign-out. Default: true. */
  readonly keepsState?: boolean
}

/**
 * Audiences that may stand in an ID Token besides the client: a list, or a rule. The rule gets one audience and the
 * claims of the same ID Token.
 */
export type TrustedAudiences = readonly string[] | ((audience: string, claims: Claims) => boolean)

/** The profile of an OP that follows the specifications. */
export const genericProfile: ProviderProfile = { name: 'generic' }
