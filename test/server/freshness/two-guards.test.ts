import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type FreshnessStore, type GuardOptions, memoryStore } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, type Reply } from '../../support/shop.ts'

/** Two guards with one store, one list of keys and one browser, such as those of two tenants or two apps. */

const clock = new ManualClock()
let op: ScriptedOp
/** Another OP, whose tokens are signed by the same keys. */
let otherOp: ScriptedOp
let store: FreshnessStore
/** The keys of the store's entries. */
let keys: string[]

beforeAll(async () => {
  op = await startOp(clock.now)
  otherOp = await startOp(clock.now)
})
afterAll(() => Promise.all([op.close(), otherOp.close()]))
beforeEach(() => {
  clock.time = 1_800_000_000
  keys = []
  const kept = memoryStore({ now: clock.now })
  store = {
    consume(key, ttl) {
      if (!key.startsWith('proof:')) keys.push(key)
      return kept.consume(key, ttl)
    },
    advance: kept.advance,
    redeem(key, login, value, ttl) {
      if (!key.startsWith('proof:')) keys.push(key, login)
      return kept.redeem(key, login, value, ttl)
    },
  }
})

const actions = { pay: { reauthenticate: true }, 'email.change': { maxAge: 300 } } as const

function open(from: ScriptedOp, cookies: Browser['cookies'], options: Partial<GuardOptions> = {}): Browser {
  const { app } = openShop(from, clock, { actions, store, ...options })
  return Object.assign(new Browser(app), { cookies })
}

const changeEmail = (browser: Browser, grant = ''): Promise<Reply> =>
  browser.send('/api/email', {}, { 'Step-Up-Grant': grant })

const others: [string, (cookies: Browser['cookies']) => [Browser, ScriptedOp, object]][] = [
  ['client', cookies => [open(op, cookies, { clientId: 'admin' }), op, { aud: 'admin' }]],
  ['API', cookies => [open(op, cookies, { audience: 'https://other.example' }), op, {}]],
  ['OP', cookies => [open(otherOp, cookies), otherOp, {}]],
]

it.each(others)(
  'a challenge and a grant count for nothing at the guard of another %s',
  async (_, openOther) => {
    const cookies: Browser['cookies'] = new Map()
    const ours = open(op, cookies)
    const [theirs, theirOp, claims] = openOther(cookies)

    const { challenge, nonce } = (await ours.ask({ action: 'pay', id_token: await op.mint() })).body
    clock.advance(1)
    const theirProof = await theirOp.mint({ nonce, ...claims })
    expect((await theirs.prove(challenge, theirProof)).body.error).toBe('invalid_token')
    expect((await ours.prove(challenge, await op.mint({ nonce }))).body.status).toBe('granted')

    const { grant } = (await ours.ask({ action: 'email.change', id_token: await op.mint() })).body
    expect((await changeEmail(theirs, grant)).status).toBe(401)
    expect((await changeEmail(ours, grant)).status).toBe(200)
  },
)

it.each(others)(
  'the guard of another %s has entries of its own, except for a login at one OP',
  async (name, openOther) => {
    const cookies: Browser['cookies'] = new Map()
    const theirs = openOther(cookies)
    const guards = [[open(op, cookies), op, {}] as const, theirs]
    const asked = []
    for (const [browser, from, claims] of guards) {
      const { body } = await browser.ask({
        action: 'pay',
        id_token: await from.mint({ ...claims, auth_time: 0 }),
      })
      asked.push({ browser, from, claims, body })
    }
    clock.advance(1)
    const outcomes = []
    for (const { browser, from, claims, body } of asked) {
      const login = await from.mint({ ...claims, nonce: body.nonce })
      const proved = await browser.prove(body.challenge, login)
      outcomes.push(proved.body.error ?? proved.body.status)
    }
    // A login serves one challenge, whichever guard has made it.
    expect(outcomes).toEqual(['granted', name === 'OP' ? 'granted' : 'stale'])
    const [challenge, login, theirChallenge, theirLogin] = keys
    expect(theirChallenge).not.toBe(challenge)
    expect(theirLogin === login).toBe(name !== 'OP')
  },
)

it('no entry names the person', async () => {
  const ours = open(op, new Map())
  const { body } = await ours.ask({ action: 'pay', id_token: await op.mint() })
  clock.advance(1)
  await ours.prove(body.challenge, await op.mint({ nonce: body.nonce }))
  const { grant } = (await ours.ask({ action: 'email.change', id_token: await op.mint() })).body
  await changeEmail(ours, grant)
  expect(keys.map(key => key.replace(/:.*/, ''))).toEqual(['challenge', 'login', 'grant'])
  expect(keys.join()).not.toContain('josh')
})
