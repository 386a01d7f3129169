// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest'
import { readKept, writeKept } from '../../src/devtools/kept.ts'
import { logged } from './samples.ts'

const key = 'afresh:devtools:afresh'
const entries = logged({ type: 'redirect.started' })

beforeEach(() => {
  sessionStorage.clear()
  vi.restoreAllMocks()
})

it('the next page reads what a page has kept', () => {
  const kept = { isOpen: true, tab: 'Timeline', entries }
  writeKept('afresh', kept)
  expect(readKept('afresh')).toEqual(kept)
  expect(readKept('other')).toBeNull()
})

it('what has happened in this page is not read: the client has it', () => {
  const own = [{ at: performance.timeOrigin + 1, type: 'began', work: 'restore' } as const]
  writeKept('afresh', { isOpen: false, tab: 'Now', entries: [...entries, ...own] })
  expect(readKept('afresh')?.entries).toEqual(entries)
})

it.each([
  'no JSON',
  '1',
  'null',
  '[]',
  '{"isOpen":1,"tab":"Now","entries":[]}',
  '{"isOpen":true,"tab":"Now","entries":[null]}',
  '{"isOpen":true,"tab":"Now","entries":[{"at":1,"type":"logged"}]}',
  '{"isOpen":true,"tab":"Now","entries":[{"at":1,"type":"step","event":"x"}]}',
  '{"isOpen":true,"tab":"Now","entries":[{"at":-1e300,"type":"began","work":"restore"}]}',
  '{"isOpen":true,"tab":"Now","entries":[{"at":null,"type":"began","work":"restore"}]}',
])('%s is as good as nothing', text => {
  sessionStorage.setItem(key, text)
  expect(readKept('afresh')).toBeNull()
})

it('a storage that is forbidden is as good as none', () => {
  const refuse = (): never => {
    throw new DOMException('no', 'SecurityError')
  }
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse)
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse)
  expect(() => writeKept('afresh', { isOpen: true, tab: 'Now', entries: [] })).not.toThrow()
  expect(readKept('afresh')).toBeNull()
})
