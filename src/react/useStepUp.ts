'use client'
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { Action, ActionOptions, ActionState, Perform } from '../client/step-up/action-options.ts'
import { defined } from '../core/defined.ts'
import { useAuthClient } from './AuthProvider.tsx'

/** The options of `useStepUp`. They are the options of `client.action()`. */
export type UseStepUpOptions<Input> = ActionOptions<Input>

/** What `useStepUp` returns: the action's state, and functions to run, cancel and reset it. */
export interface StepUp<Input, Result>
  extends ActionState<Input, Result>,
    Pick<Action<Input, Result>, 'run' | 'cancel' | 'reset'> {}

/**
 * Makes a sensitive action behind a step-up for a component: `client.action()` in React. An attempt under way is
 * cancelled when the component leaves the page. Another `action` or `options.key` makes another action, which starts
 * `idle`.
 *
 * @param action the name of the backend's policy
 * @param perform what to do once the backend has granted the action; the `fetch` of its grant carries the grant
 * @param options how the action asks the backend, and how it goes on after a full-page redirect
 * @throws `ConfigurationError` outside an `<AuthProvider>`
 */
export function useStepUp<Input, Result>(
  action: string,
  perform: Perform<Input, Result>,
  options: UseStepUpOptions<Input> = {},
): StepUp<Input, Result> {
  const client = useAuthClient()
  const [latest] = useState(() => createLatest({ perform, options }))
  // In an effect, because a render may be thrown away.
  useEffect(() => latest.set({ perform, options }))
  const { key } = options
  const { store, mount, run, cancel, reset } = useMemo(
    () =>
      client.action<Input, Result>(
        action,
        (input, grant) => latest.get().perform(input, grant),
        () => ({ ...latest.get().options, ...defined({ key }) }),
      ),
    [client, action, key, latest],
  )
  useEffect(() => mount(), [mount])
  const { state, pending } = useStore(store)
  return { run, state, pending, cancel, reset }
}

interface Latest<T> {
  readonly get: () => T
  readonly set: (value: T) => void
}

/**
 * Holds what the last render gave, for functions that run later. Not a ref: React Compiler leaves out a hook that hands
 * a function which reads one to another function while it renders.
 */
function createLatest<T>(first: T): Latest<T> {
  let current = first
  return {
    get: () => current,
    set: value => {
      current = value
    },
  }
}
