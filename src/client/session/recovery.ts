import { onPageBack, onStored, stopAll } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import { pauseUntil } from '../pause.ts'
import { inOneTab } from '../tabs/locks.ts'
import type { Restore } from './restore-session.ts'

/** Seconds between tries: doubled each time, up to the last. */
const [firstPause, longestPause] = [2, 60]

/**
 * Keeps this page as its browser is, until the returned function is called: it compares when the page is back or hears of
 * a change. Where it is unknown who is signed in, it is found out again when the page is back or has the focus, and by
 * one tab of the browser from time to time.
 */
export function watchRecovery(context: ClientContext, restore: Restore): () => void {
  const { machine, keys } = context
  const { page } = context.browser
  const { store } = machine
  let trying = new AbortController()

  const look = (): void => {
    restore.compare()
    if (restore.isWorthTrying()) void restore.again(false)
  }

  const onSession = (): void => {
    if (!restore.isWorthTrying()) trying.abort()
    else if (trying.signal.aborted) {
      trying = new AbortController()
      void tryAgain(context, restore, trying.signal)
    }
  }

  trying.abort()
  const stops = [
    onPageBack(page, look),
    page.on('focus', look),
    onStored(page, keys.browserSession, restore.compare),
    store.subscribe(onSession),
    () => trying.abort(),
  ]
  onSession()
  return stopAll(stops)
}

/** Tries from time to time, in one tab of the browser, until the signal is aborted. */
async function tryAgain(
  { browser, isAlone, keys }: ClientContext,
  restore: Restore,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = browser
  const work = async (): Promise<void> => {
    for (let tries = 0; !signal.aborted; tries++) {
      const seconds = Math.min(longestPause, firstPause * 2 ** tries)
      // At random, so that not all browsers come at once when an OP is back.
      const pause = seconds * 1000 * (0.5 + Math.random() / 2)
      await pauseUntil(clock, clock.elapsed() + pause, signal)
      if (!signal.aborted) await restore.again(false)
    }
  }
  await (isAlone ? work() : inOneTab(browser, keys.recoveryLock, signal, work))
}
