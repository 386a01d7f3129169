/**
 * The scopes of an access token or an introspection answer: `scope`, or else `scp`, as text with spaces (RFC 6749 §3.3)
 * or as a list. Entries of a list that are no text count as absent.
 *
 * @see RFC 9068 §2.2.3, RFC 7662 §2.2; `scp` and lists are vendors' own (Okta, Entra, AD FS, Duende, Spring)
 */
export function scopesOf({ scope, scp }: { readonly scope?: unknown; readonly scp?: unknown }): string[] {
  const granted: unknown = scope ?? scp
  if (typeof granted === 'string') return granted.split(' ').filter(Boolean)
  return Array.isArray(granted) ? granted.filter(name => typeof name === 'string' && name !== '') : []
}
