/** The `Authorization` of a client with a secret. Both are form-encoded first. @see RFC 6749 §2.3.1 */
export function basicAuthorization(clientId: string, clientSecret: string): string {
  const [id, secret] = [clientId, clientSecret].map(text =>
    new URLSearchParams({ '': text }).toString().slice(1),
  )
  return `Basic ${btoa(`${id}:${secret}`)}`
}
