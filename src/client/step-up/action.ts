import { createStore } from 'zustand/vanilla'
import { ConfigurationError } from '../../core/errors.ts'
import type { ResumedStepUp } from '../../core/machine/state.ts'
import type { AuthClient } from '../auth-client.ts'
import { createMount } from '../mount.ts'
import { createAttempts } from './action-attempts.ts'
import type {
  Action,
  ActionOptions,
  ActionState,
  Perform,
  StandardSchema,
  StepUpState,
} from './action-options.ts'

type StepUpClient = Pick<AuthClient, 'stepUp' | 'resumeStepUp' | 'discardStepUp' | 'store'>

/** Makes what `client.action()` returns; `Action` says what it does. */
export function createAction<Input, Result>(
  client: StepUpClient,
  name: string,
  perform: Perform<Input, Result>,
  options: ActionOptions<Input> | (() => ActionOptions<Input>) = {},
): Action<Input, Result> {
  const { getState, getInitialState, setState, subscribe } = createStore<ActionState<Input, Result>>(() => ({
    state: { status: 'idle' },
    pending: null,
  }))
  const show = (state: StepUpState<Result>): void => setState({ state })
  const currentOptions = typeof options === 'function' ? options : () => options
  const attempts = createAttempts(perform, currentOptions, show)

  /** Offers what came back from a full-page redirect, if the schema takes its input. */
  const offer = async (resumed: ResumedStepUp, isCurrent: () => boolean): Promise<void> => {
    const { idempotencyKey } = resumed
    try {
      const { schema, resume } = currentOptions()
      const input = await validate(schema, resumed.input)
      if (!isCurrent()) return
      attempts.keepKey(input, idempotencyKey)
      const confirm = (): Promise<Result> =>
        attempts.start(
          input,
          () => idempotencyKey,
          request => client.resumeStepUp(request),
        )
      if (resume === 'auto' && !attempts.isUnderWay()) void confirm()
      else setState({ pending: { input, confirm, discard: () => client.discardStepUp(name) } })
    } catch (error) {
      if (!isCurrent()) return
      client.discardStepUp(name)
      show({ status: 'failed', error })
    }
  }

  const { mount } = createMount(() => {
    // The input is validated asynchronously, and only the newest may be offered.
    let newest: ResumedStepUp | null = null
    let mounted = true
    const look = (next: ResumedStepUp | null, previous: ResumedStepUp | null): void => {
      const { state } = getState()
      newest = next
      setState({ pending: null })
      if (!next && previous?.error && state.status === 'failed' && state.error === previous.error)
        show({ status: 'idle' })
      else if (next?.error && state.status === 'idle') show({ status: 'failed', error: next.error })
      else if (next && !next.error) void offer(next, () => mounted && newest === next)
    }
    const own = (resumed: ResumedStepUp | null): ResumedStepUp | null =>
      resumed?.action === name ? resumed : null
    const unsubscribe = client.store.subscribe((state, previous) => {
      if (state.resumed !== previous.resumed) look(own(state.resumed), own(previous.resumed))
    })
    look(own(client.store.getState().resumed), null)
    return () => {
      mounted = false
      unsubscribe()
      setState({ pending: null })
      attempts.cancel()
    }
  })

  return {
    store: { getState, getInitialState, subscribe },
    mount,
    run: input =>
      attempts.start(
        input,
        () => crypto.randomUUID(),
        request => client.stepUp(name, request),
      ),
    cancel: attempts.cancel,
    reset: () => {
      attempts.abandon()
      client.discardStepUp(name)
      show({ status: 'idle' })
    },
  }
}

async function validate<Input>(schema: StandardSchema<Input> | undefined, input: unknown): Promise<Input> {
  // Without a schema the app has chosen to trust what it wrote.
  if (!schema) return input as Input
  const checked = await schema['~standard'].validate(input)
  if (checked.issues) throw new ConfigurationError('The input that came back is not what `schema` takes')
  return checked.value
}
