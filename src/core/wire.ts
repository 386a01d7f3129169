import type { StepUpDisplay } from './step-up-display.ts'

/**
 * Ask: may this action go on, or what does it need? This file holds the freshness endpoint's JSON, as both ends see it.
 * Times in seconds, hashes in base64url. Names are the specifications' own, unchanged.
 */
export interface AskRequest {
  readonly action: string
  readonly context_hash?: string
  /** What the hash is of: for the words that the backend makes of it, and for `authorization_details`. */
  readonly context?: unknown
  /** The languages of those words, most wanted first: BCP 47 tags, separated by spaces. */
  readonly ui_locales?: string
  readonly id_token?: string
}

/** Push: sends the authorization request that answers a challenge to the OP, by the backend (RFC 9126). */
export interface PushRequest {
  readonly challenge: string
}

/** Prove: the ID Token that answers a challenge. */
export interface IdTokenProof {
  readonly challenge: string
  readonly id_token: string
}

/** Prove, after a Push: the response to the pushed request, which only the backend can redeem. */
export interface CodeProof {
  readonly challenge: string
  readonly code: string
  readonly state: string
  /** @see RFC 9207 */
  readonly iss?: string
}

/** Prove: by an ID Token, or by the code for one. */
export type ProveRequest = IdTokenProof | CodeProof

/** The grant (a JWS), which may be used once within `expires_in` seconds. */
export interface GrantedAnswer {
  readonly status: 'granted'
  readonly grant: string
  readonly expires_in: number
}

/**
 * The challenge (a JWS), and the authorization request that answers it: `nonce`, `prompt`, `max_age` (seconds) and
 * `acr_values`. The challenge may be answered within `expires_in` seconds.
 */
export interface ChallengedAnswer {
  readonly status: 'challenged'
  readonly challenge: string
  readonly nonce: string
  readonly prompt?: string | undefined
  readonly max_age?: number | undefined
  readonly acr_values?: string | undefined
  readonly expires_in: number
  /**
   * Milliseconds (1 to 1000) until an authorization request may leave. Present only where the login must be a new one.
   */
  readonly wait?: number | undefined
  /** Present where the authorization request goes to the OP by a Push, and not by the browser. */
  readonly pushed?: true | undefined
  /** What is approved, in the backend's words. */
  readonly display?: StepUpDisplay | undefined
}

/** The authorization request is at the OP: the browser goes there with `client_id` and `request_uri` and nothing else. */
export interface PushedAnswer {
  readonly status: 'pushed'
  readonly client_id: string
  readonly request_uri: string
  /** What the response will have as its `state`. */
  readonly state: string
  /** Seconds that `request_uri` is good for. */
  readonly expires_in: number
}

/** The proof, or the person who asks, was judged and refused. `error` is a `RefusalCode`. */
export interface DeniedAnswer {
  readonly status: 'denied'
  readonly error: string
  /** What is wrong with the ID Token, for the developer. */
  readonly error_description?: string | undefined
}

/**
 * The request was not judged. A 408 and a 503 mean that it may be sent again, any other 4xx that it can never be answered
 * as it is.
 */
export interface FailedAnswer {
  readonly status: 'failed'
  readonly error: string
  /** What is wrong with it, for the developer. */
  readonly error_description?: string | undefined
}

/** Seconds that a challenge is good for, where a guard is not set up otherwise and an answer does not say. */
export const challengeLifetime = 600

/** The request header that carries a grant to the sensitive call. */
export const grantHeader = 'Step-Up-Grant'
