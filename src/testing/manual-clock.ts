import type { BrowserClock } from '../op/browser.ts'

/**
 * A clock that stands still until it is moved, with the timers that wait for it. It knows whole seconds only: a timer that
 * falls due between two is due at the later one. So what a client does at random within a second is always the same.
 */
export interface ManualClock extends BrowserClock {
  /** When the next timer is due, in epoch milliseconds; null without timers. */
  nextDue(): number | null
  /** Runs the timers that are due by now, in order, also those that they set. @returns whether there were any */
  runDue(): boolean
  /** Moves it on to a moment, in epoch milliseconds. It never goes back. */
  moveTo(moment: number): void
}

interface Timer {
  readonly work: () => void
  readonly dueAt: number
}

/** The next whole second, in milliseconds. */
const wholeSecond = (milliseconds: number): number => Math.ceil(milliseconds / 1000) * 1000

/** @param start epoch milliseconds */
export function createManualClock(start: number): ManualClock {
  // A set keeps the order of those that are due at the same moment.
  const timers = new Set<Timer>()
  const begun = wholeSecond(start)
  let time = begun

  const first = (): Timer | undefined =>
    [...timers].reduce<Timer | undefined>(
      (found, timer) => (found && found.dueAt <= timer.dueAt ? found : timer),
      undefined,
    )

  return {
    now: () => time,
    elapsed: () => time - begun,
    setTimer: (work, milliseconds) => {
      const timer = { work, dueAt: wholeSecond(time + Math.max(0, milliseconds)) }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    nextDue: () => first()?.dueAt ?? null,
    runDue: () => {
      let ran = false
      for (let timer = first(); timer && timer.dueAt <= time; timer = first()) {
        timers.delete(timer)
        timer.work()
        ran = true
      }
      return ran
    },
    moveTo: moment => {
      time = Math.max(time, moment)
    },
  }
}
