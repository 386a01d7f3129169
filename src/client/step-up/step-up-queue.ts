import { type AuthError, InteractionCancelledError } from '../../core/errors.ts'
import { type Demand, joinDemands } from '../../core/step-up-request.ts'

/** The one step-up in this browser that a person is asked about now. */
export interface Turn {
  /** The strictest of what it was taken for and of what those who joined need. */
  demand: Demand
  /** Aborted when the one who took it, or anybody who joined, gives up. */
  readonly signal: AbortSignal
  /** Whether another came first, so that the session may be fresh enough by now. */
  readonly waited: boolean
  /** The person is at the OP, so nobody can join any more. */
  close(): void
  /** Lets the next one go on. Those who joined end with the same error. */
  end(error: AuthError | null): void
}

interface Running {
  demand: Demand
  isOpen: boolean
  readonly stop: AbortController
  readonly over: Promise<AuthError | null>
}

export type TakeTurn = (demand: Demand, signal: AbortSignal, onWait: () => void) => Promise<Turn>

/**
 * One step-up after the other, in this tab and, where they share a session, in all. Who comes while a prompt is still
 * unanswered joins it, if one login can be enough for both; whoever waited asks its server again before it asks the
 * person.
 *
 * @param lock what the tabs that share a session call their turn; null for a tab on its own
 * @param disposed ends the waiting
 */
export function createTurns(lock: string | null, disposed: AbortSignal): TakeTurn {
  let current: Running | null = null

  return async (demand, signal, onWait) => {
    let waited = false
    const wait = (): void => {
      waited = true
      onWait()
    }
    while (current) {
      const running: Running = current
      const joint = running.isOpen ? joinDemands(running.demand, demand) : null
      if (joint) running.demand = joint
      wait()
      const error = await Promise.race([running.over, whenAborted(signal, running.over)])
      // One login was to be enough for all of them, so it is one person's answer for all of them.
      if (signal.aborted && joint) running.stop.abort()
      if (signal.aborted) throw new InteractionCancelledError('aborted')
      if (joint && error) throw error
    }
    const stop = new AbortController()
    const ended = new AbortController()
    let settle = (_: AuthError | null): void => {}
    const over = new Promise<AuthError | null>(resolve => {
      settle = resolve
    })
    const running: Running = { demand, isOpen: true, stop, over }
    current = running
    for (const one of [signal, disposed]) {
      one.addEventListener('abort', () => stop.abort(), { signal: ended.signal })
      if (one.aborted) stop.abort()
    }
    let release = (): void => {}
    const end = (error: AuthError | null): void => {
      if (current === running) current = null
      ended.abort()
      release()
      settle(error)
    }
    try {
      if (lock !== null) release = await hold(lock, stop.signal, wait)
      stop.signal.throwIfAborted()
    } catch {
      const cancelled = new InteractionCancelledError('aborted')
      end(cancelled)
      throw cancelled
    }
    return {
      get demand() {
        return running.demand
      },
      set demand(next) {
        running.demand = next
      },
      signal: stop.signal,
      waited,
      close: () => {
        running.isOpen = false
      },
      end,
    }
  }
}

/** Settles when the signal does, and leaves nothing on it when something else was first. */
function whenAborted(signal: AbortSignal, instead: Promise<unknown>): Promise<null> {
  const settled = new AbortController()
  void instead.then(() => settled.abort())
  return new Promise(resolve => {
    if (signal.aborted) resolve(null)
    signal.addEventListener('abort', () => resolve(null), { signal: settled.signal })
  })
}

/** Waits for a lock and keeps it until the returned function is called, or the page is gone. */
async function hold(name: string, signal: AbortSignal, onWait: () => void): Promise<() => void> {
  let release = (): void => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  const request = (options: LockOptions): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const keep = (lock: Lock | null): Promise<void> | null => {
        resolve(lock !== null)
        return lock && held
      }
      navigator.locks.request(name, options, keep).catch(reject)
    })
  if (!(await request({ ifAvailable: true }))) {
    onWait()
    await request({ signal })
  }
  return release
}
