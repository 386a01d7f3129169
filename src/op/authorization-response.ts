import { AuthorizationResponseError } from '../core/errors.ts'
import type { Transaction } from '../core/tokens.ts'
import { responseError } from './errors.ts'

/**
 * Checks an authorization response against its transaction, before anything is sent to the OP.
 *
 * @param params the response's query or fragment, without `?` or `#`
 * @returns the authorization code
 * @throws {AuthorizationResponseError} for the OP's own errors, and when the response is not this transaction's
 * @see OpenID Connect Core 1.0 §3.1.2.5; RFC 9207 §2.4; RFC 6749 §3.1 (no parameter twice)
 */
export function readAuthorizationResponse(
  params: string,
  transaction: Pick<Transaction, 'state'>,
  op: {
    readonly issuer: string
    /** Those that `iss` may name instead. */
    readonly issuers?: readonly string[] | undefined
    readonly authorization_response_iss_parameter_supported?: unknown
  },
): string {
  // So the callback page says that the tab's sessionStorage has no room for it.
  if (params === '') throw new AuthorizationResponseError('response_not_kept')
  const pairs = [...new URLSearchParams(params)]
  const response = new Map(pairs)
  if (response.size < pairs.length) throw new AuthorizationResponseError('duplicate_parameter')
  if (response.get('state') !== transaction.state) throw new AuthorizationResponseError('state_mismatch')
  const { issuers = [op.issuer] } = op
  const iss = response.get('iss')
  const issRequired = op.authorization_response_iss_parameter_supported === true
  if (iss === undefined ? issRequired : !issuers.includes(iss))
    throw new AuthorizationResponseError('iss_mismatch')
  const error = response.get('error')
  if (error !== undefined) {
    for (const own of ['code', 'access_token', 'id_token', 'state', 'afresh_callback']) response.delete(own)
    throw responseError(error, Object.fromEntries(response))
  }
  const code = response.get('code')
  if (!code) throw new AuthorizationResponseError('code_missing')
  return code
}
