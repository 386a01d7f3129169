import { ConfigurationError } from '../../core/errors.ts'
import type { CheckedStore } from '../stores/checked.ts'
import type { StoreWithin } from '../stores/store.ts'

/** @throws {ConfigurationError} for a transaction that `require` was given: it would not use it */
export function refuseTransaction(options: object | undefined): void {
  if (options && 'transaction' in options) {
    throw new ConfigurationError('require uses no transaction: inside one, call protect')
  }
}

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
