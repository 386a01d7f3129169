/**
 * What the guard has to remember: which tokens were used, and each person's last login. Each operation is atomic,
 * because two requests may arrive at once, and rejects when it cannot remember: the guard then answers 503 and grants
 * nothing. Only `true` and `'ok'` count as a yes.
 *
 * Keys are text without spaces, `kind:…`. The two keys of one `redeem` share a `{…}` part, so that Redis Cluster keeps
 * them in one slot.
 */
export interface FreshnessStore {
  /** Resolves with true the first time `key` is seen within `ttlSeconds`, with false every other time. */
  consume(key: string, ttlSeconds: number): Promise<boolean>
  /** Stores `value` and resolves with true only if it is greater than the one stored, or none is. */
  advance(key: string, value: number, ttlSeconds: number): Promise<boolean>
  /**
   * `consume` and `advance` in one: `used` when the first key was seen before, else `older` when `value` is not greater
   * than the stored one, else `ok`. Writes nothing unless it is `ok`.
   */
  redeem(
    consumeKey: string,
    advanceKey: string,
    value: number,
    ttlSeconds: number,
  ): Promise<'ok' | 'used' | 'older'>
  /**
   * Epoch seconds: the store has forgotten what was used before then. The guard accepts none of its own tokens that are
   * older. Default: the store outlives its processes and forgets nothing before its time.
   */
  readonly since?: number
}

/** What a store does inside a transaction of the caller's. */
export type StoreWithin = Pick<FreshnessStore, 'consume'>

/** A store in a database, which can write inside a transaction of the caller's too. */
export interface TransactionalStore<Transaction> extends FreshnessStore {
  /**
   * The same store inside a transaction. What is consumed there stays consumed only if the transaction is committed. An
   * error of the database rejects unchanged, so that the caller can tell whether to try the transaction again.
   */
  within(transaction: Transaction): StoreWithin
}

/** What the `store` option takes. */
export type StoreOption = FreshnessStore | 'memory'

/** The transactions of a store; `never` for a store that has none. */
export type TransactionOf<Store> = Store extends {
  /** As in `TransactionalStore`. */
  within(transaction: infer Transaction): StoreWithin
}
  ? Transaction
  : never
