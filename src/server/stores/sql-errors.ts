import { isRecord } from '../../core/claims.ts'

/** SQLSTATE: a serialization failure, a deadlock, and the NULL by which `redeem` fails where another proof came between. */
const passing = ['40001', '40P01', '23502']

/** How often a statement is run that other ones keep coming before. */
const attempts = 5

/**
 * Runs a statement again that failed because another one came between: it has written nothing, and the next run sees
 * what the other one wrote. Any other error rejects at once, and the last one unchanged.
 */
export async function untilItPasses<T>(run: () => Promise<T>): Promise<T> {
  for (let left = attempts; ; left--) {
    try {
      return await run()
    } catch (error) {
      if (left <= 1 || !isPassing(error)) throw error
    }
  }
}

/**
 * Whether an error, or one that it was made from, has such a code: Drizzle wraps the errors of its drivers. `depth` ends
 * the search where errors name each other as their causes.
 */
function isPassing(error: unknown, depth = 8): boolean {
  if (!isRecord(error) || depth === 0) return false
  return passing.includes(String(error.code)) || isPassing(error.cause, depth - 1)
}
