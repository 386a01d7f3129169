/** What an access token is asked for, where it is not the session's own: an API as the OP knows it, scopes, or both. */
export interface ApiTarget {
  /** @see RFC 8707 §2 */
  readonly resource?: string
  /** Scopes, separated by spaces. */
  readonly scope?: string
}

/** The scopes in a text, each once. @see RFC 6749 §3.3 */
export function scopesIn(text = ''): readonly string[] {
  return [...new Set(text.split(/\s+/).filter(Boolean))]
}

/** All scopes of these texts, each once, separated by spaces. */
export function uniteScopes(...texts: readonly (string | undefined)[]): string {
  return scopesIn(texts.join(' ')).join(' ')
}

/** Tells one target from another. The order of its scopes does not count. */
export function targetKey({ resource, scope }: ApiTarget): string {
  return JSON.stringify([resource ?? null, scope === undefined ? null : [...scopesIn(scope)].sort()])
}
