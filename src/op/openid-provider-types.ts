import type { ApiTarget } from '../core/api-target.ts'
import type { AuthorizationParams } from '../core/authorization-params.ts'
import type { AnyAuthError, AuthorizationResponseError, IdTokenError } from '../core/errors.ts'
import type { ProviderProfile, TrustedAudiences } from '../core/provider-profile.ts'
import type { AuthorizationRequest, Clock, TokenSet, Transaction } from '../core/tokens.ts'
import type { ClientStanding } from './ask-about-client.ts'
import type { Browser } from './browser.ts'
import type { PushedRequest, PushedResponse } from './pushed-request.ts'

export interface OpenIdProviderOptions {
  readonly browser: Browser
  readonly issuer: string
  /** Where the discovery document is. Absolute. Default: at the issuer. */
  readonly metadataUrl?: string | undefined
  /** What it says, so that it is not fetched. Default: it is fetched. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly clientId: string
  readonly scope: string
  /** The APIs that access tokens are for (RFC 8707 §2). Default: none. */
  readonly resources?: readonly string[]
  /** What else goes into authorization requests, as the app's options say it. Not yet checked. Default: nothing. */
  readonly authorizationParams?: AuthorizationParams | undefined
  /** What the session's own token is for, as token requests say it. Default: they do not. */
  readonly ownTarget?: ApiTarget
  /** The language of what the OP shows a person (OpenID Connect Core §3.1.2.1). */
  readonly uiLocales?: () => string | undefined
  /** Absolute. */
  readonly callbackUrl: string
  readonly profile: ProviderProfile
  /** Audiences besides the client that ID Tokens may name. Default: none. */
  readonly trustedAudiences?: TrustedAudiences | undefined
  /** This device's. */
  readonly now: Clock
  /**
   * Compares it with a server's: the seconds that it is ahead, or null. Asked when an ID Token is refused for its times.
   * Default: null.
   */
  readonly measureClock?: () => Promise<number | null>
  /** Seconds. */
  readonly clockSkew: number
  /** Seconds that any one request may take. */
  readonly timeLimit: number
  /** Whether to verify ID Token signatures here too. Default: `server`, which leaves them to the backend. */
  readonly idTokenSignature?: 'server' | 'browser'
  /** Whether names are read at the userinfo endpoint. Default: false. */
  readonly userInfo?: boolean
  /** Hears why there are none from there. */
  readonly onUserInfoFailure?: (error: AnyAuthError) => void
  /** Whether tokens are bound to this browser's key. Default: false. */
  readonly dpop?: boolean
  /** Whether this browser has one session; `isolated` tabs have one each, by one key. Default: shared. */
  readonly tabs?: 'shared' | 'isolated'
  /** Aborted when this OP is of no more use. Without it, it does not count among the OPs of this page. */
  readonly disposed?: AbortSignal
}

/** Tokens that passed every rule of OpenID Connect Core §3.1.3.7, and whether they give what was asked for. */
export interface Redeemed {
  readonly tokens: TokenSet
  /** Where the login falls short of this transaction's `max_age` or `acr_values`, or null. */
  readonly shortfall: IdTokenError | null
}

/** Where to go to end the OP's own session, and under which `state` the tab waits for its return. */
export interface SignOutVisit {
  readonly url: string
  readonly state: string
}

/** What a refresh token gave. */
export interface Refreshed {
  /** Those to go on with. Where the new ones cannot be used: the old ones, with the refresh token that is good now. */
  readonly tokens: TokenSet
  /**
   * Why the new ones cannot be used: the ID Token tells of another login than the old one (`auth_time`), or the access
   * token is for another API (`invalid_target`). Else null.
   */
  readonly unusable: IdTokenError | AuthorizationResponseError | null
}

/**
 * The OP, as the client needs it. What asks the OP something throws one of ours: an `AuthTimeoutError` after
 * `timeLimit`, a `NetworkError` when the OP cannot be reached, a `ConfigurationError` when its discovery document
 * cannot be used, an `AuthorizationResponseError` for the OP's own errors, an `IdTokenError` for its ID Tokens.
 */
export interface OpenIdProvider {
  /** Counts this OP among those of this page: see `refuseMixUp`. Requests do it themselves. */
  join(): void
  /** The OP's time in epoch seconds, as far as it is known: see `ProviderClock`. */
  now(): number
  /** Makes an authorization request. Nothing is sent: `url` is for a window to go to. */
  begin(request: AuthorizationRequest): Promise<Transaction>
  /** Where a request that the backend has pushed goes on. Nothing is sent. */
  pushedUrl(request: PushedRequest): Promise<string>
  /**
   * Checks the response to a pushed request, as that of any other. Its code is not redeemed: only the backend can.
   *
   * @param params of the response, as the callback page got them
   * @throws {AuthorizationResponseError}
   */
  readPushed(request: Pick<PushedRequest, 'state'>, params: string): Promise<PushedResponse>
  /**
   * Asks for the discovery document past every cache, only to see whether the OP answers; for its keys, where the app
   * has said what the document says.
   *
   * @throws {NetworkError}, {AuthTimeoutError} when it does not
   */
  probe(): Promise<void>
  /** What the OP says of this client when nothing comes of a request: see `askAboutClient`. It never rejects. */
  askAboutClient(): Promise<ClientStanding>
  /** The `prompt` values that the OP and its profile list, together; undefined when neither lists any. */
  promptValues(): Promise<readonly string[] | undefined>
  /** Tokens for the code of an authorization response. @param params of the response, as the callback page got them */
  redeem(transaction: Transaction, params: string): Promise<Redeemed>
  /**
   * New tokens for the refresh token.
   *
   * @param target the API that another access token is wanted for, beside the session's own. Default: the session's own
   * @throws {AuthorizationResponseError} `refresh_token_missing` without one
   */
  refresh(tokens: TokenSet, target?: ApiTarget | null): Promise<Refreshed>
  /**
   * Removes the key that these tokens are bound to, unless other sessions are too, and tells the OP that they are of
   * no more use, where it has an endpoint for that.
   *
   * @see RFC 7009 §2.1
   */
  revoke(tokens: TokenSet): Promise<void>
  /**
   * `fetch`, with the access token as this OP's tokens are sent: `Bearer`, or `DPoP` with a proof. With null there is
   * a proof only. The request is used up. What `fetch` throws is thrown as it is, and there is no time limit.
   *
   * @throws {ConfigurationError} with `dpop`, in a browser without IndexedDB
   * @see RFC 6750 §2.1, RFC 9449 §7.1
   */
  call(request: Request, accessToken: string | null): Promise<Response>
  /**
   * Makes a sign-out request: where to go to end the OP's own session, or null when the OP has no such page. Nothing is
   * sent.
   *
   * @see OpenID Connect RP-Initiated Logout 1.0 §2
   */
  beginSignOut(idToken: string): Promise<SignOutVisit | null>
}
