import {
  createFreshnessGuard,
  type FreshnessGuard,
  type GuardError,
  type TransactionalStore,
} from '../../../src/server/index.ts'
import { testKey } from '../../support/keys.ts'
import type { ScriptedOp } from '../../support/op.ts'
import { Browser, type ManualClock } from '../../support/shop.ts'

const actions = { 'email.change': { maxAge: 300 } } as const

/** A guard over a store, and its way to grants. */
export interface GuardedEmail<Transaction> {
  readonly guard: FreshnessGuard<typeof actions, Transaction>
  /** What the guard reported to `onError`. */
  readonly errors: unknown[]
  /** A call with a new grant, which a person got who has just signed in. */
  readonly newCall: () => Promise<Request>
  /** Uses the grant of a call up in a transaction, and runs the work. */
  readonly change: <T>(call: Request, transaction: Transaction, work: () => T | Promise<T>) => Promise<T>
}

/** Thrown by work that is to be rolled back. */
export class Rollback extends Error {}

/** An API at which a person changes their email address. */
export function guardEmail<Transaction>(
  op: ScriptedOp,
  clock: ManualClock,
  store: TransactionalStore<Transaction>,
  storeTimeout = 2,
): GuardedEmail<Transaction> {
  const errors: unknown[] = []
  const guard = createFreshnessGuard({
    issuer: op.issuer,
    clientId: 'payments',
    audience: 'https://api.example',
    keys: [testKey(7)],
    actions,
    store,
    storeTimeout,
    now: clock.now,
    onError: error => errors.push(error),
  })
  const josh = new Browser({ request: guard.handler })
  const newCall = async (): Promise<Request> => {
    const id_token = await op.mint({ auth_time: clock.time })
    const { body } = await josh.ask({ action: 'email.change', id_token })
    const cookie = Array.from(josh.cookies, pair => pair.join('=')).join('; ')
    const headers = { Cookie: cookie, 'Step-Up-Grant': body.grant ?? '' }
    return new Request('https://api.example/api/email', { method: 'POST', headers })
  }
  return {
    guard,
    errors,
    newCall,
    change: (call, transaction, work) =>
      guard.protect(call, 'email.change', { subject: 'josh', transaction }, work),
  }
}

/** What an attempt came to: a value, or why the guard refused it. Other errors are thrown. */
export async function outcomeOf(attempt: Promise<string>): Promise<string> {
  return attempt.catch((error: GuardError | Rollback) => {
    if (error instanceof Rollback) return 'rolled back'
    if ('reason' in error && error.reason) return error.reason
    throw error
  })
}
