/**
 * Ties challenges and grants to one browser, by a cookie or by the key of the browser's DPoP proofs. Without it, an
 * attacker could lure another person into answering the attacker's challenge, or use a grant that they have seen.
 */
export interface Binding {
  /** The authentication scheme that goes with it in `WWW-Authenticate`. */
  readonly scheme: 'Bearer' | 'DPoP'
  /**
   * What a challenge or a grant for this request is bound to.
   *
   * @throws {Refusal} 401 for a DPoP proof that is missing or does not hold
   */
  bind(request: Request, now: number): Promise<Bound>
  /**
   * Whether the request seems to come from the browser that `hash` names. This is cheap: no signature by a client's key
   * is verified. `confirm` does that.
   */
  matches(request: Request, hash: string): Promise<boolean>
  /** Verifies what `matches` only compared. @throws {Refusal} 401 for a DPoP proof that does not hold */
  confirm(request: Request, now: number): Promise<void>
}

/** What a challenge or a grant is bound to, and the cookies that carry it. */
export interface Bound {
  /** The DPoP key's thumbprint, or base64url(SHA-256(the cookie's random text)): what goes into tokens. */
  readonly hash: string
  /** `Set-Cookie` lines for the answer. */
  readonly cookies: readonly string[]
}
