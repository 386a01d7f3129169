import { iatProblem } from './iat-problem.ts'
import { type Problem, problem } from './problem.ts'

const isTime = (value: unknown): value is number => typeof value === 'number'

/**
 * Checks a token's `exp`, `nbf` and `iat`, each where it is there.
 *
 * @param tolerance seconds: by how much the OP's clock and ours may differ, and by how much the OP dates `iat` back
 * @param now epoch seconds
 * @returns what is wrong, or null
 * @see RFC 7519 §4.1.4, §4.1.5, §4.1.6
 */
export function timesProblem(
  { exp, nbf, iat }: Readonly<Record<string, unknown>>,
  { clockSkew, iatLag }: { readonly clockSkew: number; readonly iatLag: number },
  now: number,
): Problem | null {
  if (exp !== undefined && !(isTime(exp) && now < exp + clockSkew)) return problem('exp', 'is over', exp)
  if (nbf !== undefined && !(isTime(nbf) && nbf <= now + clockSkew)) {
    return problem('nbf', 'is in the future', nbf)
  }
  if (iat !== undefined && !(isTime(iat) && iat + iatLag <= now + clockSkew)) return iatProblem(iat, iatLag)
  return null
}
