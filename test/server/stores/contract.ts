import { expect, it } from 'vitest'
import type { FreshnessStore } from '../../../src/server/index.ts'

/** A store, and what a test can see of it and do to it behind its back. */
export interface StoreUnderTest {
  readonly store: FreshnessStore
  /** What is kept under a key, and for how many seconds more. Undefined where a test cannot look. */
  readonly kept?: (key: string) => Promise<{ readonly value: number; readonly seconds: number } | undefined>
  /** Lets a key's time run out. */
  readonly expire: (key: string) => Promise<void>
}

let names = 0
/** A key that no other test uses, with characters that mean something to SQL, Redis Cluster and drivers. */
const newKey = (): string => `kind:{it's "${names++}" $1 ? %s :name \\ é}`

/** The same work many times at once. */
const many = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 200 }, (_, index) => work(index)))

/** Says what `FreshnessStore` promises, as tests of one store. @param open gives the store, once it is there */
export function keepsTheContract(open: () => StoreUnderTest): void {
  it('consumes a key once', async () => {
    const { store } = open()
    const key = newKey()
    expect(await store.consume(key, 60)).toBe(true)
    expect(await store.consume(key, 60)).toBe(false)
    expect(await store.consume(`${key} other`, 60)).toBe(true)
    expect(await store.consume(key.toUpperCase(), 60)).toBe(true)
  })

  it('lets one of many consume a key', async () => {
    const key = newKey()
    const results = await many(() => open().store.consume(key, 60))
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it('advances to a greater value only', async () => {
    const key = newKey()
    const results = []
    for (const value of [-1, 0, 0, 5, 4, 1_800_000_000, 1_800_000_001, Number.MAX_SAFE_INTEGER]) {
      results.push(await open().store.advance(key, value, 60))
    }
    expect(results).toEqual([true, true, false, true, false, true, true, true])
  })

  it('lets one of many advance to the same value', async () => {
    const key = newKey()
    const results = await many(() => open().store.advance(key, 7, 60))
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it.each([
    ['NaN', Number.NaN],
    ['a fraction', 0.5],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a number that is not exact', 2 ** 53],
  ])('does not take %s for a value', async (_, value) => {
    const { store, kept } = open()
    const key = newKey()
    expect(await store.advance(key, value, 60)).toBe(false)
    expect(await store.redeem(`${key} challenge`, key, value, 60)).toBe('older')
    expect(await kept?.(key)).toBeUndefined()
    expect(await kept?.(`${key} challenge`)).toBeUndefined()
  })

  it('redeems a challenge once, and a login for one challenge only', async () => {
    const key = newKey()
    const results = []
    for (const [challenge, value] of [
      ['a', 0],
      ['a', 9],
      ['b', 0],
      ['b', -1],
      ['b', 6],
      ['b', 6],
    ] as const) {
      results.push(await open().store.redeem(`${key} ${challenge}`, key, value, 60))
    }
    expect(results).toEqual(['ok', 'used', 'older', 'older', 'ok', 'used'])
  })

  it('lets one of many redeem the same challenge, and keeps the login of that one', async () => {
    const { store, kept } = open()
    const key = newKey()
    const results = await many(index => store.redeem(`${key} challenge`, key, 100 + index, 60))
    expect(results.filter(result => result === 'ok')).toHaveLength(1)
    expect(results.filter(result => result === 'used')).toHaveLength(199)
    if (kept) expect(await kept(key)).toMatchObject({ value: 100 + results.indexOf('ok') })
  })

  it('lets one of many redeem the same login, and keeps none of the other challenges', async () => {
    const { store, kept } = open()
    const key = newKey()
    const results = await many(index => store.redeem(`${key} ${index}`, key, 7, 60))
    expect(results.filter(result => result === 'ok')).toHaveLength(1)
    expect(results.filter(result => result === 'older')).toHaveLength(199)
    for (const [index, result] of results.entries()) {
      const challenge = await kept?.(`${key} ${index}`)
      if (kept) expect(challenge !== undefined).toBe(result === 'ok')
    }
  })

  it('keeps both keys of each login that is redeemed, and none of one that is not, when many come at once', async () => {
    const { store, kept } = open()
    const key = newKey()
    // Where races are lost too often, a refusal without an answer is allowed; half a proof is not.
    const redeem = (index: number) => store.redeem(`${key} ${index}`, key, 100 + (index % 40), 60)
    const results = await many(index => redeem(index).catch(() => 'failed'))
    expect(results).toContain('ok')
    const redeemed = results.flatMap((result, index) => (result === 'ok' ? [100 + (index % 40)] : []))
    expect(new Set(redeemed).size).toBe(redeemed.length)
    for (const [index, result] of results.entries()) {
      const challenge = await kept?.(`${key} ${index}`)
      if (kept) expect(challenge !== undefined).toBe(result === 'ok')
    }
    if (kept) expect(await kept(key)).toMatchObject({ value: Math.max(...redeemed) })
  })

  it.each([
    [60, 60],
    [0.5, 1],
    [0, 1],
    [1.2, 2],
  ])('keeps a key for %s s as %s s', async (ttl, seconds) => {
    const { store, kept } = open()
    const key = newKey()
    await store.consume(key, ttl)
    await store.advance(`${key} login`, 1, ttl)
    await store.redeem(`${key} b`, `${key} c`, 1, ttl)
    for (const end of ['', ' login', ' b', ' c']) {
      const entry = await kept?.(key + end)
      // A second may have passed.
      if (kept) expect([seconds, seconds - 1]).toContain(entry?.seconds)
    }
  })

  it('does not let a second attempt prolong a key', async () => {
    const { store, kept } = open()
    const key = newKey()
    await store.consume(key, 10)
    await store.consume(key, 60)
    await store.redeem(`${key} a`, `${key} login`, 5, 10)
    await store.redeem(`${key} b`, `${key} login`, 5, 60)
    for (const end of ['', ' a', ' login']) {
      if (kept) expect((await kept(key + end))?.seconds).toBeLessThanOrEqual(10)
    }
  })

  it('forgets what has expired', async () => {
    const { store, expire } = open()
    const key = newKey()
    await store.consume(key, 60)
    await expire(key)
    expect(await store.consume(key, 60)).toBe(true)
    expect(await store.consume(key, 60)).toBe(false)

    await store.redeem(`${key} a`, `${key} login`, 9, 60)
    await expire(`${key} login`)
    expect(await store.advance(`${key} login`, 5, 60)).toBe(true)
    await expire(`${key} a`)
    await expire(`${key} login`)
    expect(await store.redeem(`${key} a`, `${key} login`, 5, 60)).toBe('ok')
    expect(await store.redeem(`${key} b`, `${key} login`, 5, 60)).toBe('older')
  })
}
