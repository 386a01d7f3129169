import { randomBytes } from 'node:crypto'
import {
  type ActionPolicy,
  createFreshnessGuard,
  type FreshnessGuard,
  type GuardOptions,
} from 'afresh/server'
import { sqlStore } from 'afresh/server/sql'
import type { Database, Transaction } from './database.ts'
import { detailsOfPayment, displayPayment } from './payment-approval.ts'

/** What the bank demands of a login for each of these actions. Each is about something that the person saw. */
export type BankPolicies = Readonly<
  Record<'payment.approve' | 'email.change', ActionPolicy & { readonly context: 'required' }>
>

/** The bank's policies. */
export const policies = {
  'payment.approve': { reauthenticate: true, context: 'required', display: displayPayment },
  'email.change': { maxAge: 300, context: 'required' },
} as const satisfies BankPolicies

/** Decides for the bank whether a login is fresh enough. */
export type BankGuard = FreshnessGuard<BankPolicies, Transaction>

/** What differs from one start of the bank to the next. */
export type BankGuardOptions = Pick<GuardOptions, 'issuer' | 'clientId' | 'audience'> &
  Partial<Omit<GuardOptions<BankPolicies>, 'store'>>

/** Makes the bank's guard. With a client of its own at the OP, it has the OP show what is approved. */
export function createBankGuard(database: Database, options: BankGuardOptions): BankGuard {
  const { actions = policies, ...others } = options
  const shown = options.stepUpClient && { authorizationDetails: detailsOfPayment }
  return createFreshnessGuard({
    keys: [randomBytes(32)],
    actions: { ...actions, 'payment.approve': { ...actions['payment.approve'], ...shown } },
    ...others,
    // In the bank's own database, so that a payment and its grant are written together or not at all.
    store: sqlStore({
      dialect: 'sqlite',
      query: (text, values, transaction?: Transaction) => (transaction ?? database).query(text, values),
    }),
  })
}
