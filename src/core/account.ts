import type { IdTokenClaims } from './claims.ts'
import { defined } from './defined.ts'

/** A person's account at an OP. `iss` and `sub` together identify it; the rest is for showing. */
export interface Account {
  readonly iss: string
  readonly sub: string
  readonly name?: string
  readonly email?: string
  readonly username?: string
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

/** The name to show for an account: the name, else the username, else the email address, else the `sub`. */
export function nameOf({ name, username, email, sub }: Account): string {
  return name ?? username ?? email ?? sub
}
