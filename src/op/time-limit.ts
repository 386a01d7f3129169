import { AuthTimeoutError } from '../core/errors.ts'
import type { BrowserClock } from './browser.ts'
import { asAuthError } from './errors.ts'

type Timers = Pick<BrowserClock, 'setTimer'>

/** The promise's outcome, or an `AuthTimeoutError` after so many seconds. @param who is named in the error */
export function withTimeLimit<T>(
  clock: Timers,
  seconds: number,
  who: string,
  promise: Promise<T>,
): Promise<T> {
  let stop = (): void => {}
  const limit = new Promise<never>((_, reject) => {
    const late = (): void => reject(new AuthTimeoutError(`${who} did not answer in ${seconds} s`))
    stop = clock.setTimer(late, seconds * 1000)
  })
  return Promise.race([promise, limit]).finally(stop)
}

/** Does the work with a signal that is aborted after so many milliseconds, as `AbortSignal.timeout` would be. */
export async function abortAfter<T>(
  clock: Timers,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const reason = new DOMException('The time is over', 'TimeoutError')
  const stop = clock.setTimer(() => late.abort(reason), milliseconds)
  try {
    return await work(late.signal)
  } finally {
    stop()
  }
}

/** The outcome of what asks the OP something, within so many seconds; an error is one of ours. */
export async function askOp<T>(clock: Timers, seconds: number, work: () => Promise<T>): Promise<T> {
  try {
    return await withTimeLimit(clock, seconds, 'The OpenID Provider', work())
  } catch (cause) {
    throw asAuthError(cause)
  }
}
