import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFreshnessGuard, type FreshnessStore, memoryStore } from '../../../src/server/index.ts'
import { processMemory } from '../../../src/server/stores/memory.ts'
import { testKey } from '../../support/keys.ts'
import { ManualClock } from '../../support/shop.ts'
import { keepsTheContract } from './contract.ts'

let clock: ManualClock
let store: FreshnessStore
let roomy: FreshnessStore
beforeEach(() => {
  clock = new ManualClock()
  roomy = memoryStore({ now: clock.now })
  store = memoryStore({ now: clock.now, maxEntries: 3 })
})

describe('the contract', () => {
  keepsTheContract(() => ({
    store: roomy,
    expire: async () => clock.advance(60),
  }))
})

describe('consume', () => {
  it('is true once, and true again when the key has lived its time', async () => {
    expect(await store.consume('a', 60)).toBe(true)
    expect(await store.consume('a', 60)).toBe(false)
    clock.advance(59)
    expect(await store.consume('a', 60)).toBe(false)
    clock.advance(1)
    expect(await store.consume('a', 60)).toBe(true)
  })

  it('is true for one of many at once', async () => {
    const results = await Promise.all(Array.from({ length: 100 }, () => store.consume('a', 60)))
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it('does not let a second attempt prolong the key', async () => {
    await store.consume('a', 60)
    clock.advance(30)
    await store.consume('a', 60)
    clock.advance(30)
    expect(await store.consume('a', 60)).toBe(true)
  })
})

describe('advance', () => {
  it('is true for a greater value only', async () => {
    const results = []
    for (const value of [5, 5, 4, 6, 6]) results.push(await store.advance('a', value, 60))
    expect(results).toEqual([true, false, false, true, false])
  })

  it('knows 0 and negative values, and never advances to NaN', async () => {
    const results = []
    for (const value of [-1, 0, 0, Number.NaN]) results.push(await store.advance('a', value, 60))
    expect(results).toEqual([true, true, false, false])
  })

  it('forgets a value after its time', async () => {
    await store.advance('a', 5, 60)
    clock.advance(60)
    expect(await store.advance('a', 1, 60)).toBe(true)
  })

  it('is true for one of many at once', async () => {
    const results = await Promise.all(Array.from({ length: 100 }, () => store.advance('a', 1, 60)))
    expect(results.filter(Boolean)).toHaveLength(1)
  })
})

describe('a full store', () => {
  beforeEach(async () => {
    for (const key of ['a', 'b', 'c']) await store.consume(key, 60)
  })

  it('rejects a new key rather than forget a live one', async () => {
    await expect(store.consume('d', 60)).rejects.toThrow()
    await expect(store.advance('d', 1, 60)).rejects.toThrow()
    expect(await store.consume('a', 60)).toBe(false)
  })

  it('has room again when keys have lived their time', async () => {
    clock.advance(60)
    expect(await store.consume('d', 60)).toBe(true)
  })

  it('still advances a key it has', async () => {
    expect(await store.advance('a', 2, 60)).toBe(true)
  })
})

it.each([0, -1, 1.5, Number.NaN])('memoryStore refuses maxEntries %s', maxEntries => {
  expect(() => memoryStore({ maxEntries })).toThrowError(
    expect.objectContaining({ code: 'configuration_invalid' }),
  )
})

it("memoryStore goes by the system's clock unless told otherwise", async () => {
  const usual = memoryStore()
  expect([await usual.consume('a', 60), await usual.consume('a', 60)]).toEqual([true, false])
})

describe('redeem', () => {
  it('is ok once, used after that, and older without a greater value', async () => {
    const results = []
    for (const [key, value] of [
      ['a', 5],
      ['a', 9],
      ['b', 5],
      ['b', 6],
    ] as const) {
      results.push(await store.redeem(key, 'login', value, 60))
    }
    expect(results).toEqual(['ok', 'used', 'older', 'ok'])
  })

  it('writes nothing unless it is ok', async () => {
    await store.redeem('a', 'login', 5, 60)
    await store.redeem('a', 'login', 9, 60)
    expect(await store.redeem('b', 'login', 5, 60)).toBe('older')
    expect(await store.consume('b', 60)).toBe(true)
    expect(await store.advance('login', 6, 60)).toBe(true)
  })

  it('writes neither of its keys where there is no room for both', async () => {
    await store.redeem('a:1', 'b:1', 1, 60)
    await store.consume('b:2', 60)
    await store.consume('b:3', 60)
    await expect(store.redeem('a:2', 'b:4', 1, 60)).rejects.toThrow('full')
    expect(await store.consume('a:2', 60)).toBe(true)
  })

  it('is ok for one of many at once', async () => {
    const redeem = (_: unknown, value: number) => store.redeem('a', 'login', value, 60)
    const results = await Promise.all(Array.from({ length: 100 }, redeem))
    expect(results.filter(result => result === 'ok')).toHaveLength(1)
  })

  it('keeps both keys for its time', async () => {
    await store.redeem('a', 'login', 5, 60)
    clock.advance(59)
    expect(await store.redeem('a', 'other', 5, 60)).toBe('used')
    expect(await store.redeem('b', 'login', 5, 60)).toBe('older')
    clock.advance(1)
    expect(await store.redeem('a', 'login', 5, 60)).toBe('ok')
  })
})

it('keys of one kind leave room for those of another', async () => {
  for (const key of ['dpop:1', 'dpop:2', 'dpop:3']) await store.consume(key, 60)
  await expect(store.consume('dpop:4', 60)).rejects.toThrow('full')
  expect(await store.consume('grant:1', 60)).toBe(true)
})

describe("store: 'memory'", () => {
  const open = (store: FreshnessStore | 'memory') =>
    createFreshnessGuard({
      issuer: 'https://login.example.com',
      clientId: 'payments',
      audience: 'https://api.example.com',
      keys: [testKey(1)],
      actions: { pay: { maxAge: 60 } },
      store,
    })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  it('is said aloud in production, once', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    open('memory')
    vi.stubEnv('NODE_ENV', 'production')
    open(memoryStore())
    expect(warn).not.toHaveBeenCalled()
    open('memory')
    open('memory')
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('store'))
  })

  it('is one memory for all guards of the process', async () => {
    const key = `grant:${crypto.randomUUID()}`
    expect(await processMemory().consume(key, 60)).toBe(true)
    expect(await processMemory().consume(key, 60)).toBe(false)
  })
})
