import type { JWK } from 'jose'

/** What the OP knows of a backend that has a client of its own. */
export interface RegisteredStepUpClient {
  readonly clientId: string
  /** The backend signs with its private key (`private_key_jwt`). */
  readonly publicKey: JWK
}

/**
 * The client of an app's backend, by which it sends the authorization requests of step-ups itself. One that a browser
 * carries is refused.
 *
 * @param callback the app's own callback page
 * @see RFC 9126 §6, RFC 7523 §2.2
 */
export const stepUpClientMetadata = (
  { clientId, publicKey }: RegisteredStepUpClient,
  callback: string,
): Record<string, unknown> => ({
  client_id: clientId,
  client_name: 'Pennyworth Payments',
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  jwks: { keys: [publicKey] },
  redirect_uris: [callback],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  scope: 'openid',
  require_pushed_authorization_requests: true,
  authorization_details_types: ['payment'],
})
