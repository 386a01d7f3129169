// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { guardedStorage, readValue, takeValue, writeValue } from '../../src/op/guarded-storage.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'

const { browserStorage, tabStorage } = pageBrowser

afterEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  vi.restoreAllMocks()
})

describe('a value in JSON', () => {
  it.each([[{ a: [1, null] }], ['text'], [0], [false]])('%j is given back, and stays', value => {
    expect(writeValue(tabStorage, 'key', value)).toBe(true)
    expect(readValue(tabStorage, 'key')).toEqual(value)
    expect(readValue(tabStorage, 'key')).toEqual(value)
    expect(sessionStorage.getItem('key')).toBe(JSON.stringify(value))
  })

  it('is taken once', () => {
    writeValue(tabStorage, 'key', 1)
    expect(takeValue(tabStorage, 'key')).toBe(1)
    expect(takeValue(tabStorage, 'key')).toBeNull()
  })

  it('that is none is read as absent', () => {
    sessionStorage.setItem('key', '{')
    expect(readValue(tabStorage, 'key')).toBeNull()
  })

  it.each([[1n], [undefined], [() => 1]])('is none for %s, which is not kept', value => {
    expect(writeValue(tabStorage, 'key', value)).toBe(false)
    expect(readValue(tabStorage, 'key')).toBeNull()
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
