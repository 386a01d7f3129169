import type { Browser } from '../op/browser.ts'
import { abortAfter } from '../op/time-limit.ts'

type Asking = Pick<Browser, 'clock' | 'fetch'>

/** Milliseconds that a server may take. */
const timeLimit = 3000

/**
 * How far this device's clock is ahead of a server's, to about a second. It asks one URL after the other for a `Date`
 * header that this page may read: any of its own origin has one, another origin must expose it. It never rejects.
 *
 * @returns seconds, negative when the device's clock is behind; null when no server tells
 * @see RFC 9110 §6.6.1
 */
export async function measureClock(browser: Asking, urls: readonly string[]): Promise<number | null> {
  for (const url of urls) {
    const ahead = await clockAheadOf(browser, url)
    if (ahead !== null) return ahead
  }
  return null
}

async function clockAheadOf({ clock, fetch }: Asking, url: string): Promise<number | null> {
  // A service worker or a cache that ignores `no-store` would answer with an old time.
  const fresh = new URL(url)
  fresh.searchParams.set('clock', crypto.randomUUID())
  const sentAt = clock.now()
  const start = clock.elapsed()
  try {
    const { headers } = await abortAfter(clock, timeLimit, signal =>
      fetch(fresh, { cache: 'no-store', signal }),
    )
    const answeredAt = sentAt + (clock.elapsed() - start) / 2
    const age = Number(headers.get('Age') ?? 0)
    // The header has whole seconds: on average, half of one has passed.
    const serverTime = Date.parse(headers.get('Date') ?? '') + age * 1000 + 500
    const ahead = Math.round((answeredAt - serverTime) / 1000)
    return Number.isFinite(ahead) ? ahead : null
  } catch {
    return null
  }
}
