import { ConfigurationError } from '../../core/errors.ts'
import type { CheckedStore } from '../stores/checked.ts'
import type { StoreWithin } from '../stores/store.ts'

/** The store inside the transaction that `protect` was given. @throws {ConfigurationError} when there is none */
export function storeWithin(
  store: CheckedStore,
  options: { readonly transaction: unknown } | undefined,
): StoreWithin {
  if (!store.within) {
    throw new ConfigurationError(
      'protect needs a store that has transactions, such as one of afresh/server/sql. Without one, use require',
    )
  }
  const transaction = options?.transaction
  if (transaction === undefined || transaction === null) {
    throw new ConfigurationError(
      'protect needs { transaction }: the open transaction of your database client',
    )
  }
  return store.within(transaction)
}
