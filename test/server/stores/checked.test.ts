import { describe, expect, it, vi } from 'vitest'
import { type FreshnessStore, memoryStore } from '../../../src/server/index.ts'
import { checkedStore } from '../../../src/server/stores/checked.ts'

type Answers = Partial<Record<keyof FreshnessStore, unknown>>

/** A store that answers as an adapter might that passes on what its driver says. */
function answering(answers: Answers): FreshnessStore {
  const store = memoryStore()
  const give = (name: keyof FreshnessStore) => async (): Promise<never> => answers[name] as never
  return {
    consume: 'consume' in answers ? give('consume') : store.consume,
    advance: 'advance' in answers ? give('advance') : store.advance,
    redeem: 'redeem' in answers ? give('redeem') : store.redeem,
  }
}

const misconfigured = {
  code: 'temporarily_unavailable',
  cause: { code: 'configuration_invalid' },
}

describe('a store that cannot tell the first time from the second serves nothing', () => {
  it.each<[string, Answers]>([
    ['{ rowCount: 0 }', { consume: { rowCount: 0 } }],
    ['{ rowCount: 1 }', { consume: { rowCount: 1 } }],
    ["'0'", { consume: '0' }],
    ["'OK'", { consume: 'OK' }],
    ['1', { consume: 1 }],
    ['[]', { consume: [] }],
    ["'QUEUED'", { consume: 'QUEUED' }],
    ['true each time', { consume: true }],
    ['nothing', { consume: undefined }],
    ['true to each advance', { advance: true }],
    ['1 to each advance', { advance: 1 }],
    ['ok to each redeem', { redeem: 'ok' }],
    ['true to redeem', { redeem: true }],
    ['OK to redeem', { redeem: 'OK' }],
  ])('that answers %s', async (_, answers) => {
    const store = checkedStore(answering(answers), 2)
    await expect(store.consume('grant:a', 60)).rejects.toMatchObject(misconfigured)
    await expect(store.advance('login:a', 1, 60)).rejects.toMatchObject(misconfigured)
    await expect(store.redeem('challenge:a', 'login:a', 1, 60)).rejects.toMatchObject(misconfigured)
  })

  const wrongRedeems: Readonly<Record<string, (store: FreshnessStore) => FreshnessStore['redeem']>> = {
    'knows challenges only': store => async (key, _, __, ttl) =>
      (await store.consume(key, ttl)) ? 'ok' : 'used',
    'knows logins only': store => async (_, login, value, ttl) =>
      (await store.advance(login, value, ttl)) ? 'ok' : 'older',
    'lets a login go back': store => async (key, login, value, ttl) => {
      if (!(await store.consume(key, ttl))) return 'used'
      await store.advance(login, value, ttl)
      return 'ok'
    },
    'stores no login': store => async (key, _, value, ttl) => {
      // What is stored when the store is tried is 2.
      if (value <= 2) return 'older'
      return (await store.consume(key, ttl)) ? 'ok' : 'used'
    },
  }
  it.each(Object.entries(wrongRedeems))('whose redeem %s', async (_, wrong) => {
    const store = memoryStore()
    const redeem = wrong(store)
    await expect(checkedStore({ ...store, redeem }, 2).consume('grant:a', 60)).rejects.toMatchObject(
      misconfigured,
    )
  })
})

it('a good store proves itself once, under keys of its own, and only before its first use', async () => {
  const keys: string[] = []
  const kept = memoryStore()
  const consume: FreshnessStore['consume'] = (key, ttl) => {
    keys.push(key)
    return kept.consume(key, ttl)
  }
  const store = checkedStore({ ...kept, consume }, 2)
  expect(keys).toEqual([])
  const answers = await Promise.all([store.consume('grant:a', 60), store.consume('grant:a', 60)])
  expect(answers).toEqual([true, false])
  const own = keys.filter(key => key.startsWith('proof:'))
  expect(own).toHaveLength(2)
  await store.consume('grant:b', 60)
  expect(keys.filter(key => key.startsWith('proof:'))).toEqual(own)
})

it('each process may try a store that all of them share', async () => {
  const shared = memoryStore()
  for (const grant of ['grant:a', 'grant:b']) {
    expect(await checkedStore(shared, 2).consume(grant, 60)).toBe(true)
  }
})

it('only true counts as true, even after the store has proved itself', async () => {
  const kept = memoryStore()
  let lies = false
  const consume: FreshnessStore['consume'] = async (...entry) =>
    lies ? ('OK' as unknown as boolean) : kept.consume(...entry)
  const advance: FreshnessStore['advance'] = async (...entry) =>
    lies ? ('OK' as unknown as boolean) : kept.advance(...entry)
  const store = checkedStore({ ...kept, consume, advance }, 2)
  expect(await store.consume('grant:a', 60)).toBe(true)
  expect(await store.advance('login:a', 1, 60)).toBe(true)
  lies = true
  expect(await store.consume('grant:b', 60)).toBe(false)
  expect(await store.advance('login:a', 2, 60)).toBe(false)
})

const failures: [string, () => Promise<never>][] = [
  ['rejects', () => Promise.reject(new Error('down'))],
  [
    'throws at once',
    () => {
      throw new Error('down')
    },
  ],
]
it.each(failures)('a store that %s is a 503, and is asked again the next time', async (_, fail) => {
  const kept = memoryStore()
  const consume = vi.fn(kept.consume).mockImplementationOnce(fail)
  const store = checkedStore({ ...kept, consume }, 2)
  await expect(store.consume('grant:a', 60)).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    cause: new Error('down'),
  })
  expect(await store.consume('grant:a', 60)).toBe(true)
})

it.each(failures)('a store that %s after it has proved itself is a 503 too', async (_, fail) => {
  const kept = memoryStore()
  let fails = false
  const consume: FreshnessStore['consume'] = (...entry) => (fails ? fail() : kept.consume(...entry))
  const store = checkedStore({ ...kept, consume }, 2)
  expect(await store.consume('grant:a', 60)).toBe(true)
  fails = true
  await expect(store.consume('grant:b', 60)).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    cause: new Error('down'),
  })
})

it('an answer to redeem outside the contract is a 503, even after the store has proved itself', async () => {
  const kept = memoryStore()
  let lies = false
  const redeem: FreshnessStore['redeem'] = async (...entry) =>
    lies ? ('OK' as unknown as 'ok') : kept.redeem(...entry)
  const store = checkedStore({ ...kept, redeem }, 2)
  expect(await store.redeem('challenge:a', 'login:a', 1, 60)).toBe('ok')
  lies = true
  await expect(store.redeem('challenge:b', 'login:a', 2, 60)).rejects.toMatchObject(misconfigured)
})
