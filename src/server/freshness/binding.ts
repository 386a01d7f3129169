/**
 * Ties challenges and grants to one browser: without it a person could lure another one into answering his challenge,
 * or use a grant that he saw. What ties is a cookie, or the key of the browser's DPoP proofs.
 */
export interface Binding {
  /** The scheme of challenges that go with it. */
  readonly scheme: 'Bearer' | 'DPoP'
  /**
   * What a challenge or a grant for this request is bound to.
   *
   * @throws {Refusal} 401 for a DPoP proof that is missing or does not hold
   */
  bind(request: Request, now: number): Promise<Bound>
  /**
   * Whether the request comes from the browser that `hash` names, by what costs little: no signature of a foreign key
   * is verified. `confirm` does that.
   */
  matches(request: Request, hash: string): Promise<boolean>
  /** Verifies what `matches` only compared. @throws {Refusal} 401 for a DPoP proof that does not hold */
  confirm(request: Request, now: number): Promise<void>
}

export interface Bound {
  /** The DPoP key's thumbprint, or base64url(SHA-256(the cookie's random text)): what goes into tokens. */
  readonly hash: string
  /** `Set-Cookie` lines for the answer. */
  readonly cookies: readonly string[]
}
