import type { AuthorizationDetail } from './approval.ts'

/** What challenges and grants both say. */
interface OwnClaims {
  readonly jti: string
  /** The OP's issuer. */
  readonly iss: string
  /** This API. */
  readonly aud: string
  /** The app's client. */
  readonly client_id: string
  /** The person, as `subjectOf` names them. */
  readonly sub: string
  readonly action: string
  readonly context_hash?: string | undefined
  readonly iat: number
  readonly exp: number
  /** The hash of the browser's binding cookie, or its DPoP key's thumbprint. */
  readonly binding: string
}

/** The server's signed demand. `auth_time` is the person's login at that moment, if it was known. */
export interface ChallengeClaims extends OwnClaims {
  readonly max_age: number
  readonly acr_values?: string | undefined
  readonly auth_time?: number | undefined
  /** What to add to an `auth_time` before it is compared with `iat`: 0, or less when the OP's clock is ahead. Seconds. */
  readonly op_offset: number
  /** Names the person to the OP, and shows nothing. Present where the guard pushes the request. */
  readonly login_hint?: string | undefined
  /** The language of the OP's pages, likewise. */
  readonly ui_locales?: string | undefined
  /** What the OP shall show and grant. @see RFC 9396 */
  readonly authorization_details?: readonly AuthorizationDetail[] | undefined
}

/** The server's signed, single-use answer: this person may do this action now. */
export interface GrantClaims extends OwnClaims {
  readonly auth_time: number
  /** The one that met the policy, where the login reports several. */
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** The digest of the policy that was met. */
  readonly policy: string
  /** Absent when the person was fresh enough without a challenge. */
  readonly challenge_jti?: string | undefined
  /** The OP has granted the authorization details of the challenge. Absent where there were none. */
  readonly details_returned?: true | undefined
}
