import type { BrowserClock } from '../op/browser.ts'

/**
 * Resolves at a moment of the clock's `elapsed`, in milliseconds, at once if it has passed.
 * Aborted it resolves early, and leaves neither timer nor listener behind.
 */
export async function pauseUntil(clock: BrowserClock, moment: number, signal: AbortSignal): Promise<void> {
  const left = (): number => moment - clock.elapsed()
  // Browsers' timers may be a little early.
  while (left() > 0 && !signal.aborted) await pause(clock, Math.ceil(left()), signal)
}

/** Resolves when the work has settled, however, and at the latest after so many seconds. */
export async function settlesWithin(
  clock: BrowserClock,
  seconds: number,
  work: Promise<unknown>,
): Promise<void> {
  const over = new AbortController()
  const settled = work.then(
    () => over.abort(),
    () => over.abort(),
  )
  await Promise.race([settled, pauseUntil(clock, clock.elapsed() + seconds * 1000, over.signal)])
  over.abort()
}

function pause(clock: BrowserClock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      stop()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const stop = clock.setTimer(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}
