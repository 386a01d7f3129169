import type { Problem } from '../http/problem.ts'

/** What is wrong when the OP's clock is behind ours. @param seconds by which it is, as far as that is known */
export function clockProblem(seconds: number | undefined): Problem {
  const rule = 'the clock of the OP is behind'
  return { rule, detail: seconds === undefined ? rule : `${rule} by about ${Math.ceil(seconds)} s` }
}
