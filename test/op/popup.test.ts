// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openPopup } from '../../src/op/popup.ts'

/** What the browser tells of a popup. */
let popup: {
  closed: boolean
  focus(): void
  location: { replace(): void; readonly href: string }
  close(): void
}
let atOp = false
let focus = false
const gone: string[] = []

beforeEach(() => {
  vi.useFakeTimers()
  gone.length = 0
  atOp = false
  focus = false
  popup = {
    closed: false,
    focus: vi.fn(),
    location: {
      replace: () => {},
      get href() {
        if (atOp) throw new DOMException('another origin', 'SecurityError')
        return 'about:blank'
      },
    },
    close: () => {},
  }
  vi.stubGlobal('open', () => popup)
  document.hasFocus = () => focus
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const pass = (milliseconds: number): unknown => vi.advanceTimersByTime(milliseconds)

describe('a popup that reads as closed', () => {
  it.each<[string, { navigate?: boolean; atOp?: boolean; focusAfter?: number }, string]>([
    ['was at the OP and gave the focus back', { atOp: true, focusAfter: 0 }, 'closed'],
    ['was at the OP and gave it back a little later', { atOp: true, focusAfter: 500 }, 'closed'],
    ['was at the OP and has it still', { atOp: true }, 'lost'],
    ['was not seen at the OP', { focusAfter: 0 }, 'lost'],
    ['had not left yet', { navigate: false, focusAfter: 0 }, 'closed'],
    ['had not left yet, while the focus is elsewhere', { navigate: false }, 'closed'],
  ])('and %s', (_, { navigate = true, atOp: reaches = false, focusAfter }, how) => {
    const opened = openPopup(way => gone.push(way))
    if (navigate) opened?.navigate('https://op.example/authorize')
    atOp = reaches
    pass(1000)
    expect(gone).toEqual([])
    popup.closed = true
    if (focusAfter !== undefined) setTimeout(() => (focus = true), focusAfter)
    pass(1000)
    expect(gone).toEqual([how])
    pass(10_000)
    expect(gone).toEqual([how])
  })

  it('after we closed it says nothing', () => {
    const opened = openPopup(way => gone.push(way))
    opened?.close()
    popup.closed = true
    focus = true
    pass(10_000)
    expect(gone).toEqual([])
  })
})

it.each([
  ['is open', false, true],
  ['reads as closed', true, false],
])('a popup that %s is shown: it is brought to the front, if it can be', (_, closed, isShown) => {
  const opened = openPopup(() => {})
  popup.closed = closed
  expect(opened?.show()).toBe(isShown)
  expect(popup.focus).toHaveBeenCalled()
})
