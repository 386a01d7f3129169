import type { SignedIn } from './machine/state.ts'

/** The wall clock: whole epoch seconds. */
export type Clock = () => number

/** What to ask of the OP. Names as in our options; the wire names are the specifications'. */
export interface AuthorizationRequest {
  readonly prompt?: string
  /** Seconds. */
  readonly maxAge?: number
  readonly acrValues?: readonly string[]
  readonly loginHint?: string
  readonly idTokenHint?: string
  readonly uiLocales?: string
  /** Of Auth0 and others: `signup` shows the form for new people. */
  readonly screenHint?: string
  /** Given by the backend for a step-up; otherwise made here. */
  readonly nonce?: string
}

/** One authorization request under way: what was sent, and what redeeming its answer takes. */
export interface Transaction {
  readonly state: string
  readonly url: string
  readonly nonce: string
  /** Epoch seconds. */
  readonly startedAt: number
  readonly maxAge?: number
  readonly acrValues?: readonly string[]
  /** Of PKCE (RFC 7636 §4.1): secret until it is redeemed. */
  readonly codeVerifier: string
}

/** Checked tokens, and who they are about. */
export interface TokenSet extends SignedIn {
  readonly accessToken: string
  readonly tokenType: string
  readonly idToken: string
  readonly refreshToken?: string
  /** Milliseconds since 1970: what tabs of one browser tell the newer of two sets by. */
  readonly receivedAt: number
}
