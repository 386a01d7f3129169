import { ConfigurationError } from '../../core/errors.ts'
import { createTimeLimit } from '../http/limits.ts'
import { asRefusal, reasonOf, unavailable } from '../http/refusal.ts'
import type { FreshnessStore, StoreWithin, TransactionalStore } from './store.ts'

/** A store whose answers can be relied on. */
export interface CheckedStore extends FreshnessStore {
  /** Resolves once the trial has succeeded. Rejects with a 503 `Refusal`; the next call tries again. */
  readonly tried: () => Promise<void>
  /** Undefined for a store that has no transactions. */
  readonly within: TransactionalStore<unknown>['within'] | undefined
}

/** For how many seconds the keys of the trial are kept. */
const trialTtl = 60

/** The trial needs a connection, and the transactions that wait for it may hold all there are. */
const callAdvice = 'Inside a transaction, call guard.protect: guard.require waits for a connection of its own'
const trialAdvice = 'Call guard.ready() when the backend starts: your transactions may hold all connections'

/**
 * The same store, with every answer checked. An operation that takes longer than `seconds` fails, although the store
 * may still carry it out. Only `true` and the three words of `redeem` count, because drivers give many answers that
 * look like a yes. A trial before its first use shows whether the store tells the first time from the second: an
 * adapter that does not would let a grant pass for ever.
 *
 * Each operation rejects with a 503 `Refusal` whose cause says what the store did. Inside a transaction only the answer
 * is checked: its errors reject unchanged, and it has no time limit, because only the caller can end the transaction.
 */
export function checkedStore(store: FreshnessStore, seconds: number): CheckedStore {
  const late = `The store did not answer within ${seconds} s`
  const prompt = promptStore(store, seconds, `${late}. ${callAdvice}`)
  const onTrial = promptStore(
    store,
    seconds,
    `${late} when it was tried before its first use. ${trialAdvice}`,
  )
  let trial: Promise<void> | undefined
  const tried = (): Promise<void> => {
    trial ??= tryStore(onTrial).catch(error => {
      trial = undefined
      throw asRefusal(error)
    })
    return trial
  }
  return {
    consume: (...entry) => tried().then(() => prompt.consume(...entry)),
    advance: (...entry) => tried().then(() => prompt.advance(...entry)),
    redeem: (...entry) => tried().then(() => prompt.redeem(...entry)),
    ...(store.since !== undefined && { since: store.since }),
    tried,
    within: isTransactional(store) ? transaction => strictWithin(store.within(transaction)) : undefined,
  }
}

function isTransactional(store: FreshnessStore): store is TransactionalStore<unknown> {
  return 'within' in store && typeof store.within === 'function'
}

function strictWithin(store: StoreWithin): StoreWithin {
  return { consume: async (...entry) => (await store.consume(...entry)) === true }
}

/**
 * The store with a time limit, and with no answers but those of the contract.
 *
 * @param late what the error says when the time is over
 */
function promptStore(store: FreshnessStore, seconds: number, late: string): FreshnessStore {
  const inTime = createTimeLimit(seconds * 1000, () => new Error(late))
  // A store of the app's may throw at once instead of rejecting.
  const call = (work: () => Promise<unknown>): Promise<unknown> =>
    inTime(Promise.resolve().then(work)).catch(cause => {
      throw unavailable(reasonOf(cause, 'The store'))
    })
  return {
    consume: async (...entry) => (await call(() => store.consume(...entry))) === true,
    advance: async (...entry) => (await call(() => store.advance(...entry))) === true,
    async redeem(...entry) {
      const answer = await call(() => store.redeem(...entry))
      if (answer === 'ok' || answer === 'used' || answer === 'older') return answer
      throw unavailable(new ConfigurationError("The store’s redeem must answer 'ok', 'used' or 'older'"))
    },
  }
}

/** @throws {ConfigurationError} naming the operation that gave a wrong answer */
async function tryStore(store: FreshnessStore): Promise<void> {
  const id = crypto.randomUUID()
  const [once, last, both] = [`proof:{${id}}:once`, `proof:{${id}}:last`, `proof:{${id}}:both`]
  const steps: readonly [call: string, expected: boolean | string, () => Promise<boolean | string>][] = [
    ['consume, the first time', true, () => store.consume(once, trialTtl)],
    ['consume, the second time', false, () => store.consume(once, trialTtl)],
    ['advance to the first value', true, () => store.advance(last, 2, trialTtl)],
    ['advance to the same value', false, () => store.advance(last, 2, trialTtl)],
    ['redeem with an older value', 'older', () => store.redeem(both, last, 1, trialTtl)],
    ['redeem with a newer value', 'ok', () => store.redeem(both, last, 3, trialTtl)],
    ['redeem, the second time', 'used', () => store.redeem(both, last, 4, trialTtl)],
    ['advance to the value that redeem stored', false, () => store.advance(last, 3, trialTtl)],
  ]
  for (const [call, expected, ask] of steps) {
    const answer = await ask()
    if (answer === expected) continue
    throw new ConfigurationError(
      `The store does not remember what it is told: ${call} must give ${expected}, not ${answer}`,
    )
  }
}
