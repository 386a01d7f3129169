import { type AnyAuthError, isAuthError, StepUpDeniedError } from '../../core/errors.ts'
import type { Demand } from '../../core/step-up-request.ts'
import type { ClientContext } from '../context.ts'
import { throwIfNoStepUp } from './refuse-step-up.ts'
import { createStepUpQueue, type Turn } from './step-up-queue.ts'
import type { RunningStepUp } from './step-up-types.ts'

/**
 * Does the work when its turn has come, and lets the next step-up go on after it.
 *
 * @throws {ConfigurationError} where no step-up can be had, before anything else, and what `work` throws
 */
export type RunInTurn = <T>(
  demand: Demand,
  signal: AbortSignal,
  onStatus: RunningStepUp['onStatus'],
  work: (turn: Turn) => Promise<T>,
) => Promise<T>

export function createRunInTurn({
  browser,
  options,
  tabs,
  isAlone,
  keys,
  disposed,
}: ClientContext): RunInTurn {
  const enterQueue = createStepUpQueue(browser, isAlone ? null : keys.stepUpLock, disposed)
  return async (demand, signal, onStatus, work) => {
    throwIfNoStepUp(options.profile)
    const turn = await enterQueue(demand, signal, () => onStatus('waiting'))
    try {
      if (turn.waited) await tabs.catchUp()
      const result = await work(turn)
      turn.end(null)
      return result
    } catch (error) {
      turn.end(concernsAll(error) ? error : null)
      throw error
    }
  }
}

/** Whether those who joined end with it too: not with the failure of one request, or the refusal of one challenge. */
function concernsAll(error: unknown): error is AnyAuthError {
  return isAuthError(error) && !(error instanceof StepUpDeniedError)
}
