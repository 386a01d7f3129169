/**
 * The freshness endpoint's JSON, as both ends see it. Times in seconds, hashes and JWSs in base64url.
 * Names are the specifications' own, unchanged.
 */
export interface AskRequest {
  readonly action: string
  readonly context_hash?: string
  readonly id_token?: string
}

export interface ProveRequest {
  readonly challenge: string
  readonly id_token: string
}

export interface GrantedAnswer {
  readonly status: 'granted'
  readonly grant: string
  readonly expires_in: number
}

export interface ChallengedAnswer {
  readonly status: 'challenged'
  readonly challenge: string
  readonly nonce: string
  readonly prompt?: string | undefined
  readonly max_age?: number | undefined
  readonly acr_values?: string | undefined
  readonly expires_in: number
  /** Milliseconds (1 to 1000) until an authorization request may leave; only where the login must be a new one. */
  readonly wait?: number | undefined
}

export interface DeniedAnswer {
  readonly status: 'denied'
  readonly error: string
}

/** The request was not judged: 4xx when it can never be as it is, 503 when it is worth sending again. */
export interface FailedAnswer {
  readonly status: 'failed'
  readonly error: string
}

/** Seconds that a challenge is good for, where a guard is not set up otherwise and an answer does not say. */
export const challengeLifetime = 600

/** The request header that carries a grant to the sensitive call. */
export const grantHeader = 'Step-Up-Grant'
