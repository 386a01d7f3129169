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
  // An adapter would take any of these for no transaction, and use the grant up at once.
  if ([undefined, null, false, ''].some(nothing => transaction === nothing)) {
    throw new ConfigurationError(
      'protect needs { transaction }: the open transaction of your database client',
    )
  }
  return store.within(transaction)
}

/**
 * Refuses what `require` would ignore: it uses a grant up at once, whatever becomes of the transaction.
 *
 * @throws {ConfigurationError}
 */
export function refuseTransaction(options: object | undefined): void {
  const { transaction } = Object(options) as { readonly transaction?: unknown }
  if (transaction === undefined) return
  throw new ConfigurationError('require uses no transaction: a rollback would lose the grant. Call protect')
}
