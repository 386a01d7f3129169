import { ConfigurationError } from '../../core/errors.ts'
import { createTimeLimit } from '../http/limits.ts'
import { asRefusal, reasonOf, unavailable } from '../http/refusal.ts'
import type { FreshnessStore } from './store.ts'

/** Seconds that the keys of a proof are kept. */
const proofTtl = 60

/**
 * The same store, held to its word. An operation that takes longer than `seconds` fails, though the store may still do
 * it. Only `true` and the three words of `redeem` count, because drivers answer with much that looks like a yes. Before
 * its first use it must show that it tells the first time from the second: an adapter that does not would let a grant
 * pass for ever.
 *
 * Each operation rejects with a 503 `Refusal` whose cause says what the store did.
 */
export function checkedStore(store: FreshnessStore, seconds: number): FreshnessStore {
  const prompt = promptStore(store, seconds)
  let proof: Promise<void> | undefined
  const proven = (): Promise<void> => {
    proof ??= proveStore(prompt).catch(error => {
      proof = undefined
      throw asRefusal(error)
    })
    return proof
  }
  return {
    consume: (...entry) => proven().then(() => prompt.consume(...entry)),
    advance: (...entry) => proven().then(() => prompt.advance(...entry)),
    redeem: (...entry) => proven().then(() => prompt.redeem(...entry)),
    ...(store.since !== undefined && { since: store.since }),
  }
}

/** Answers in time, in the words of the contract. */
function promptStore(store: FreshnessStore, seconds: number): FreshnessStore {
  const late = (): Error => new Error(`The store did not answer within ${seconds} s`)
  const inTime = createTimeLimit(seconds * 1000, late)
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
async function proveStore(store: FreshnessStore): Promise<void> {
  const id = crypto.randomUUID()
  const [once, last, both] = [`proof:{${id}}:once`, `proof:{${id}}:last`, `proof:{${id}}:both`]
  const steps: readonly [call: string, expected: boolean | string, () => Promise<boolean | string>][] = [
    ['consume, the first time', true, () => store.consume(once, proofTtl)],
    ['consume, the second time', false, () => store.consume(once, proofTtl)],
    ['advance to the first value', true, () => store.advance(last, 2, proofTtl)],
    ['advance to the same value', false, () => store.advance(last, 2, proofTtl)],
    ['redeem with an older value', 'older', () => store.redeem(both, last, 1, proofTtl)],
    ['redeem with a newer value', 'ok', () => store.redeem(both, last, 3, proofTtl)],
    ['redeem, the second time', 'used', () => store.redeem(both, last, 4, proofTtl)],
    ['advance to the value that redeem stored', false, () => store.advance(last, 3, proofTtl)],
  ]
  for (const [call, expected, ask] of steps) {
    const answer = await ask()
    if (answer === expected) continue
    throw new ConfigurationError(
      `The store does not remember what it is told: ${call} must give ${expected}, not ${answer}`,
    )
  }
}
