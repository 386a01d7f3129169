/** Milliseconds before each further try. */
const delays = [1000, 2000, 4000]

/**
 * Loads; after a failure up to three times more, 1, 2 and 4 seconds later. Aborted, it tries no more.
 *
 * @throws what the last try threw
 */
export async function loadWithRetries<T>(load: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const delay of delays) {
    try {
      return await load()
    } catch {
      await pause(delay, signal)
      signal.throwIfAborted()
    }
  }
  return load()
}

/** By this device's own timers: what is loaded comes over its network, whatever clock a client goes by. */
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
