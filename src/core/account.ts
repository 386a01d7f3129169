import type { IdTokenClaims } from './claims.ts'
import { defined } from './defined.ts'

/** A person's account at an OP. `iss` and `sub` together identify it. The other fields are for showing. */
export interface Account {
  /** The issuer that knows the person: the ID Token's `iss`. */
  readonly iss: string
  /**
   * The person's identifier at that issuer. The issuer gives it to no other person (OpenID Connect Core 1.0 §2). Do not
   * show it.
   */
  readonly sub: string
  /** The full name, for showing (`name`, OpenID Connect Core 1.0 §5.1). It may change, and is not unique. */
  readonly name?: string
  /** The e-mail address, for showing (`email`). Whether the OP has verified it is *not* checked. */
  readonly email?: string
  /** The short name that the person goes by at the OP (`preferred_username`). It may change, and is not unique. */
  readonly username?: string
  /** The URL of a picture of the person (`picture`). The URL is *not* checked. */
  readonly picture?: string
}

/**
 * The account that an ID Token is about. Empty claims, and those that are no text, count as absent.
 *
 * @see OpenID Connect Core 1.0 §5.1 (standard claims), §5.7 (`sub` and `iss` are the only stable identifier)
 */
export function accountOf(claims: IdTokenClaims): Account {
  const text = (claim: string): string | undefined => {
    const value = claims[claim]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const shown = {
    name: text('name'),
    email: text('email'),
    username: text('preferred_username'),
    picture: text('picture'),
  }
  return { iss: claims.iss, sub: claims.sub, ...defined(shown) }
}

/** Whether two accounts are the same one: the same `sub` at the same issuer. */
export function isSameAccount(a: Account, b: Account): boolean {
  return a.iss === b.iss && a.sub === b.sub
}

/** What names an account to its OP (`login_hint`), which guarantees nothing; undefined when nothing is known. */
export function loginHintOf({ username, email }: Account): string | undefined {
  return username ?? email
}

/**
 * The name to show for an account: the name, else the username, else the e-mail address, else the `sub`.
 *
 * @param account the account that is named
 */
export function nameOf({ name, username, email, sub }: Account): string {
  return name ?? username ?? email ?? sub
}
