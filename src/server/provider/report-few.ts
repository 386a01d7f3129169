import { asRefusal, isUnavailable, Refusal } from '../http/refusal.ts'
import { isWithin } from './within.ts'

/** Seconds between two reports. */
const period = 30

/**
 * Gives the outcome of the work. An error becomes a `Refusal`, and a 503 loses its cause, which has been reported or
 * counted by then.
 */
export type ReportFew = <T>(work: Promise<T>) => Promise<T>

/**
 * Calls `onError` with the reason when work ends in a 503, at most once in 30 seconds. The next report says how many
 * were left out. A client that sends garbage must not fill the log.
 */
export function createReportFew({
  now,
  onError,
}: {
  /** Epoch seconds. */
  readonly now: () => number
  readonly onError: (error: unknown) => void
}): ReportFew {
  let toldAt = Number.NEGATIVE_INFINITY
  let untold = 0

  function report(cause: unknown): void {
    if (isWithin(period, toldAt, now())) {
      untold++
      return
    }
    const isFirst = untold === 0
    const message = `${untold} more requests were answered with 503 since the last report`
    onError(isFirst ? cause : new Error(message, { cause }))
    toldAt = now()
    untold = 0
  }

  return async work => {
    try {
      return await work
    } catch (error) {
      const refusal = asRefusal(error)
      if (!isUnavailable(refusal) || refusal.cause === undefined) throw refusal
      report(refusal.cause)
      throw new Refusal(refusal.code, refusal.answer)
    }
  }
}
