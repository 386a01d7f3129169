import { StepUpDeniedError } from '../../core/errors.ts'
import type { ClientParts } from '../client-parts.ts'
import type { Grant, StepUpOptions } from './step-up-types.ts'

/**
 * The step-up's outcome. With `onStale: 'end_session'`, the session that it was for ends where the backend found the new
 * login too old. The work must have been started in this turn.
 */
export async function endIfStale(
  { context, closeSession }: Pick<ClientParts, 'context' | 'closeSession'>,
  { onStale }: Pick<StepUpOptions, 'onStale'>,
  work: Promise<Grant>,
): Promise<Grant> {
  const { sessionSignal, browserSession } = context
  const { current: ofThisPerson } = sessionSignal
  const { epoch } = browserSession
  try {
    return await work
  } catch (error) {
    const isStale = error instanceof StepUpDeniedError && error.reason === 'stale'
    const isSameSession = !ofThisPerson.aborted && browserSession.epoch === epoch
    if (onStale === 'end_session' && isStale && isSameSession) void closeSession('login_required')
    throw error
  }
}
