import type { ResumedStepUp } from '../../core/machine/state.ts'
import type { ReadonlyStore } from '../run-machine.ts'

/** A mounted action that may be the one that a step-up came back for. */
export interface ResumedCaller {
  /** Whether the step-up is of its action and key. */
  isFor(resumed: ResumedStepUp): boolean
  /** The step-up is its own now, or is not any more. */
  tell(next: ResumedStepUp | null, previous: ResumedStepUp | null): void
}

/** Gives a step-up that came back from a full-page redirect to one of the mounted actions, and to no other. */
export interface ResumedOwners {
  /**
   * Takes a caller in, until the returned function is called. Of those that a step-up is for, the first that came has
   * it; when that one leaves, the next.
   */
  add(caller: ResumedCaller): () => void
}

export function createResumedOwners(
  store: ReadonlyStore<{ readonly resumed: ResumedStepUp | null }>,
): ResumedOwners {
  // In the order in which they came, each with what it was told last.
  const callers = new Map<ResumedCaller, ResumedStepUp | null>()
  let unsubscribe = (): void => {}

  const tell = (caller: ResumedCaller, next: ResumedStepUp | null): void => {
    const previous = callers.get(caller) ?? null
    if (next === previous) return
    callers.set(caller, next)
    caller.tell(next, previous)
  }

  const tellAll = (): void => {
    const { resumed } = store.getState()
    const owner = resumed && [...callers.keys()].find(caller => caller.isFor(resumed))
    for (const caller of [...callers.keys()]) tell(caller, caller === owner ? resumed : null)
  }

  return {
    add: caller => {
      if (callers.size === 0)
        unsubscribe = store.subscribe((state, previous) => {
          if (state.resumed !== previous.resumed) tellAll()
        })
      callers.set(caller, null)
      tellAll()
      return () => {
        tell(caller, null)
        callers.delete(caller)
        if (callers.size === 0) unsubscribe()
        else tellAll()
      }
    },
  }
}
