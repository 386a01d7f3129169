import { isUndecided, isUnknown } from '../../core/machine/state.ts'
import type { ProveRequest } from '../../core/wire.ts'
import { whenShown } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import { settlesWithin } from '../pause.ts'
import { findSession } from './find-session.ts'
import { restoreAtLoad } from './restore-at-load.ts'

export interface Restore {
  /** Finds out who is signed in, once. */
  start(): void
  /**
   * Finds it out again where it is unknown. It never rejects: the state shows the outcome.
   *
   * @param mayLeave whether the page may leave for the OP although the person has begun to use it. Such a try comes after
   * one that is under way; any other joins that
   */
  again(mayLeave: boolean): Promise<void>
  /**
   * Whether it is unknown who is signed in, and asking again may tell. Where the OP is there but says nothing in a frame,
   * only the app or the person can.
   */
  isWorthTrying(): boolean
  /** Waits for the first try and for those that are under way or follow, at most `timeLimit`. */
  ready(): Promise<void>
  /**
   * To be called before anything is sent for the person. What this browser has decided while the page was away is known
   * then, and where it is unknown who is signed in, that is tried once more, but not again and again.
   */
  beforeSending(): Promise<void>
  /** Compares this page with its browser: at once, so that nothing of a session that is over is shown or sent. */
  compare(): void
  /** The proof of a step-up that came back by redirect, once; null when there is none, and before `start`. */
  takeProof(): Promise<ProveRequest | null>
}

/** Milliseconds between two tries that requests of the app lead to: doubled each time, up to the last. */
const [firstPause, longestPause] = [5000, 60_000]

export function createRestore(context: ClientContext): Restore {
  const { options, machine, browserSession, frames, recorder, disposed } = context
  const { clock, page } = context.browser
  let first: Promise<ProveRequest | null> | null = null
  let underWay: Promise<void> | null = null
  let triedAt = 0
  /** Tries in a row that have not told who is signed in. */
  let failures = 0
  let isTaken = false

  const session = () => machine.store.getState().session

  /** Whether the person has done nothing in this page that would be lost if it left. Where it is not known, no. */
  const isUnused = (): boolean => page.hasBeenUsed === false

  const run = (work: () => Promise<void>): Promise<void> => {
    if (underWay) return underWay
    recorder.began('restore')
    const running = work().finally(() => {
      if (underWay === running) underWay = null
      triedAt = clock.elapsed()
      failures = isUnknown(session()) ? failures + 1 : 0
      // A sign-out in another tab may have overtaken what this try has found.
      restore.compare()
    })
    underWay = running
    return running
  }

  /** Tries once more after the try that is under way, which may have decided already. */
  const findAgain = (): void => {
    if (!first) return
    const before = underWay
    underWay = null
    void run(async () => {
      await before
      if (isUndecided(session())) await findSession(context, { mayLeave: isUnused })
    })
  }

  /** Also of tries that follow one that is under way. */
  const settled = async (): Promise<void> => {
    await first
    while (underWay) await underWay
  }

  // While the person signs in, a try ends without an outcome. Where they give that up, it is still to be found out.
  machine.store.subscribe(({ interactions, session }, previous) => {
    const isGivenUp = previous.interactions.length > 0 && interactions.length === 0
    if (isGivenUp && isUndecided(session) && !isUnknown(session)) findAgain()
  })

  const restore: Restore = {
    start: () => {
      // Also a page that sends requests while it is prerendered.
      first ??= new Promise(resolve => {
        whenShown(page, () => {
          resolve(restoreAtLoad(context, run))
          return () => {}
        })
      })
    },

    isWorthTrying: () => isUnknown(session()) && (frames.mayAnswer || !frames.isAllowed),

    again: async mayLeave => {
      restore.start()
      restore.compare()
      // A try that is under way may have to stay on the page.
      if (mayLeave) await (underWay ?? first)
      if (!isUndecided(session())) return
      return run(() => findSession(context, { mayLeave: mayLeave ? () => true : isUnused }))
    },

    ready: async () => {
      restore.start()
      await settlesWithin(clock, options.timeLimit, settled())
    },

    beforeSending: async () => {
      restore.compare()
      if (restore.isWorthTrying()) {
        const pause = Math.min(longestPause, firstPause * 2 ** (failures - 1))
        // An app that calls all the time does not wait all the time.
        if (clock.elapsed() - triedAt < pause) return
        void restore.again(false)
        await restore.ready()
      } else if (isUndecided(session())) await restore.ready()
    },

    compare: () => {
      if (disposed.aborted || !isOutdated(context)) return
      machine.dispatch({ type: 'session.outdated', isClosed: browserSession.catchUp() })
      findAgain()
    },

    takeProof: async () => {
      if (!first || isTaken) return null
      isTaken = true
      return first
    },
  }
  return restore
}

/** Whether this page shows another session than its browser has, or none although it has one. */
function isOutdated({ machine, browserSession }: ClientContext): boolean {
  const { session, interactions } = machine.store.getState()
  if (browserSession.isBehind()) return true
  // A person who is about to sign in here is not interrupted.
  return session.status === 'anonymous' && interactions.length === 0 && browserSession.hasMissedSession()
}
