import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshnessStore, type GuardOptions, memoryStore } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, type Reply } from '../../support/shop.ts'

/** What is used is remembered by all processes, for as long as any of them would take it. */

const clock = new ManualClock()
let op: ScriptedOp
let store: FreshnessStore

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  store = memoryStore({ now: clock.now })
})

const actions: GuardOptions['actions'] = {
  'email.change': { maxAge: 300, grant: { ttl: 2 } },
  'payment.reject': { reauthenticate: true },
}

/** One process of the API; all share the store and the key. */
function open(options: Partial<GuardOptions> = {}): Browser {
  return new Browser(openShop(op, clock, { actions, store, ...options }).app)
}

/** The same browser at another process. */
function at(browser: Browser, process: Browser): Browser {
  const moved = new Browser(process.app)
  for (const [name, value] of browser.cookies) moved.cookies.set(name, value)
  return moved
}

const changeEmail = (browser: Browser, grant = ''): Promise<Reply> =>
  browser.send('/api/email', {}, { 'Step-Up-Grant': grant })

describe('a grant', () => {
  const ask = async (browser: Browser): Promise<string> =>
    (await browser.ask({ action: 'email.change', id_token: await op.mint() })).body.grant ?? ''

  it('is remembered as used while a process whose clock is behind by twice the skew would take it', async () => {
    const fast = open({ clockSkew: 1, now: () => clock.time + 1 })
    const slow = open({ clockSkew: 1, now: () => clock.time - 1 })
    const grant = await ask(fast)
    expect((await changeEmail(fast, grant)).status).toBe(200)
    for (const second of [1, 2, 3, 4, 5]) {
      clock.advance(1)
      expect([second, (await changeEmail(at(fast, slow), grant)).status]).toEqual([second, 401])
    }
  })

  it('of another client of the same API is none', async () => {
    const ours = open()
    const grant = await ask(ours)
    expect((await changeEmail(at(ours, open({ clientId: 'admin' })), grant)).status).toBe(401)
    expect((await changeEmail(ours, grant)).status).toBe(200)
  })

  it.each<[string, GuardOptions['actions'][string]]>([
    ['a shorter maxAge', { maxAge: 60 }],
    ['reauthenticate', { reauthenticate: true, maxAge: 300 }],
    ['an acr', { maxAge: 300, acrValues: ['urn:mfa'] }],
    ['an amr', { maxAge: 300, amr: ['otp'] }],
    ['a local-IdP rule', { maxAge: 300, localIdp: () => true }],
  ])(
    'that met a policy without %s is answered with a challenge of the new policy, and kept',
    async (_, policy) => {
      const before = open()
      const grant = await ask(before)
      const after = open({ actions: { ...actions, 'email.change': policy } })
      expect(await changeEmail(at(before, after), grant)).toMatchObject({
        status: 401,
        body: { status: 'challenged' },
      })
      expect((await changeEmail(before, grant)).status).toBe(200)
    },
  )
})

describe('after a restart of a process that remembers in memory', () => {
  it('a grant that was used and a proof that was shown count as expired', async () => {
    const before = open({ store: memoryStore({ now: clock.now }) })
    const { challenge, nonce } = (await before.send('/api/payments/reject', {})).body
    clock.advance(1)
    const proof = await op.mint({ nonce })
    expect((await before.prove(challenge, proof)).body.status).toBe('granted')
    const asked = await before.ask({ action: 'email.change', id_token: await op.mint() })
    expect((await changeEmail(before, asked.body.grant)).status).toBe(200)
    clock.advance(1)
    const after = at(before, open({ store: memoryStore({ now: clock.now }) }))
    expect((await changeEmail(after, asked.body.grant)).status).toBe(401)
    expect((await after.prove(challenge, proof)).body.error).toBe('challenge_expired')
  })
})

it('a policy’s list is copied, so a later change to it weakens nothing', async () => {
  const acrValues = ['urn:mfa']
  const josh = open({ actions: { 'email.change': { maxAge: 300, acrValues } } })
  acrValues.push('urn:pwd')
  expect(
    (await josh.ask({ action: 'email.change', id_token: await op.mint({ acr: 'urn:pwd' }) })).status,
  ).toBe(401)
})

describe('a challenge', () => {
  const challenged = async (browser: Browser): Promise<Reply['body']> => {
    const { body } = await browser.send('/api/payments/reject', {})
    clock.advance(1)
    return body
  }

  it('outlives a deploy that edits its policy, and is judged by the new one', async () => {
    const before = open()
    const { challenge, nonce } = await challenged(before)
    const after = open({ actions: { ...actions, 'payment.reject': { reauthenticate: true, amr: ['otp'] } } })
    const weak = await at(before, after).prove(challenge, await op.mint({ nonce }))
    expect(weak.body.error).toBe('amr_unmet')
    const strong = await at(before, after).prove(challenge, await op.mint({ nonce, amr: ['otp'] }))
    expect(strong.body.status).toBe('granted')
  })

  it('of another client of the same API is none', async () => {
    const ours = open()
    const { challenge, nonce } = await challenged(ours)
    const theirs = at(ours, open({ clientId: 'admin' }))
    const proof = await op.mint({ nonce, aud: 'admin' })
    expect((await theirs.prove(challenge, proof)).body.error).toBe('invalid_token')
  })

  it.each(['rejects', 'gives no answer of the contract'])(
    'whose store %s is not used up, and the retry is granted',
    async how => {
      let fails = true
      const redeem: FreshnessStore['redeem'] = async (...entry) => {
        if (!fails || entry[0].startsWith('proof:')) return store.redeem(...entry)
        if (how === 'rejects') throw new Error('down')
        return 'QUEUED' as 'ok'
      }
      const josh = open({ store: { ...store, redeem } })
      const { challenge, nonce } = await challenged(josh)
      const proof = await op.mint({ nonce })
      expect((await josh.prove(challenge, proof)).status).toBe(503)
      fails = false
      expect((await josh.prove(challenge, proof)).body.status).toBe('granted')
    },
  )

  it('cannot be proved by the login that served a shorter-lived one, however long ago', async () => {
    const long = open({ challengeTtl: 3_600 })
    const waiting = await challenged(long)
    const short = at(long, open({ challengeTtl: 60 }))
    const { challenge, nonce } = await challenged(short)
    const auth_time = clock.time
    expect((await short.prove(challenge, await op.mint({ nonce, auth_time }))).body.status).toBe('granted')
    clock.advance(3_000)
    const late = await op.mint({ nonce: waiting.nonce, auth_time })
    expect((await long.prove(waiting.challenge, late)).body.error).toBe('stale')
  })

  it.each<[string, string, GuardOptions['actions'][string], number[], number]>([
    ['its life and twice the skew', 'consume', { maxAge: 0 }, [600, 600], 659],
    ['the longest life and twice the skew', 'redeem', { reauthenticate: true }, [600, 600], 3660],
    ['the same where it was given longer', 'redeem', { reauthenticate: true }, [3600, 600], 3660],
  ])('is remembered as used for %s', async (_, operation, policy, [given = 0, today = 0], seconds) => {
    const kept: [string, number][] = []
    const noting: FreshnessStore = {
      ...store,
      consume(key, ttl) {
        if (!key.startsWith('proof:')) kept.push(['consume', ttl])
        return store.consume(key, ttl)
      },
      redeem(key, login, value, ttl) {
        if (!key.startsWith('proof:')) kept.push(['redeem', ttl])
        return store.redeem(key, login, value, ttl)
      },
    }
    const options = { store: noting, actions: { 'payment.reject': policy } }
    const before = open({ ...options, challengeTtl: given })
    const { challenge, nonce } = await challenged(before)
    const after = at(before, open({ ...options, challengeTtl: today }))
    expect((await after.prove(challenge, await op.mint({ nonce }))).body.status).toBe('granted')
    expect(kept).toEqual([[operation, seconds]])
  })

  it('is not used up by another login that is stale', async () => {
    const josh = open()
    const [a, b] = [await challenged(josh), await challenged(josh)]
    const login = clock.time
    const answer = async (to: Reply['body'], auth_time: number): Promise<string | undefined> => {
      const { body } = await josh.prove(to.challenge, await op.mint({ nonce: to.nonce, auth_time }))
      return body.error ?? body.status
    }
    expect(await answer(a, login)).toBe('granted')
    expect(await answer(b, login)).toBe('stale')
    clock.advance(1)
    expect(await answer(b, login + 1)).toBe('granted')
  })

  it('names people by a hash, in keys that Redis Cluster keeps in one slot', async () => {
    const keys: string[] = []
    const redeem: FreshnessStore['redeem'] = (...entry) => {
      keys.push(entry[0], entry[1])
      return store.redeem(...entry)
    }
    const josh = open({ store: { ...store, redeem } })
    const { challenge, nonce } = await challenged(josh)
    await josh.prove(challenge, await op.mint({ nonce }))
    const [used, login] = keys.slice(-2)
    const tag = /\{([\w-]{43})\}/.exec(used ?? '')?.[1]
    expect(login).toBe(`login:{${tag}}`)
    expect(keys.join()).not.toContain('josh')
  })
})
