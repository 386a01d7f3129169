import type { StepUpDisplay } from './step-up-display.ts'

/**
 * Ask: may this action go on, or what does it need? This file holds the freshness endpoint's JSON, as both ends see it.
 * Times in seconds, hashes in base64url. Names are the specifications' own, unchanged.
 */
export interface AskRequest {
  /** The name of the action, as it stands in `actions` of the guard. */
  readonly action: string
  /** The SHA-256 of the context's canonical JSON (RFC 8785), in base64url. Absent where the action has no context. */
  readonly context_hash?: string
  /** What the hash is of: for the words that the backend makes of it, and for `authorization_details`. */
  readonly context?: unknown
  /** The languages of those words, most wanted first: BCP 47 tags, separated by spaces. */
  readonly ui_locales?: string
  /**
   * The session's ID Token, which says who asks. A guard with `authenticate` does not read it, and any other needs it.
   */
  readonly id_token?: string
}

/** Push: sends the authorization request that answers a challenge to the OP, by the backend (RFC 9126). */
export interface PushRequest {
  /** The challenge to be answered, as the guard gave it. */
  readonly challenge: string
}

/** Prove: the ID Token that answers a challenge. */
export interface IdTokenProof {
  /** The challenge that is answered, as the guard gave it. */
  readonly challenge: string
  /** The ID Token of the new login, with the challenge's `nonce`. */
  readonly id_token: string
}

/** Prove, after a Push: the response to the pushed request, which only the backend can redeem. */
export interface CodeProof {
  /** The challenge that is answered, as the guard gave it. */
  readonly challenge: string
  /** The authorization code of the OP's response (RFC 6749 §4.1.2). */
  readonly code: string
  /** The `state` of the OP's response: that of the `PushedAnswer`. */
  readonly state: string
  /** @see RFC 9207 */
  readonly iss?: string
}

/** Prove: by an ID Token, or by the code for one. */
export type ProveRequest = IdTokenProof | CodeProof

/** The grant (a JWS), which may be used once within `expires_in` seconds. */
export interface GrantedAnswer {
  /** The login is good enough for the action. HTTP 200. */
  readonly status: 'granted'
  /** Goes into the `Step-Up-Grant` header of the sensitive call. It is signed, but not encrypted. */
  readonly grant: string
  /** Seconds that the grant can be used for. */
  readonly expires_in: number
}

/**
 * The challenge (a JWS), and the authorization request that answers it: `nonce`, `prompt`, `max_age` (seconds) and
 * `acr_values`. The challenge may be answered within `expires_in` seconds.
 */
export interface ChallengedAnswer {
  /** The action needs a newer or a stronger login. HTTP 401. */
  readonly status: 'challenged'
  /** Goes back with the proof as it is. It is signed, but not encrypted. */
  readonly challenge: string
  /** The `nonce` of the authorization request, which the new ID Token must have. */
  readonly nonce: string
  /** The `prompt` of the authorization request. Absent where the OP may answer without asking the person. */
  readonly prompt?: string | undefined
  /** Seconds: the `max_age` of the authorization request. */
  readonly max_age?: number | undefined
  /** The `acr_values` of the authorization request, separated by spaces, in order of preference. */
  readonly acr_values?: string | undefined
  /** Seconds that the challenge can be answered for. */
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
  /** The OP has the authorization request. */
  readonly status: 'pushed'
  /** The client id of the guard's own client (`stepUpClient`), and not the app's. */
  readonly client_id: string
  /** Stands for the pushed request at the OP (RFC 9126 §2.2). */
  readonly request_uri: string
  /** What the response will have as its `state`. */
  readonly state: string
  /** Seconds that `request_uri` is good for. */
  readonly expires_in: number
}

/** The proof, or the person who asks, was judged and refused. `error` is a `RefusalCode`. */
export interface DeniedAnswer {
  /** The guard has judged, and refused. HTTP 403. */
  readonly status: 'denied'
  /** Why: one of the `RefusalCode`s, such as `stale`. */
  readonly error: string
  /** What is wrong with the ID Token, for the developer. */
  readonly error_description?: string | undefined
}

/**
 * The request was not judged. A 408 and a 503 mean that it may be sent again, any other 4xx that it can never be answered
 * as it is.
 */
export interface FailedAnswer {
  /** The guard has judged nothing. The HTTP status says what is wrong. */
  readonly status: 'failed'
  /** What is wrong, such as `unknown_action` or `temporarily_unavailable`. */
  readonly error: string
  /** What is wrong with it, for the developer. */
  readonly error_description?: string | undefined
}

/** Seconds that a challenge is good for, where a guard is not set up otherwise and an answer does not say. */
export const challengeLifetime = 600

/** The request header that carries a grant to the sensitive call. */
export const grantHeader = 'Step-Up-Grant'
