import { type Problem, problem } from './problem.ts'

/** What is wrong with an `auth_time` that no other login would mend; undefined for any other failure. */
export function authTimeProblem(failure: string, authTime: unknown): Problem | undefined {
  if (failure === 'auth_time_in_future') return problem('auth_time', 'is in the future', authTime)
  if (failure === 'invalid_token') return problem('auth_time', 'is no whole number of seconds', authTime)
  return undefined
}
