import type { BrowserClock } from '../../op/browser.ts'
import type { TabNews } from './tab-messages.ts'

/**
 * What the other tabs have lately found out, or are about to, so that this one need not ask the OP as well. Times are the
 * clock's `elapsed`, in milliseconds.
 */
export interface Hearsay {
  hear(news: TabNews): void
  /** The OP has told this tab that it knows no person. */
  learnNone(): void
  /** Whether the OP has told this tab or another since then that it knows no person. */
  isNoneSince(time: number): boolean
  /** Whether it has told this very tab just now, so that a tab that is loaded at the same time need not ask too. */
  readonly isNoneNow: boolean
  /** Whether another tab has left for the OP and may not be back yet. */
  readonly isAway: boolean
}

/** Milliseconds that a tab may take at the OP, where nothing is shown to the person. */
const visitTime = 20_000
/** Milliseconds in which no person is likely to have signed in at the OP. */
const shortWhile = 5000

export function createHearsay(clock: Pick<BrowserClock, 'elapsed'>): Hearsay {
  let noneAt = Number.NEGATIVE_INFINITY
  let toldAt = Number.NEGATIVE_INFINITY
  let leftAt = Number.NEGATIVE_INFINITY
  return {
    hear: ({ type }) => {
      if (type === 'leaving') leftAt = clock.elapsed()
      // It is back.
      else leftAt = Number.NEGATIVE_INFINITY
      if (type === 'none') noneAt = clock.elapsed()
      if (type === 'session') noneAt = toldAt = Number.NEGATIVE_INFINITY
    },
    learnNone: () => {
      noneAt = toldAt = clock.elapsed()
    },
    isNoneSince: time => noneAt >= time,
    get isNoneNow() {
      return clock.elapsed() - toldAt < shortWhile
    },
    get isAway() {
      return clock.elapsed() - leftAt < visitTime
    },
  }
}
