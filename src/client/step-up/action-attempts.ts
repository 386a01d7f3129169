import { InteractionCancelledError } from '../../core/errors.ts'
import { markHandled } from '../mark-handled.ts'
import type { ActionOptions, Perform, StepUpState } from './action-options.ts'
import type { Grant, StepUpOptions } from './step-up-types.ts'

/** The attempts at one action: at most one at a time. */
export interface Attempts<Input, Result> {
  readonly isUnderWay: () => boolean
  /** Starts an attempt. It joins one with the same input, and is refused while there is one with another input. */
  readonly start: (input: Input, newKey: () => string, obtain: Obtain) => Promise<Result>
  /** Sets the idempotency key of the next attempt with this input. */
  readonly keepKey: (input: Input, key: string) => void
  readonly cancel: () => void
  /** Cancels, and shows nothing more of the attempt under way. */
  readonly abandon: () => void
}

/** Asks for the grant: a new step-up, or the rest of one that came back from a full-page redirect. */
export type Obtain = (
  request: Required<Omit<StepUpOptions, 'context' | 'reason'>> & Pick<StepUpOptions, 'context'>,
) => Promise<Grant>

interface Attempt<Input, Result> {
  readonly input: Input
  readonly promise: Promise<Result>
  readonly controller: AbortController
}

/** @param show shows the state of the attempt that was started last, until it is abandoned */
export function createAttempts<Input, Result>(
  perform: Perform<Input, Result>,
  currentOptions: () => ActionOptions<Input>,
  show: (state: StepUpState<Result>) => void,
): Attempts<Input, Result> {
  let current: Attempt<Input, Result> | null = null
  // Another attempt at what has not been performed yet is not a second action, so it has the same key.
  let unperformed: { readonly input: Input; readonly key: string } | null = null

  const start: Attempts<Input, Result>['start'] = (input, newKey, obtain) => {
    if (current && Object.is(current.input, input)) return current.promise
    if (current) return markHandled(Promise.reject(new InteractionCancelledError('superseded')))
    const isRetry = unperformed !== null && Object.is(unperformed.input, input)
    const keyed = unperformed && isRetry ? unperformed : { input, key: newKey() }
    unperformed = keyed
    const controller = new AbortController()
    const { signal } = controller
    const isCurrent = (): boolean => current?.controller === controller
    const showIfCurrent = (state: StepUpState<Result>): void => {
      if (isCurrent()) show(state)
    }
    const work = async (): Promise<Result> => {
      try {
        const { context, decides = 'backend' } = currentOptions()
        const grant = await obtain({
          context: context?.(input),
          decides,
          input,
          idempotencyKey: keyed.key,
          signal,
          onStatus: status => showIfCurrent({ status }),
        })
        if (signal.aborted) throw new InteractionCancelledError('aborted')
        showIfCurrent({ status: 'performing' })
        const result = await perform(input, grant)
        if (unperformed === keyed) unperformed = null
        showIfCurrent({ status: 'succeeded', result })
        return result
      } catch (error) {
        showIfCurrent({ status: 'failed', error })
        throw error
      } finally {
        if (isCurrent()) current = null
      }
    }
    // Deferred, so that the attempt is known before its first status.
    const promise = markHandled(Promise.resolve().then(work))
    current = { input, promise, controller }
    return promise
  }

  const cancel = (): void => current?.controller.abort()
  return {
    start,
    cancel,
    isUnderWay: () => current !== null,
    keepKey: (input, key) => {
      // The key of an attempt under way stays.
      if (!current) unperformed = { input, key }
    },
    abandon: () => {
      cancel()
      current = null
    },
  }
}
