import { defined } from '../../core/defined.ts'
import { type AnyAuthError, InteractionCancelledError } from '../../core/errors.ts'
import { type Demand, joinDemands } from '../../core/step-up-request.ts'
import type { Browser } from '../../op/browser.ts'
import { holdLock } from './hold-lock.ts'

/** The one step-up in this browser that the person is asked about now. */
export interface Turn {
  /** The strictest of what the turn was taken for and of what those who joined need. */
  readonly demand: Demand
  /** Aborted when the caller who took the turn, or any who joined, gives up. */
  readonly signal: AbortSignal
  /** Whether another came first, so that the session may be fresh enough by now. */
  readonly waited: boolean
  /** Takes another demand instead, say of a new challenge. Those who joined meanwhile still need what they need. */
  retake(demand: Demand): void
  /** The person is at the OP, so no other step-up can join any more. */
  close(): void
  /** Lets the next one go on. Those who joined end with the same error. */
  end(error: AnyAuthError | null): void
}

interface Running {
  demand: Demand
  isOpen: boolean
  readonly stop: AbortController
  readonly over: Promise<AnyAuthError | null>
  /** Settles `over`. */
  readonly settle: (error: AnyAuthError | null) => void
}

/** @param onWait called when another step-up comes first */
export type EnterQueue = (demand: Demand, signal: AbortSignal, onWait: () => void) => Promise<Turn>

/**
 * One step-up after the other, in this tab and, where they share a session, in all. A step-up that comes while a prompt
 * is still unanswered joins it, if one login can be enough for both. One that waited asks its server again before it
 * asks the person.
 *
 * @param lock what the tabs that share a session call their turn; null for a tab on its own
 * @param disposed ends the waiting
 */
export function createStepUpQueue(
  browser: Pick<Browser, 'locks' | 'clock'>,
  lock: string | null,
  disposed: AbortSignal,
): EnterQueue {
  let current: Running | null = null
  return async (demand, signal, onWait) => {
    let waited = false
    const wait = (): void => {
      waited = true
      onWait()
    }
    // No await between this check and the claim below: two that wake up together must not both find the turn free.
    while (current) await waitForOne(current, demand, signal, wait)
    const running = createRunning(demand)
    current = running
    const unlink = abortWith(running.stop, [signal, disposed])
    let release = (): void => {}
    const end = (error: AnyAuthError | null): void => {
      if (current === running) current = null
      unlink()
      release()
      running.settle(error)
    }
    try {
      if (lock !== null) release = await holdLock(browser, lock, running.stop.signal, wait)
      running.stop.signal.throwIfAborted()
    } catch {
      const cancelled = new InteractionCancelledError('aborted')
      end(cancelled)
      throw cancelled
    }
    return turnOf(running, waited, end)
  }
}

function createRunning(demand: Demand): Running {
  let settle = (_: AnyAuthError | null): void => {}
  const over = new Promise<AnyAuthError | null>(resolve => {
    settle = resolve
  })
  return { demand, isOpen: true, stop: new AbortController(), over, settle }
}

/** Aborts the controller with any of the signals, until the returned function is called. */
function abortWith(controller: AbortController, signals: readonly AbortSignal[]): () => void {
  const ended = new AbortController()
  for (const signal of signals) {
    signal.addEventListener('abort', () => controller.abort(), { signal: ended.signal })
    if (signal.aborted) controller.abort()
  }
  return () => ended.abort()
}

function turnOf(running: Running, waited: boolean, end: Turn['end']): Turn {
  return {
    get demand() {
      return running.demand
    },
    signal: running.stop.signal,
    waited,
    retake: demand => {
      const { acrValues, maxAge } = running.demand
      running.demand = joinDemands(demand, defined({ acrValues, maxAge, claims: demand.claims })) ?? demand
    },
    close: () => {
      running.isOpen = false
    },
    end,
  }
}

/** Waits until that step-up is over, and joins it if one login can be enough for both. */
async function waitForOne(
  running: Running,
  demand: Demand,
  signal: AbortSignal,
  onWait: () => void,
): Promise<void> {
  const joined = running.isOpen ? joinDemands(running.demand, demand) : null
  if (joined) running.demand = joined
  onWait()
  const error = await Promise.race([running.over, whenAborted(signal, running.over)])
  // They share one prompt, so giving up one of them, or the person's answer, ends them all.
  if (signal.aborted && joined) running.stop.abort()
  if (signal.aborted) throw new InteractionCancelledError('aborted')
  if (joined && error) throw error
}

/** Settles when the signal does, and leaves no listener on it when the other was first. */
function whenAborted(signal: AbortSignal, other: Promise<unknown>): Promise<null> {
  const settled = new AbortController()
  void other.then(() => settled.abort())
  return new Promise(resolve => {
    if (signal.aborted) resolve(null)
    signal.addEventListener('abort', () => resolve(null), { signal: settled.signal })
  })
}
