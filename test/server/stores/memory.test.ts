import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFreshnessGuard, type FreshnessStore, memoryStore } from '../../../src/server/index.ts'
import { ManualClock } from '../../support/shop.ts'

let clock: ManualClock
let store: FreshnessStore
beforeEach(() => {
  clock = new ManualClock()
  store = memoryStore({ now: clock.now, maxEntries: 3 })
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

it.each([0, -1, 1.5, Number.NaN])('maxEntries %s is refused', maxEntries => {
  expect(() => memoryStore({ maxEntries })).toThrowError(
    expect.objectContaining({ code: 'configuration_invalid' }),
  )
})

it("goes by the system's clock unless told otherwise", async () => {
  const usual = memoryStore()
  expect([await usual.consume('a', 60), await usual.consume('a', 60)]).toEqual([true, false])
})

describe('as the default', () => {
  const open = (store?: FreshnessStore) =>
    createFreshnessGuard({
      issuer: 'https://login.example.com',
      clientId: 'payments',
      audience: 'https://api.example.com',
      keys: [new Uint8Array(32)],
      actions: { pay: { maxAge: 60 } },
      ...(store && { store }),
    })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  it('is warned of in production, once, and only when nobody chose it', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    open()
    vi.stubEnv('NODE_ENV', 'production')
    open(memoryStore())
    expect(warn).not.toHaveBeenCalled()
    open()
    open()
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('store'))
  })
})
