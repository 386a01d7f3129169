import { ConfigurationError } from '../../core/errors.ts'
import { isWithin } from '../provider/within.ts'

/** Takes note of a rule that did not answer. */
export type ReportRule = (problem: string, cause?: unknown) => void

/** Where such reports go. */
export interface RuleReporting {
  /** Epoch seconds. */
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/** Seconds between two reports of one rule: each of many requests may ask it. */
const period = 30

/** Makes the report of one rule: a `ConfigurationError` for `onError`, at most once in 30 seconds. */
export function createRuleReport(name: string, { now, onError }: RuleReporting): ReportRule {
  let toldAt = Number.NEGATIVE_INFINITY
  return (problem, cause) => {
    if (isWithin(period, toldAt, now())) return
    toldAt = now()
    onError(new ConfigurationError(`The option ${name} ${problem}`, { cause }))
  }
}

/**
 * Makes a rule of the app's whose answer can be relied on: only `true` counts. A rule that throws, or gives a promise,
 * says no, and is reported, because no login would mend that.
 */
export function checkedRule<Args extends readonly unknown[]>(
  rule: (...args: Args) => unknown,
  report: ReportRule,
): (...args: Args) => boolean {
  return (...args) => {
    try {
      return answerOf(rule(...args), report) === true
    } catch (cause) {
      report('threw: it must return true or false', cause)
      return false
    }
  }
}

/** The answer of a rule; undefined for a promise, which is reported. */
export function answerOf(answer: unknown, report: ReportRule): unknown {
  if (!(answer instanceof Promise)) return answer
  // Otherwise its rejection, which no code waits for, would end the process.
  answer.catch(() => {})
  report('gave a promise: it must not be async')
  return undefined
}
