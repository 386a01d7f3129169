/**
 * What the guard has to remember: which tokens were used, and each person's last login. Each operation must be atomic,
 * because two requests may arrive at once. Each must reject if the store cannot remember: the guard then answers with a
 * 503 and grants nothing. The guard takes only `true` and `'ok'` for a yes.
 *
 * Keys are text without spaces, such as `kind:…`. The two keys of one `redeem` have the same part in braces, `{…}`, so
 * that Redis Cluster keeps them in one slot.
 */
export interface FreshnessStore {
  /**
   * Uses a key up. Resolves with true the first time within `ttlSeconds`, and with false every other time.
   *
   * @param key what is used up
   * @param ttlSeconds for how many seconds to remember the key
   */
  consume(key: string, ttlSeconds: number): Promise<boolean>
  /**
   * Raises the value of a key. Stores `value` and resolves with true if no value is stored, or a smaller one. Otherwise
   * resolves with false and writes nothing.
   *
   * @param key whose value it is
   * @param value a whole number
   * @param ttlSeconds for how many seconds to remember the value
   */
  advance(key: string, value: number, ttlSeconds: number): Promise<boolean>
  /**
   * Does `consume` and `advance` in one operation. Writes nothing unless it resolves with `ok`.
   *
   * @param consumeKey the key to use up
   * @param advanceKey the key whose value to raise
   * @param value a whole number
   * @param ttlSeconds for how many seconds to remember both
   * @returns `used` if `consumeKey` was seen before; else `older` if `value` is not greater than the stored one; else
   * `ok`
   */
  redeem(
    consumeKey: string,
    advanceKey: string,
    value: number,
    ttlSeconds: number,
  ): Promise<'ok' | 'used' | 'older'>
  /**
   * The store knows nothing of what was used before this time, in whole epoch seconds. The guard accepts none of its
   * own tokens that are older. Default: the store outlives its processes and forgets nothing before its time.
   */
  readonly since?: number
}

/** The operation of a store inside your transaction. */
export type StoreWithin = Pick<FreshnessStore, 'consume'>

/**
 * A store in a database, which can write inside your transaction too.
 *
 * @typeParam Transaction a transaction, as your database client has it
 */
export interface TransactionalStore<Transaction> extends FreshnessStore {
  /**
   * Gives the same store inside a transaction. What is consumed there stays consumed only if the transaction is
   * committed. An error of the database must reject unchanged, so that you can tell whether to try the transaction
   * again.
   *
   * @param transaction your open transaction
   */
  within(transaction: Transaction): StoreWithin
}

/** What the option `store` takes: a store, or `'memory'` for the memory of this process. */
export type StoreOption = FreshnessStore | 'memory'

/**
 * The type of a store's transactions; `never` for a store that has none.
 *
 * @typeParam Store the type of the store
 */
export type TransactionOf<Store> = Store extends {
  /** As in `TransactionalStore`. */
  within(transaction: infer Transaction): StoreWithin
}
  ? Transaction
  : never
