/**
 * Resolves at a moment of the page's monotonic clock (`performance.now()`, in milliseconds), at once if it has passed.
 * Aborted it resolves early, and leaves neither timer nor listener behind.
 */
export async function pauseUntil(moment: number, signal: AbortSignal): Promise<void> {
  const left = (): number => moment - performance.now()
  // Browsers' timers may be a little early.
  while (left() > 0 && !signal.aborted) await pause(Math.ceil(left()), signal)
}

/** Resolves when the work has settled, however, and at the latest after so many seconds. */
export async function settlesWithin(seconds: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  const settled = work.then(
    () => over.abort(),
    () => over.abort(),
  )
  await Promise.race([settled, pauseUntil(performance.now() + seconds * 1000, over.signal)])
  over.abort()
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}
