import { beforeEach, expect, it } from 'vitest'
import type { FreshnessStore } from '../../src/server/index.ts'
import { checkedStore } from '../../src/server/stores/checked.ts'
import type { StoreClient } from './redis-clients.ts'

/** What holds of a store in Redis, whichever client it has. Registers its tests. */
export function keepsTheContract(clientNow: () => StoreClient): void {
  let client: StoreClient
  let store: FreshnessStore
  let names = 0
  let key = ''
  beforeEach(() => {
    client = clientNow()
    store = client.store()
    // In braces, so that what belongs together is in one slot of a cluster.
    key = `{key ${names++} of ${crypto.randomUUID()}}`
  })

  it('passes the trial before its first use', async () => {
    await expect(checkedStore(store, 2).tried()).resolves.toBeUndefined()
  })

  it('consumes a key once', async () => {
    expect(await store.consume(key, 60)).toBe(true)
    expect(await store.consume(key, 60)).toBe(false)
  })

  it('lets one of many consume it', async () => {
    const results = await Promise.all(Array.from({ length: 200 }, () => store.consume(key, 60)))
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it.each([
    [60, 60],
    [0.5, 1],
    [0, 1],
    [1.2, 2],
  ])('keeps a key for %s s as %s s in Redis', async (ttl, kept) => {
    await store.consume(key, ttl)
    expect(await client.ttl(`afresh:${key}`)).toBe(kept)
    await store.advance(`${key} login`, 1, ttl)
    expect(await client.ttl(`afresh:${key} login`)).toBe(kept)
  })

  it('does not let a second attempt prolong a key', async () => {
    await store.consume(key, 10)
    await store.consume(key, 60)
    expect(await client.ttl(`afresh:${key}`)).toBeLessThanOrEqual(10)
  })

  it('advances to a greater value only', async () => {
    const results = []
    for (const value of [-1, 0, 0, 5, 4, 1_800_000_000, 1_800_000_001]) {
      results.push(await store.advance(key, value, 60))
    }
    expect(results).toEqual([true, true, false, true, false, true, true])
  })

  it.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY])('never advances to %s', async value => {
    expect(await store.advance(key, value, 60)).toBe(false)
    expect(await client.get(`afresh:${key}`)).toBeNull()
  })

  it('lets one of many advance to the same value at once', async () => {
    const results = await Promise.all(Array.from({ length: 200 }, () => store.advance(key, 7, 60)))
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it('redeems a challenge once, and a login for one challenge only', async () => {
    const results = []
    for (const [challenge, value] of [
      ['a', 5],
      ['a', 9],
      ['b', 5],
      ['b', 4],
      ['b', 6],
    ] as const) {
      results.push(await store.redeem(`${key} ${challenge}`, key, value, 60))
    }
    expect(results).toEqual(['ok', 'used', 'older', 'older', 'ok'])
    expect(await client.get(`afresh:${key}`)).toBe('6')
  })

  it('keeps both keys of what it redeems for their time, and none of what it does not', async () => {
    await store.redeem(`${key} a`, key, 5, 600)
    expect(await store.redeem(`${key} b`, key, 5, 600)).toBe('older')
    for (const end of ['', ' a']) {
      const left = await client.ttl(`afresh:${key}${end}`)
      expect(left).toBeGreaterThan(590)
      expect(left).toBeLessThanOrEqual(600)
    }
    expect(await client.get(`afresh:${key} b`)).toBeNull()
  })

  it.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY])('never redeems by a login of %s', async value => {
    expect(await store.redeem(`${key} a`, key, value, 60)).toBe('older')
    expect(await client.get(`afresh:${key} a`)).toBeNull()
    expect(await client.get(`afresh:${key}`)).toBeNull()
  })

  it('lets one of many redeem the same login at once', async () => {
    const redeem = (_: unknown, index: number) => store.redeem(`${key} ${index}`, key, 7, 60)
    const results = await Promise.all(Array.from({ length: 200 }, redeem))
    expect(results.filter(result => result === 'ok')).toHaveLength(1)
  })

  it('keeps to its prefix', async () => {
    await client.store({ prefix: 'other:' }).consume(key, 60)
    expect(await store.consume(key, 60)).toBe(true)
  })
}
