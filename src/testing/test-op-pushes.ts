import { sha256 } from '../server/crypto/hash.ts'

type Claims = Readonly<Record<string, unknown>>

/** What the callback page gets after the person was at the OP. */
export interface TestAuthorizationResponse {
  /** The authorization code. Only the guard that pushed the request can redeem it, and only once. */
  readonly code: string
  /** The `state` of the pushed request. */
  readonly state: string
  /** The OP's issuer (RFC 9207). */
  readonly iss: string
}

/** The requests that guards have pushed to a test OP, and the codes that answer them (RFC 9126, RFC 7636). */
export interface TestOpPushes {
  /** Takes a request, and gives the OP's JSON. */
  push(form: URLSearchParams): Claims
  /** The client that has pushed it, and its nonce. @throws {Error} for one that is not there, or was answered already */
  read(requestUri: string): { readonly aud: string; readonly nonce: string }
  /** Answers it with a code for this ID Token. */
  respond(requestUri: string, idToken: string): TestAuthorizationResponse
  /** Gives the OP's JSON for a code; null where it redeems none. */
  redeem(form: URLSearchParams): Promise<Claims | null>
}

export function createTestOpPushes(iss: string): TestOpPushes {
  const requests = new Map<string, URLSearchParams>()
  const codes = new Map<string, { readonly request: URLSearchParams; readonly idToken: string }>()
  const find = (requestUri: string): URLSearchParams => {
    const request = requests.get(requestUri)
    if (request) return request
    throw new Error('the test OP has no such request_uri: it was not pushed, or has been answered')
  }
  return {
    push(form) {
      const request_uri = `urn:ietf:params:oauth:request_uri:${crypto.randomUUID()}`
      requests.set(request_uri, form)
      return { request_uri, expires_in: 60 }
    },
    read(requestUri) {
      const request = find(requestUri)
      return { aud: request.get('client_id') ?? '', nonce: request.get('nonce') ?? '' }
    },
    respond(requestUri, idToken) {
      const request = find(requestUri)
      requests.delete(requestUri)
      const code = crypto.randomUUID()
      codes.set(code, { request, idToken })
      return { code, state: request.get('state') ?? '', iss }
    },
    async redeem(form) {
      const code = form.get('code') ?? ''
      const issued = codes.get(code)
      codes.delete(code)
      const verifier = await sha256(form.get('code_verifier') ?? '')
      if (issued?.request.get('code_challenge') !== verifier) return null
      const details = issued.request.get('authorization_details')
      return {
        ...{ access_token: crypto.randomUUID(), token_type: 'Bearer', id_token: issued.idToken },
        ...(details !== null && { authorization_details: JSON.parse(details) }),
      }
    },
  }
}
