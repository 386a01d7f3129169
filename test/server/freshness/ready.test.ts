import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type AuditEvent, type FreshnessStore, memoryStore } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, type Shop } from '../../support/shop.ts'

/** What a backend learns when it starts. */

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let events: AuditEvent[]
/** What the store was asked for. */
let keys: string[]
/** Why the store fails; null while it is well. */
let failure: Error | null

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  op.down = false
  events = []
  keys = []
  failure = null
  const kept = memoryStore({ now: clock.now })
  const consume: FreshnessStore['consume'] = async (...entry) => {
    keys.push(entry[0])
    if (failure) throw failure
    return kept.consume(...entry)
  }
  shop = openShop(op, clock, { store: { ...kept, consume }, audit: event => events.push(event) })
})

it('ready proves the store and loads the keys, so that the first Ask waits for neither', async () => {
  const before = op.requests.jwks
  await shop.guard.ready()
  expect(op.requests.jwks).toBe(before + 1)
  expect(keys).toEqual([expect.stringMatching(/^proof:/), expect.stringMatching(/^proof:/)])
  await shop.guard.ready()
  const josh = new Browser(shop.app)
  expect((await josh.ask({ action: 'email.change', id_token: await op.mint() })).status).toBe(200)
  expect(op.requests.jwks).toBe(before + 1)
  expect(keys).toHaveLength(2)
})

it('ready rejects with the store’s own error, and succeeds when it is called after that', async () => {
  failure = new Error('relation "afresh_freshness" does not exist')
  await expect(shop.guard.ready()).rejects.toBe(failure)
  failure = null
  await shop.guard.ready()
})

it('ready rejects with what is wrong about a store that forgets', async () => {
  const forgetting: FreshnessStore = { ...memoryStore(), consume: async () => true }
  shop = openShop(op, clock, { store: forgetting })
  await expect(shop.guard.ready()).rejects.toMatchObject({ code: 'configuration_invalid' })
})

it.each([0, 0.5])(
  'ready rejects with why the keys cannot be loaded, %s s after the first time too, and succeeds a second later',
  async seconds => {
    op.down = true
    const first = await shop.guard.ready().catch(error => error)
    expect(first).toBeInstanceOf(Error)
    expect(first).not.toHaveProperty('answer')
    // An engineer needs to know what to reach.
    expect(first.message).toContain(op.issuer)
    expect(shop.errors).toEqual([first])
    clock.advance(seconds)
    await expect(shop.guard.ready()).rejects.toBe(first)
    op.down = false
    clock.advance(1)
    await shop.guard.ready()
  },
)

it('ready says what the store does wrong before it asks the OP', async () => {
  op.down = true
  failure = new Error('no table')
  await expect(shop.guard.ready()).rejects.toBe(failure)
  expect(shop.errors).toEqual([])
})

it('ready is no decision', async () => {
  await shop.guard.ready()
  op.down = true
  clock.advance(10_000)
  await shop.guard.ready().catch(() => {})
  expect(events).toEqual([])
})
