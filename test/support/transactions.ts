import { memoryStore, type TransactionalStore } from '../../src/server/index.ts'
import type { ManualClock } from './shop.ts'

/** An open transaction: the keys that it has consumed. */
export type Transaction = Set<string>

/** A database in memory. Two transactions that write the same key cannot both be committed. */
export interface Database {
  readonly store: TransactionalStore<Transaction>
  /** Commits what the work has written, or rolls it back when the work rejects. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  /** What rejects the next commits, instead of carrying them out. */
  readonly failures: Error[]
}

/** What PostgreSQL rejects with when one of two transactions has to be tried again. */
export const conflict: Error = Object.assign(new Error('could not serialize access'), { code: '40001' })

export function openDatabase(clock: ManualClock): Database {
  const committed = new Set<string>()
  const failures: Error[] = []
  const { advance, redeem } = memoryStore({ now: clock.now })
  const consumeIn = async (key: string, keys: Set<string>): Promise<boolean> => {
    if (committed.has(key) || keys.has(key)) return false
    keys.add(key)
    return true
  }
  return {
    store: {
      advance,
      redeem,
      consume: key => consumeIn(key, committed),
      within: transaction => ({ consume: key => consumeIn(key, transaction) }),
    },
    failures,
    async transaction(work) {
      const transaction: Transaction = new Set()
      const result = await work(transaction)
      const failure = failures.shift() ?? ([...transaction].some(key => committed.has(key)) ? conflict : null)
      if (failure) throw failure
      for (const key of transaction) committed.add(key)
      return result
    },
  }
}
