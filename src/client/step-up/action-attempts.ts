import { defined } from '../../core/defined.ts'
import { InteractionCancelledError } from '../../core/errors.ts'
import { markHandled } from '../mark-handled.ts'
import type { ActionOptions, Perform, StepUpState } from './action-options.ts'
import type { Grant, StepUpOptions, StepUpStatus } from './step-up-types.ts'

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
export type Obtain = (request: GrantRequest) => Promise<Grant>

type GrantRequest = Required<Omit<StepUpOptions, 'context' | 'describe' | 'key' | 'reason'>> &
  Pick<StepUpOptions, 'context' | 'describe' | 'key'>

interface Attempt<Input, Result> {
  readonly input: Input
  readonly promise: Promise<Result>
  readonly controller: AbortController
}

/** An input, and the idempotency key of the attempts at it. */
interface Keyed<Input> {
  readonly input: Input
  readonly key: string
}

/** @param show shows the state of the attempt that was started last, until it is abandoned */
export function createAttempts<Input, Result>(
  perform: Perform<Input, Result>,
  currentOptions: () => ActionOptions<Input>,
  show: (state: StepUpState<Result>) => void,
): Attempts<Input, Result> {
  let current: Attempt<Input, Result> | null = null
  // Another attempt at what has not been performed yet is not a second action, so it has the same key.
  let unperformed: Keyed<Input> | null = null

  const start: Attempts<Input, Result>['start'] = (input, newKey, obtain) => {
    if (current && Object.is(current.input, input)) return current.promise
    if (current) return markHandled(Promise.reject(new InteractionCancelledError('superseded')))
    if (!unperformed || !Object.is(unperformed.input, input)) unperformed = { input, key: newKey() }
    const keyed = unperformed
    const showIfCurrent = (state: StepUpState<Result>): void => {
      if (current === attempt) show(state)
    }
    const work = async (signal: AbortSignal): Promise<Result> => {
      const onStatus = (status: StepUpStatus): void => showIfCurrent({ status })
      const grant = await obtain(requestOf(currentOptions(), keyed, signal, onStatus))
      if (signal.aborted) throw new InteractionCancelledError('aborted')
      showIfCurrent({ status: 'performing' })
      const result = await perform(input, grant)
      if (unperformed === keyed) unperformed = null
      return result
    }
    const attempt = newAttempt(input, work, outcome => {
      if (current !== attempt) return
      current = null
      show(outcome)
    })
    current = attempt
    return attempt.promise
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

function requestOf<Input>(
  { context, describe, decides = 'backend', onStale = 'keep', key }: ActionOptions<Input>,
  { input, key: idempotencyKey }: Keyed<Input>,
  signal: AbortSignal,
  onStatus: (status: StepUpStatus) => void,
): GrantRequest {
  const about = { context: context?.(input), decides, onStale, input, ...defined({ key }) }
  const words = describe && { describe: () => describe(input) }
  return { ...about, ...words, idempotencyKey, signal, onStatus }
}

/** The work starts after this call, so that the attempt is known before its first status. */
function newAttempt<Input, Result>(
  input: Input,
  work: (signal: AbortSignal) => Promise<Result>,
  onEnd: (outcome: StepUpState<Result>) => void,
): Attempt<Input, Result> {
  const controller = new AbortController()
  const run = async (): Promise<Result> => {
    try {
      const result = await work(controller.signal)
      onEnd({ status: 'succeeded', result })
      return result
    } catch (error) {
      onEnd({ status: 'failed', error })
      throw error
    }
  }
  return { input, controller, promise: markHandled(Promise.resolve().then(run)) }
}
