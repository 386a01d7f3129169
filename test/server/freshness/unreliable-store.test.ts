import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createFreshnessGuard,
  type FreshnessGuard,
  type TransactionalStore,
} from '../../../src/server/index.ts'
import { testKey } from '../../support/keys.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock } from '../../support/shop.ts'
import { openDatabase, type Transaction } from '../../support/transactions.ts'

/** A store that does not do what it says: the guard refuses or answers 503, grants nothing, and uses nothing up. */

const clock = new ManualClock()
const actions = { pay: { reauthenticate: true }, mail: { maxAge: 300 } } as const
type Guard = FreshnessGuard<typeof actions, Transaction>
let op: ScriptedOp
let guard: Guard
let josh: Browser
let database: ReturnType<typeof openDatabase>
/** What the store does instead of an operation; null while it is well. */
let fault: ((operation: () => Promise<unknown>) => unknown) | null

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  fault = null
  database = openDatabase(clock)
  const { store } = database
  const unreliable =
    <Args extends unknown[], Result>(operation: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> =>
      fault ? (fault(() => operation(...args)) as Result) : operation(...args)
  guard = createFreshnessGuard({
    ...{ issuer: op.issuer, clientId: 'payments', audience: 'https://api.example', keys: [testKey(7)] },
    ...{ actions, storeTimeout: 0.01, now: clock.now, onError: () => {} },
    store: {
      consume: unreliable(store.consume),
      advance: unreliable(store.advance),
      redeem: unreliable(store.redeem),
      within: transaction => ({ consume: unreliable(store.within(transaction).consume) }),
    } satisfies TransactionalStore<Transaction>,
  })
  josh = new Browser({ request: guard.handler })
})

/** What it may answer without having carried anything out. */
const faults: [string, () => unknown][] = [
  ['1', () => 1],
  ['0', () => 0],
  ["'OK'", () => 'OK'],
  ["'true'", () => 'true'],
  ["'QUEUED'", () => 'QUEUED'],
  ['{ rowCount: 1 }', () => ({ rowCount: 1 })],
  ['[]', () => []],
  ['nothing', () => undefined],
  ['false', () => false],
  ['an error', () => Promise.reject(new Error('down'))],
  [
    'an error that it throws',
    () => {
      throw new Error('down')
    },
  ],
]
const hanging: [string, () => unknown] = ['nothing at all, ever', () => new Promise(() => {})]

interface Pending {
  readonly challenge: string | undefined
  readonly proof: string
  readonly grant: string
}

/** A proof and a grant that are not used yet. The store has no part in making them. */
async function pending(): Promise<Pending> {
  const asked = await josh.ask({ action: 'pay', id_token: await op.mint({ auth_time: clock.time - 60 }) })
  const { grant = '' } = (await josh.ask({ action: 'mail', id_token: await op.mint() })).body
  clock.advance(1)
  return { challenge: asked.body.challenge, proof: await op.mint({ nonce: asked.body.nonce }), grant }
}

function callWith(grant: string): Request {
  const Cookie = Array.from(josh.cookies, pair => pair.join('=')).join('; ')
  return new Request('https://api.example/mail', { headers: { Cookie, 'Step-Up-Grant': grant } })
}

const subject = 'josh'
const requireIt = (grant: string): Promise<unknown> => guard.require(callWith(grant), 'mail', { subject })
const protectIt = (grant: string, work: () => unknown): Promise<unknown> =>
  database.transaction(transaction => guard.protect(callWith(grant), 'mail', { subject, transaction }, work))

const refused = { code: expect.stringMatching(/^(step_up_required|temporarily_unavailable)$/) }

describe.each([
  ['before it has proved itself', false],
  ['after it has proved itself', true],
])('a store that, %s,', (_, isProven) => {
  beforeEach(async () => {
    if (isProven) await guard.ready()
  })

  it.each([...faults, hanging])('answers %s: nothing is granted, and nothing used up', async (_, answer) => {
    const { challenge, proof, grant } = await pending()
    fault = answer
    const proved = await josh.prove(challenge, proof)
    expect([403, 503]).toContain(proved.status)
    expect(proved.body).not.toHaveProperty('grant')
    await expect(requireIt(grant)).rejects.toMatchObject(refused)
    fault = null
    expect((await josh.prove(challenge, proof)).body.status).toBe('granted')
    expect(await requireIt(grant)).toMatchObject({ subject })
  })

  // In a transaction of the caller's there is no time limit, so a store that hangs there is not refused.
  it.each(isProven ? faults : [...faults, hanging])(
    'answers %s: protect does no work, and uses nothing up',
    async (_, answer) => {
      const { grant } = await pending()
      const work = vi.fn(() => 'done')
      fault = answer
      await expect(protectIt(grant, work)).rejects.toThrow()
      expect(work).not.toHaveBeenCalled()
      fault = null
      expect(await protectIt(grant, work)).toBe('done')
    },
  )

  it.each([...faults, hanging])(
    'answers %s: Ask goes on, because it asks the store nothing',
    async (_, answer) => {
      fault = answer
      const asked = await josh.ask({ action: 'pay', id_token: await op.mint() })
      expect(asked).toMatchObject({ status: 401, body: { status: 'challenged' } })
    },
  )
})

describe('a store that does what it is told, and answers too late', () => {
  const late = (operation: () => Promise<unknown>): Promise<never> =>
    operation().then(() => new Promise(() => {}))

  it('before it has proved itself: 503, and nothing is used up', async () => {
    const { challenge, proof, grant } = await pending()
    fault = late
    expect((await josh.prove(challenge, proof)).status).toBe(503)
    await expect(requireIt(grant)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    fault = null
    expect((await josh.prove(challenge, proof)).status).toBe(200)
    expect(await requireIt(grant)).toMatchObject({ subject })
  })

  it('after that: 503, no call goes on, and what it was told stays used', async () => {
    await guard.ready()
    const { challenge, proof, grant } = await pending()
    fault = late
    expect((await josh.prove(challenge, proof)).status).toBe(503)
    await expect(requireIt(grant)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    fault = null
    expect((await josh.prove(challenge, proof)).body.error).toBe('already_used')
    await expect(requireIt(grant)).rejects.toMatchObject({ reason: 'already_used' })
  })
})
