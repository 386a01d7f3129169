import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { measureClock } from '../../src/client/measure-clock.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'

const [page, guard] = ['https://app.example/auth/callback.html', 'https://api.example/freshness']
const asked: Request[] = []

type Headers = Readonly<Record<string, string>>

/** What each URL answers, in the middle of a round trip of 2 s. */
function answer(answers: Readonly<Record<string, () => Headers | null>>): void {
  vi.stubGlobal('fetch', async (input: URL, init: RequestInit) => {
    asked.push(new Request(input, init))
    vi.advanceTimersByTime(1000)
    const headers = answers[input.origin + input.pathname]?.()
    vi.advanceTimersByTime(1000)
    if (!headers) throw new TypeError('Failed to fetch')
    return new Response(null, { status: 405, headers })
  })
}

/** What a server says of the time whose clock is so many seconds behind this device's. */
const date = (behind: number): string => new Date(Date.now() - behind * 1000).toUTCString()

beforeEach(() => {
  asked.length = 0
  vi.useFakeTimers({ now: Date.parse('2026-11-29T12:00:00.500Z') })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it.each([0, 61, -360, 86_400])('tells that a device is %i s ahead', async ahead => {
  answer({ [page]: () => ({ Date: date(ahead) }) })
  expect(await measureClock(pageBrowser, [page])).toBe(ahead)
})

it('counts the time that an answer was kept in a cache', async () => {
  answer({ [page]: () => ({ Date: date(100), Age: '40' }) })
  expect(await measureClock(pageBrowser, [page])).toBe(60)
})

it('asks past caches and service workers, each time for another URL', async () => {
  answer({ [page]: () => ({ Date: date(0) }) })
  await measureClock(pageBrowser, [page])
  await measureClock(pageBrowser, [page])
  expect(asked.map(({ cache }) => cache)).toEqual(['no-store', 'no-store'])
  expect(new Set(asked.map(({ url }) => url)).size).toBe(2)
})

it.each<[string, Readonly<Record<string, string>> | null]>([
  ['no time', {}],
  ['nonsense', { Date: 'soon' }],
  ['nothing', null],
])('asks the next server when the first tells %s', async (_, first) => {
  answer({ [page]: () => first, [guard]: () => ({ Date: date(61) }) })
  expect(await measureClock(pageBrowser, [page, guard])).toBe(61)
})

it('gives null when no server tells', async () => {
  answer({ [page]: () => ({}), [guard]: () => null })
  expect(await measureClock(pageBrowser, [page, guard])).toBeNull()
})
