import { signatureAlgorithms } from '../../core/id-token.ts'
import { formatAuthenticate } from '../../core/www-authenticate.ts'
import type { Problem } from './problem.ts'
import { failed, type Refusal } from './refusal.ts'

/** The 401 for a DPoP proof or a token that is not accepted. @see RFC 9449 §7.1 */
export function dpopRefusal(
  error: 'invalid_dpop_proof' | 'invalid_token',
  { cause, problem }: { readonly cause?: unknown; readonly problem?: Problem } = {},
): Refusal {
  const algs = signatureAlgorithms.join(' ')
  const challenge = formatAuthenticate('DPoP', { error, error_description: problem?.rule, algs })
  return failed(error, { cause, problem, headers: { 'WWW-Authenticate': challenge } })
}

/** The 401 for a proof that does not hold. The client is not told why. */
export function invalidProof(cause?: unknown): Refusal {
  return dpopRefusal('invalid_dpop_proof', { cause })
}
