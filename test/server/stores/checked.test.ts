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

describe('a store that does not tell the first time from the second serves nothing', () => {
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

  it('whose redeem forgets one of its two keys', async () => {
    const store = memoryStore()
    const redeem: FreshnessStore['redeem'] = async (key, _, __, ttl) =>
      (await store.consume(key, ttl)) ? 'ok' : 'used'
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

it('only true is true, also once the store has proved itself', async () => {
  const kept = memoryStore()
  let lies = false
  const consume: FreshnessStore['consume'] = async (...entry) =>
    lies ? ('OK' as unknown as boolean) : kept.consume(...entry)
  const store = checkedStore({ ...kept, consume }, 2)
  expect(await store.consume('grant:a', 60)).toBe(true)
  lies = true
  expect(await store.consume('grant:b', 60)).toBe(false)
})

it.each<[string, () => Promise<boolean>]>([
  ['rejects', () => Promise.reject(new Error('down'))],
  [
    'throws at once',
    () => {
      throw new Error('down')
    },
  ],
])('a store that %s is a 503, and is asked again the next time', async (_, fail) => {
  const kept = memoryStore()
  const consume = vi.fn(kept.consume).mockImplementationOnce(fail)
  const store = checkedStore({ ...kept, consume }, 2)
  await expect(store.consume('grant:a', 60)).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    cause: new Error('down'),
  })
  expect(await store.consume('grant:a', 60)).toBe(true)
})
