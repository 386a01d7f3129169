import type { Account } from './account.ts'
import { type ApiTarget, targetKey } from './api-target.ts'
import type { RequestKind } from './authorization-params.ts'
import type { IdTokenClaims } from './claims.ts'
import type { UserInfo } from './user-info.ts'

/** The wall clock: whole epoch seconds. */
export type Clock = () => number

/** What is known of a signed-in person. No token is part of it. */
export interface SignedIn {
  readonly account: Account
  readonly claims: IdTokenClaims
  /** Epoch seconds of this device's clock, or null when the OP did not say. */
  readonly accessTokenExpiresAt: number | null
}

/** An access token, and how long it is good for. */
export interface AccessToken {
  readonly accessToken: string
  readonly tokenType: string
  /** Epoch seconds of this device's clock, or null when the OP did not say. */
  readonly accessTokenExpiresAt: number | null
}

/** Checked tokens, and the person they are about. The access token is the session's own. */
export interface TokenSet extends SignedIn, AccessToken {
  readonly idToken: string
  readonly refreshToken?: string
  /** The access tokens for other APIs, by `targetKey`. */
  readonly others?: Readonly<Record<string, AccessToken>>
  /** What the userinfo endpoint has said of the person; it is part of `claims` and `account`. */
  readonly userInfo?: UserInfo
}

/** The access token for an API, or the session's own for null; null where there is none. It may not be good any more. */
export function accessTokenFor(tokens: TokenSet | null, target: ApiTarget | null): AccessToken | null {
  if (!tokens || !target) return tokens
  return tokens.others?.[targetKey(target)] ?? null
}

/** Tokens that this browser has, with what tells its tabs how old they are. No clock is needed for that. */
export interface SessionTokens extends TokenSet {
  /** The sign-in that they belong to. */
  readonly epoch: number
  /** Counts what the OP has given this browser: the greater is the newer. */
  readonly serial: number
}

/** What to ask of the OP. Names as in our options; the wire names are the specifications'. */
export interface AuthorizationRequest {
  readonly kind: RequestKind
  readonly prompt?: string
  /** Seconds. */
  readonly maxAge?: number
  /** Seconds; asked for at most where there is no `maxAge`. The answer is not held to it. */
  readonly preferredMaxAge?: number
  readonly acrValues?: readonly string[]
  readonly loginHint?: string
  readonly idTokenHint?: string
  readonly uiLocales?: string
  /** Of Auth0 and others: `signup` shows the form for new people. */
  readonly screenHint?: string
  /** Given by the backend for a step-up; otherwise made here. */
  readonly nonce?: string
  /** Instead of the client's own. */
  readonly scope?: string
  /** The APIs that the access token is for, instead of the client's own. */
  readonly resources?: readonly string[]
  /** What else the app wants to be sent, by its names on the wire. Not yet checked. */
  readonly authorizationParams?: Readonly<Record<string, string>>
  /** The API whose access token the code is exchanged for. Default: the session's own token. */
  readonly target?: ApiTarget
  /** What a resource server demands (OpenID Connect Core §5.5). What this package asks for is added. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** One authorization request under way: what was sent, and what redeeming its answer takes. */
export interface Transaction {
  readonly state: string
  readonly url: string
  readonly nonce: string
  /** Epoch seconds of this device's clock. */
  readonly startedAt: number
  readonly maxAge?: number
  readonly acrValues?: readonly string[]
  /** Whether a sign-in asked for a login of its own (`prompt=login`), so that the answer is held to it. */
  readonly newLogin?: boolean
  readonly target?: ApiTarget
  /** Of PKCE (RFC 7636 §4.1): secret until it is redeemed. */
  readonly codeVerifier: string
}
