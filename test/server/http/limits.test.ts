import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTimeLimit } from '../../../src/server/http/limits.ts'
import { type FreshnessStore, memoryStore } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, type Reply, type Shop } from '../../support/shop.ts'

const clock = new ManualClock()
const url = 'https://api.example/api/freshness'
let op: ScriptedOp
let shop: Shop

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  shop = openShop(op, clock)
})
afterEach(() => {
  vi.useRealTimers()
})

interface SlowBody {
  readonly answer: Promise<Response>
  send(data: string | Uint8Array): void
  end(): void
  /** Whether the guard has said that it reads no further. */
  readonly cancelled: boolean
}

/** A request whose body comes when the test says so. */
function sendSlowly(): SlowBody {
  let controller: ReadableStreamDefaultController | undefined
  let cancelled = false
  const body = new ReadableStream({
    start(given) {
      controller = given
    },
    cancel() {
      cancelled = true
    },
  })
  const headers = { 'Content-Type': 'application/json' }
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' }
  return {
    answer: shop.guard.handler(new Request(url, init)),
    send: data => controller?.enqueue(typeof data === 'string' ? new TextEncoder().encode(data) : data),
    end: () => controller?.close(),
    get cancelled() {
      return cancelled
    },
  }
}

describe('a body', () => {
  it('that does not end within ten seconds is 408, however it trickles', async () => {
    vi.useFakeTimers()
    const slow = sendSlowly()
    for (let second = 0; second < 10; second++) {
      slow.send(' ')
      await vi.advanceTimersByTimeAsync(1000)
    }
    const response = await slow.answer
    expect(response.status).toBe(408)
    expect(await response.json()).toEqual({ status: 'failed', error: 'request_timeout' })
    expect(slow.cancelled).toBe(true)
  })

  it.each([
    [16 * 1024, 400],
    [16 * 1024 + 1, 413],
  ])('of %i bytes that says it has 2 is %i', async (size, status) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': '2' }
    const body = new Uint8Array(size).fill(0x20)
    const answer = await shop.guard.handler(new Request(url, { method: 'POST', headers, body }))
    expect(answer.status).toBe(status)
  })

  it('that is too large is not read to its end', async () => {
    const slow = sendSlowly()
    slow.send(' '.repeat(17 * 1024))
    expect((await slow.answer).status).toBe(413)
    expect(slow.cancelled).toBe(true)
  })

  it('that comes byte by byte is the same as one that comes whole', async () => {
    const slow = sendSlowly()
    for (const byte of new TextEncoder().encode('{"action":"zahlung.ändern","id_token":"x"}'))
      slow.send(new Uint8Array([byte]))
    slow.end()
    expect(await (await slow.answer).json()).toMatchObject({ status: 'failed', error: 'unknown_action' })
  })

  it('that ends just before the limit is read', async () => {
    vi.useFakeTimers()
    const slow = sendSlowly()
    await vi.advanceTimersByTimeAsync(9999)
    slow.send('{}')
    slow.end()
    expect((await slow.answer).status).toBe(400)
    await vi.advanceTimersByTimeAsync(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that begins later has ten seconds of its own', async () => {
    vi.useFakeTimers()
    const first = sendSlowly()
    await vi.advanceTimersByTimeAsync(4000)
    const second = sendSlowly()
    await vi.advanceTimersByTimeAsync(6000)
    expect((await first.answer).status).toBe(408)
    await vi.advanceTimersByTimeAsync(3999)
    expect(second.cancelled).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect((await second.answer).status).toBe(408)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a time limit', () => {
  it('forgets work that is done, well or badly', async () => {
    vi.useFakeTimers()
    const late = vi.fn(() => new Error('late'))
    const inTime = createTimeLimit(1000, late)
    expect(await inTime(Promise.resolve('done'))).toBe('done')
    await expect(inTime(Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    await vi.advanceTimersByTimeAsync(1000)
    expect(late).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('keeps no process alive', () => {
    const set = vi.spyOn(globalThis, 'setTimeout')
    createTimeLimit(1000, () => new Error('late'))(new Promise(() => {})).catch(() => {})
    expect(set.mock.results.map(({ value }) => value.hasRef())).toEqual([false])
    set.mockRestore()
  })

  it('has a timer for each piece of work, since in Workers a timer ends with its request', async () => {
    vi.useFakeTimers()
    const inTime = createTimeLimit(1000, () => new Error('late'))
    const never = new Promise<never>(() => {})
    const both = Promise.allSettled([inTime(never), inTime(never)])
    expect(vi.getTimerCount()).toBe(2)
    await vi.advanceTimersByTimeAsync(1000)
    expect(await both).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  })
})

describe('unfinished bodies', () => {
  it('beyond the limit make the oldest a 503, unreported, and an honest request is served', async () => {
    shop = openShop(op, clock, { maxUnfinished: 2 })
    const [first, second, third] = [sendSlowly(), sendSlowly(), sendSlowly()]
    const refused = await first.answer
    expect(refused.status).toBe(503)
    expect(refused.headers.get('Retry-After')).toBe('1')
    expect(await refused.json()).toEqual({ status: 'failed', error: 'temporarily_unavailable' })
    expect(first.cancelled).toBe(true)
    expect(shop.errors).toEqual([])
    const josh = new Browser(shop.app)
    expect((await josh.ask({ action: 'email.change', id_token: await op.mint() })).status).toBe(200)
    expect((await second.answer).status).toBe(503)
    third.send('{}')
    third.end()
    expect((await third.answer).status).toBe(400)
  })
})

describe('finished bodies', () => {
  it('no longer count, so a slow one is not refused for the many that came and went', async () => {
    shop = openShop(op, clock, { maxUnfinished: 2 })
    const slow = sendSlowly()
    const josh = new Browser(shop.app)
    for (let count = 0; count < 5; count++) expect((await josh.ask({})).status).toBe(400)
    slow.send('{}')
    slow.end()
    expect((await slow.answer).status).toBe(400)
  })

  it('no longer count when refused either, so a limit of one refuses two of three that come at once', async () => {
    vi.useFakeTimers()
    shop = openShop(op, clock, { maxUnfinished: 1 })
    const bodies = [sendSlowly(), sendSlowly(), sendSlowly()]
    // A body that is refused is read no further.
    await vi.advanceTimersByTimeAsync(9_999)
    expect(bodies.map(({ cancelled }) => cancelled)).toEqual([true, true, false])
    await vi.advanceTimersByTimeAsync(1)
    expect((await bodies[2]?.answer)?.status).toBe(408)
  })
})

describe('work on requests whose body has arrived', () => {
  it('beyond the limit is a 503 with Retry-After, unreported, and what is under way goes on', async () => {
    let finish = (): void => {}
    const waiting = new Promise<null>(resolve => {
      finish = () => resolve(null)
    })
    shop = openShop(op, clock, { maxConcurrent: 2, authenticate: () => waiting })
    const josh = new Browser(shop.app)
    const inWork = [josh.ask({ action: 'email.change' }), josh.ask({ action: 'email.change' })]
    const refused = await josh.ask({ action: 'email.change' })
    expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(refused.headers.get('Retry-After')).toBe('1')
    expect(shop.errors).toEqual([])
    finish()
    for (const reply of await Promise.all(inWork)) expect(reply.status).toBe(403)
    expect((await josh.ask({ action: 'email.change' })).status).toBe(403)
  })
})

describe('a store that does not answer in time', () => {
  const never = new Promise<never>(() => {})

  it.each<[string, Partial<FreshnessStore>]>([
    ['consume', { consume: () => never }],
    ['redeem', { redeem: () => never }],
  ])('to %s is a 503 after two seconds, and grants nothing', async (_, hanging) => {
    shop = openShop(op, clock, { store: { ...memoryStore({ now: clock.now }), ...hanging } })
    const josh = new Browser(shop.app)
    const { body } = await josh.approve()
    clock.advance(1)
    const proof = await op.mint({ nonce: body.nonce })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    let reply: Reply | undefined
    const done = josh.prove(body.challenge, proof).then(given => {
      reply = given
    })
    while (vi.getTimerCount() === 0) await new Promise(resolve => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(1999)
    expect(reply).toBeUndefined()
    while (!reply) {
      await vi.advanceTimersByTimeAsync(1)
      await new Promise(resolve => setImmediate(resolve))
    }
    await done
    expect(reply).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(reply.body.grant).toBeUndefined()
    expect(shop.errors).toHaveLength(1)
  })

  it('is a 503 to the sensitive call too, after the time that the options give', async () => {
    const josh = new Browser(shop.app)
    const { body } = await josh.ask({ action: 'email.change', id_token: await op.mint() })
    const store = { ...memoryStore({ now: clock.now }), consume: () => never }
    const broken = openShop(op, clock, { store, storeTimeout: 0.02 })
    josh.app = broken.app
    const reply = await josh.send('/api/email', {}, { 'Step-Up-Grant': body.grant ?? '' })
    expect(reply.status).toBe(503)
    expect(broken.ledger).toEqual([])
  })
})
