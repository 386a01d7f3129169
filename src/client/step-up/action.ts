import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ResumedStepUp } from '../../core/machine/state.ts'
import type { AuthClient } from '../auth-client.ts'
import { createMount } from '../mount.ts'
import { type Attempts, createAttempts } from './action-attempts.ts'
import type { Action, ActionOptions, ActionState, Perform } from './action-options.ts'
import { followResumed, type ResumedHandler } from './resumed-input.ts'
import type { ResumedOwners } from './resumed-owner.ts'

type StepUpClient = Pick<AuthClient, 'stepUp' | 'resumeStepUp' | 'discardStepUp'>

type ActionStore<Input, Result> = Pick<StoreApi<ActionState<Input, Result>>, 'getState' | 'setState'>

/** Makes what `client.action()` returns; `Action` says what it does. */
export function createAction<Input, Result>(
  client: StepUpClient,
  owners: ResumedOwners,
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
  const isOwn = ({ action, key }: ResumedStepUp): boolean => action === name && key === currentOptions().key

  const { mount } = createMount(() => {
    const stop = followResumed(owners, isOwn, () => currentOptions().schema, resumed)
    return () => {
      stop()
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
      resumed.discard()
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
): ResumedHandler<Input> & { readonly discard: () => void } {
  let own: ResumedStepUp | null = null
  const discard = (): void => {
    if (own) client.discardStepUp(name)
  }
  return {
    discard,

    change: (next, previous) => {
      own = next
      const { state } = getState()
      setState({ pending: null })
      if (!next && previous?.error && state.status === 'failed' && state.error === previous.error)
        setState({ state: { status: 'idle' } })
      else if (next?.error && state.status === 'idle')
        setState({ state: { status: 'failed', error: next.error } })
    },

    offer: (input, { idempotencyKey, display = null }) => {
      attempts.keepKey(input, idempotencyKey)
      const confirm = (): Promise<Result> =>
        attempts.start(
          input,
          () => idempotencyKey,
          request => client.resumeStepUp(request),
        )
      if (currentOptions().resume === 'auto' && !attempts.isUnderWay()) void confirm()
      else setState({ pending: { input, display, confirm, discard } })
    },

    refuse: error => {
      discard()
      setState({ state: { status: 'failed', error } })
    },
  }
}
