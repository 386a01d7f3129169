/**
 * What the guard has to remember: which tokens were used, and each person's last login. Two operations, each
 * atomic, because two requests may arrive at once. Either rejects when it cannot remember: the guard then
 * answers 503 and grants nothing.
 */
export interface FreshnessStore {
  /** Resolves with true the first time `key` is seen within `ttlSeconds`, with false every other time. */
  consume(key: string, ttlSeconds: number): Promise<boolean>
  /** Stores `value` and resolves with true only if it is greater than the one stored, or none is. */
  advance(key: string, value: number, ttlSeconds: number): Promise<boolean>
}
