import type { Account } from './account.ts'
import type { RequestKind } from './authorization-params.ts'
import type { IdTokenClaims } from './claims.ts'

/** The wall clock: whole epoch seconds. */
export type Clock = () => number

/** What is known of a signed-in person. No token is part of it. */
export interface SignedIn {
  readonly account: Account
  readonly claims: IdTokenClaims
  /** Epoch seconds of this device's clock, or null when the OP did not say. */
  readonly accessTokenExpiresAt: number | null
}

/** Checked tokens, and the person they are about. */
export interface TokenSet extends SignedIn {
  readonly accessToken: string
  readonly tokenType: string
  readonly idToken: string
  readonly refreshToken?: string
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
  /** Whether the app wants a login that is made for this request (`prompt=login`): the answer is held to it. */
  readonly newLogin?: boolean
  /** Given by the backend for a step-up; otherwise made here. */
  readonly nonce?: string
  /** Instead of the client's own. */
  readonly scope?: string
  /** The APIs that the access token is for, instead of the client's own. */
  readonly resources?: readonly string[]
  /** What else the app wants to be sent, by its names on the wire. Not yet checked. */
  readonly authorizationParams?: Readonly<Record<string, string>>
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
  readonly newLogin?: boolean
  /** Of PKCE (RFC 7636 §4.1): secret until it is redeemed. */
  readonly codeVerifier: string
}
