import { challengeLifetime } from '../../core/wire.ts'
import type { Browser, Locks } from '../../op/browser.ts'
import { setTimer } from '../browser.ts'

/**
 * Waits for a Web Lock and keeps it until the returned function is called, or the page is gone. It waits as long as a
 * challenge lives: the tab that has the lock may have stopped. Where the browser has no Web Locks, or refuses them, there
 * is nothing to wait for.
 *
 * @param signal ends the waiting, without the lock
 * @param onWait called when another tab has the lock
 */
export async function holdLock(
  { locks, clock }: Pick<Browser, 'locks' | 'clock'>,
  name: string,
  signal: AbortSignal,
  onWait: () => void,
): Promise<() => void> {
  if (!locks) return () => {}
  let release = (): void => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  /** Whether the lock is held; `refused` also when the waiting ends. */
  const request = (options: LockOptions): Promise<'held' | 'taken' | 'refused'> =>
    new Promise(resolve => {
      const keep = (lock: unknown): Promise<void> | null => {
        resolve(lock ? 'held' : 'taken')
        return lock ? released : null
      }
      askBrowser(locks, name, options, keep).catch(() => resolve('refused'))
    })
  if ((await request({ ifAvailable: true })) === 'taken') {
    onWait()
    const over = new AbortController()
    const end = (): void => over.abort()
    // It may have been aborted while the browser was asked.
    if (signal.aborted) end()
    signal.addEventListener('abort', end)
    const stop = setTimer(clock, end, challengeLifetime)
    await request({ signal: over.signal })
    stop()
    signal.removeEventListener('abort', end)
  }
  return release
}

/** Rejects also where even to ask throws. */
async function askBrowser(
  locks: Locks,
  name: string,
  options: LockOptions,
  keep: (lock: unknown) => Promise<void> | null,
): Promise<void> {
  await locks.request(name, options, keep)
}
