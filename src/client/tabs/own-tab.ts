import type { SessionTokens } from '../../core/tokens.ts'
import type { Browser, BrowserClock, Locks } from '../../op/browser.ts'
import { readValue, writeValue } from '../../op/guarded-storage.ts'
import { abortAfter } from '../../op/time-limit.ts'

type TabBrowser = Pick<Browser, 'clock' | 'tabStorage' | 'locks'>

/** Milliseconds that the page which a reload replaces may take to be gone. */
const unloadTime = 1000

/** One claim a client, keyed by its `disposed` signal. */
const tabClaims = new WeakMap<AbortSignal, Promise<boolean>>()

/**
 * The tokens that this tab's sessionStorage holds, as far as this tab may use them: see `claimTab`. With the first
 * tokens the tab is claimed.
 *
 * @param tabKey where sessionStorage keeps the tab's id
 * @param disposed ends the claim
 */
export async function ownTokens(
  browser: TabBrowser,
  tabKey: string,
  tokens: SessionTokens,
  disposed: AbortSignal,
): Promise<SessionTokens> {
  const claim = tabClaims.get(disposed) ?? claimTab(browser, tabKey, disposed)
  tabClaims.set(disposed, claim)
  const { refreshToken, ...others } = tokens
  return (await claim) ? tokens : others
}

/**
 * Whether this tab is the one that its sessionStorage was written in. A duplicated tab starts with a copy of it, and of
 * the two only one may go on with a refresh token: an OP that sees a rotated one again ends the session for both.
 *
 * The tab has an id in its sessionStorage, and holds a lock of that name as long as its page lives. A tab that cannot
 * have the lock is the copy, and gets an id of its own. A tab without an id, or without Web Locks, cannot tell, and
 * counts as a copy.
 */
async function claimTab(browser: TabBrowser, key: string, disposed: AbortSignal): Promise<boolean> {
  const { clock, tabStorage, locks } = browser
  if (!locks) return false
  const kept = readValue<string>(tabStorage, key)
  const isOwn = kept !== null && (await hold(locks, clock, `${key} ${kept}`, disposed))
  if (!isOwn) {
    const id = crypto.randomUUID()
    // Known only once it is held, so that no copy can be first.
    if (await hold(locks, clock, `${key} ${id}`, disposed)) writeValue(tabStorage, key, id)
  }
  return isOwn
}

/** False also where the browser refuses, or throws. */
async function hold(
  locks: Locks,
  clock: BrowserClock,
  name: string,
  disposed: AbortSignal,
): Promise<boolean> {
  const gone = new Promise<void>(end => disposed.addEventListener('abort', () => end()))
  const isHeld = (signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const held = (): Promise<void> => {
        resolve(true)
        return disposed.aborted ? Promise.resolve() : gone
      }
      locks.request(name, { signal }, held).catch(reject)
    })
  return abortAfter(clock, unloadTime, isHeld).catch(() => false)
}
