import type { Browser } from '../../op/browser.ts'

type LockBrowser = Pick<Browser, 'locks' | 'clock'>

/**
 * Runs the work while no other tab runs work under this name, and gives its outcome. It waits only so long: a tab that
 * has stopped, as at an `alert()`, keeps its lock, which is then taken from it. Those who wait too long take turns under
 * a second lock, or each would take the first from the one before. Where the browser has no Web Locks, or refuses them,
 * the work runs without.
 *
 * @param seconds how long the work takes at most in a tab that runs
 */
export async function underLock<T>(
  browser: LockBrowser,
  name: string,
  seconds: number,
  work: () => Promise<T>,
): Promise<T> {
  let running: Promise<T> | undefined
  /** The lock is held until the work is done, however it ends. */
  const run = async (): Promise<void> => {
    running ??= work()
    await running.catch(() => {})
  }
  await requestLock(browser, name, seconds, {}, run)
  if (running) return running
  await requestLock(browser, `${name} late`, seconds, {}, async () => {
    await requestLock(browser, name, null, { ifAvailable: true }, async lock => {
      if (lock) await run()
    })
    if (!running) await requestLock(browser, name, null, { steal: true }, run)
  })
  return running ?? work()
}

/** Asks for a lock, and does without it where it is refused, taken away, or not to be had in time. */
async function requestLock(
  { locks, clock }: LockBrowser,
  name: string,
  seconds: number | null,
  options: LockOptions,
  callback: (lock: unknown) => Promise<void>,
): Promise<void> {
  const late = new AbortController()
  const stop = seconds === null ? () => {} : clock.setTimer(() => late.abort(), seconds * 1000)
  const held = (lock: unknown): Promise<void> => {
    stop()
    return callback(lock)
  }
  try {
    const signal = seconds === null ? {} : { signal: late.signal }
    await locks?.request(name, { ...options, ...signal }, held)
  } catch {
    // The caller knows by its callback whether it had the lock.
  } finally {
    stop()
  }
}

/**
 * Runs the work in one tab: the others wait until that is gone, or the signal is aborted. Where the browser has no Web
 * Locks, or refuses them, each tab runs it.
 */
export async function inOneTab(
  { locks }: Pick<Browser, 'locks'>,
  name: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  let running: Promise<void> | undefined
  const run = (): Promise<void> => (running ??= work())
  try {
    await (locks ? locks.request(name, { signal }, run) : run())
  } catch {
    if (!signal.aborted) await run()
  }
}

/** Holds a lock that every tab may hold at once, until the returned function is called. */
export function holdShared(browser: LockBrowser, name: string): () => void {
  const held = new AbortController()
  const released = new Promise<void>(resolve => held.signal.addEventListener('abort', () => resolve()))
  void requestLock(browser, name, null, { mode: 'shared' }, () => released)
  return () => held.abort()
}

/** How many tabs hold it; 0 where the browser does not say. */
export async function countHolders({ locks }: Pick<Browser, 'locks'>, name: string): Promise<number> {
  try {
    const { held = [] } = (await locks?.query()) ?? {}
    return held.filter(lock => lock.name === name).length
  } catch {
    return 0
  }
}
