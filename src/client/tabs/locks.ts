/** Whether this browser has Web Locks at all. It may still refuse each. */
export function hasLocks(): boolean {
  try {
    return Boolean(navigator.locks)
  } catch {
    return false
  }
}

/**
 * Runs the work while no other tab runs work under this name, and gives its outcome. It waits only so long: a tab that
 * has stopped, as at an `alert()`, keeps its lock, which is then taken from it. Those who wait too long take turns under
 * a second lock, or each would take the first from the one before. Where the browser has no Web Locks, or refuses them,
 * the work runs without.
 *
 * @param seconds how long the work takes at most in a tab that runs
 */
export async function underLock<T>(name: string, seconds: number, work: () => Promise<T>): Promise<T> {
  let running: Promise<T> | undefined
  /** The lock is held until the work is done, however it ends. */
  const run = async (): Promise<void> => {
    running ??= work()
    await running.catch(() => {})
  }
  await requestLock(name, seconds, {}, run)
  if (running) return running
  await requestLock(`${name} late`, seconds, {}, async () => {
    await requestLock(name, null, { ifAvailable: true }, async lock => {
      if (lock) await run()
    })
    if (!running) await requestLock(name, null, { steal: true }, run)
  })
  return running ?? work()
}

/** Asks for a lock, and does without it where it is refused, taken away, or not to be had in time. */
async function requestLock(
  name: string,
  seconds: number | null,
  options: LockOptions,
  callback: (lock: Lock | null) => Promise<void>,
): Promise<void> {
  const late = new AbortController()
  const timer = seconds === null ? undefined : setTimeout(() => late.abort(), seconds * 1000)
  const held = (lock: Lock | null): Promise<void> => {
    clearTimeout(timer)
    return callback(lock)
  }
  try {
    const signal = seconds === null ? {} : { signal: late.signal }
    await navigator.locks.request(name, { ...options, ...signal }, held)
  } catch {
    // The caller knows by its callback whether it had the lock.
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Runs the work in one tab: the others wait until that is gone, or the signal is aborted. Where the browser has no Web
 * Locks, or refuses them, each tab runs it.
 */
export async function inOneTab(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  let running: Promise<void> | undefined
  const run = (): Promise<void> => (running ??= work())
  try {
    await navigator.locks.request(name, { signal }, run)
  } catch {
    if (!signal.aborted) await run()
  }
}

/** Holds a lock that every tab may hold at once, until the returned function is called. */
export function holdShared(name: string): () => void {
  const held = new AbortController()
  const released = new Promise<void>(resolve => held.signal.addEventListener('abort', () => resolve()))
  void requestLock(name, null, { mode: 'shared' }, () => released)
  return () => held.abort()
}

/** How many tabs hold it; 0 where the browser does not say. */
export async function countHolders(name: string): Promise<number> {
  try {
    const { held = [] } = await navigator.locks.query()
    return held.filter(lock => lock.name === name).length
  } catch {
    return 0
  }
}
