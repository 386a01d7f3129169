import { type CompactVerifyGetKey, type CompactVerifyResult, compactVerify, errors } from 'jose'
import { isRecord } from '../../core/claims.ts'
import { signatureAlgorithms } from '../../core/id-token.ts'
import { type Problem, problem } from '../http/problem.ts'
import { Refusal } from '../http/refusal.ts'

const algorithms = [...signatureAlgorithms]
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Verifies the signature of a JWT, and gives its claims, frozen: a rule of the app's, which sees them, changes none. None
 * of them is judged.
 *
 * @throws what jose and `getKey` throw, and a `SyntaxError` or `TypeError` for claims that are no JSON object
 */
export async function verifySignature(
  token: string,
  getKey: CompactVerifyGetKey,
): Promise<Record<string, unknown>> {
  const { payload }: CompactVerifyResult = await compactVerify(token, getKey, { algorithms })
  const claims: unknown = JSON.parse(utf8.decode(payload))
  if (!isRecord(claims)) throw new TypeError('The claims are no object')
  return Object.freeze(claims)
}

/** What is wrong with a token that `verifySignature` threw at, in words. */
export function signatureProblem(error: unknown): Problem {
  if (error instanceof Refusal && error.problem) return error.problem
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return problem('the signature', 'is not by the key that kid names')
  if (error instanceof errors.JOSEAlgNotAllowed) return problem('alg', 'is none of the accepted algorithms')
  return problem('the token', 'is no signed JWT that can be read')
}
