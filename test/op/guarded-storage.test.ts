// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { browserStorage, guardedStorage, tabStorage } from '../../src/op/guarded-storage.ts'

afterEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  vi.restoreAllMocks()
})

describe('tabStorage', () => {
  it.each([[{ a: [1, null] }], ['text'], [0], [false]])('gives back %j, and keeps it', value => {
    expect(tabStorage.write('key', value)).toBe(true)
    expect(tabStorage.read('key')).toEqual(value)
    expect(tabStorage.read('key')).toEqual(value)
    expect(sessionStorage.getItem('key')).toBe(JSON.stringify(value))
  })

  it('takes a value once', () => {
    tabStorage.write('key', 1)
    expect(tabStorage.take('key')).toBe(1)
    expect(tabStorage.take('key')).toBeNull()
  })

  it('reads what is no JSON as absent', () => {
    sessionStorage.setItem('key', '{')
    expect(tabStorage.read('key')).toBeNull()
  })

  it.each([[1n], [undefined], [() => 1]])('says that it does not keep %s, which is no JSON', value => {
    expect(tabStorage.write('key', value)).toBe(false)
    expect(tabStorage.read('key')).toBeNull()
  })
})

it('browserStorage keeps text as it is', () => {
  expect(browserStorage.write('key', '{')).toBe(true)
  expect(browserStorage.read('key')).toBe('{')
  expect(localStorage.getItem('key')).toBe('{')
})

describe.each([
  ['tabStorage', tabStorage],
  ['browserStorage', browserStorage],
])('%s', (_, storage) => {
  it('removes a value', () => {
    storage.write('key', '1')
    storage.remove('key')
    expect(storage.read('key')).toBeNull()
  })

  it('lists the keys with a prefix', () => {
    for (const key of ['a:1', 'a:2', 'b:1']) storage.write(key, '1')
    expect(storage.keys('a:').sort()).toEqual(['a:1', 'a:2'])
  })
})

const fails = (): never => {
  throw new DOMException('no', 'SecurityError')
}

it.each<[string, () => Storage]>([
  ['that cannot be opened', fails],
  ['whose every method throws', () => ({ getItem: fails, setItem: fails, removeItem: fails }) as never],
])('a storage %s reads as empty, and says that it keeps nothing', (_, open) => {
  const storage = guardedStorage(open)
  expect(storage.read('key')).toBeNull()
  expect(storage.keys('afresh:')).toEqual([])
  expect(storage.write('key', '1')).toBe(false)
  expect(() => storage.remove('key')).not.toThrow()
})
