import type { SessionTokens } from '../../core/tokens.ts'
import { tabStorage } from '../browser.ts'
import { hasLocks } from './locks.ts'

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
  tabKey: string,
  tokens: SessionTokens,
  disposed: AbortSignal,
): Promise<SessionTokens> {
  const claim = tabClaims.get(disposed) ?? claimTab(tabKey, disposed)
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
async function claimTab(key: string, disposed: AbortSignal): Promise<boolean> {
  if (!hasLocks()) return false
  const kept = tabStorage.read<string>(key)
  const isOwn = kept !== null && (await hold(`${key} ${kept}`, disposed))
  if (!isOwn) {
    const id = crypto.randomUUID()
    // Known only once it is held, so that no copy can be first.
    if (await hold(`${key} ${id}`, disposed)) tabStorage.write(key, id)
  }
  return isOwn
}

/** False also where the browser refuses, or throws. */
function hold(name: string, disposed: AbortSignal): Promise<boolean> {
  return new Promise<boolean>(resolve => {
    const gone = new Promise<void>(end => disposed.addEventListener('abort', () => end()))
    const held = (): Promise<void> => {
      resolve(true)
      return disposed.aborted ? Promise.resolve() : gone
    }
    const signal = AbortSignal.timeout(unloadTime)
    navigator.locks.request(name, { signal }, held).catch(() => resolve(false))
  }).catch(() => false)
}
