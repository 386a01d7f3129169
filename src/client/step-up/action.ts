import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AuthClient } from '../auth-client.ts'
import { createMount } from '../mount.ts'
import { type Attempts, createAttempts } from './action-attempts.ts'
import type { Action, ActionOptions, ActionState, Perform } from './action-options.ts'
import { followResumed, type ResumedHandler } from './resumed-input.ts'

type StepUpClient = Pick<AuthClient, 'stepUp' | 'resumeStepUp' | 'discardStepUp' | 'store'>

type ActionStore<Input, Result> = Pick<StoreApi<ActionState<Input, Result>>, 'getState' | 'setState'>

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
  const currentOptions = typeof options === 'function' ? options : () => options
  const attempts = createAttempts(perform, currentOptions, state => setState({ state }))
  const resumed = handleResumed(client, name, attempts, currentOptions, { getState, setState })

  const { mount } = createMount(() => {
    const stop = followResumed(client, name, () => currentOptions().schema, resumed)
    return () => {
      stop()
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
      setState({ state: { status: 'idle' } })
    },
  }
}

function handleResumed<Input, Result>(
  client: StepUpClient,
  name: string,
  attempts: Attempts<Input, Result>,
  currentOptions: () => ActionOptions<Input>,
  { getState, setState }: ActionStore<Input, Result>,
): ResumedHandler<Input> {
  return {
    change: (next, previous) => {
      const { state } = getState()
      setState({ pending: null })
      if (!next && previous?.error && state.status === 'failed' && state.error === previous.error)
        setState({ state: { status: 'idle' } })
      else if (next?.error && state.status === 'idle')
        setState({ state: { status: 'failed', error: next.error } })
    },

    offer: (input, { idempotencyKey }) => {
      attempts.keepKey(input, idempotencyKey)
      const confirm = (): Promise<Result> =>
        attempts.start(
          input,
          () => idempotencyKey,
          request => client.resumeStepUp(request),
        )
      if (currentOptions().resume === 'auto' && !attempts.isUnderWay()) void confirm()
      else setState({ pending: { input, confirm, discard: () => client.discardStepUp(name) } })
    },

    refuse: error => {
      client.discardStepUp(name)
      setState({ state: { status: 'failed', error } })
    },
  }
}
