import { type Problem, problem } from './problem.ts'

/**
 * What is wrong with a token of the future.
 *
 * @param iatLag of the provider, in seconds: where there is one, it may not hold for this token
 */
export function iatProblem(iat: unknown, iatLag: number): Problem {
  return problem('iat', `is in the future${iatLag === 0 ? '' : ', see iatLag of the provider'}`, iat)
}
