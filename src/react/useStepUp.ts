import { useCallback, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { markHandled } from '../client/mark-handled.ts'
import type { Grant, StepUpOptions, StepUpStatus } from '../client/step-up/step-up-types.ts'
import { ConfigurationError, InteractionCancelledError } from '../core/errors.ts'
import type { ResumedStepUp } from '../core/machine/state.ts'
import { useAuthClient } from './AuthProvider.tsx'

export type StepUpState<Result> =
  | { readonly status: 'idle' | StepUpStatus | 'performing' }
  | { readonly status: 'succeeded'; readonly result: Result }
  | { readonly status: 'failed'; readonly error: unknown }

export interface UseStepUpOptions<Input> {
  /** What is approved, as plain JSON: the backend must find the same in what it is then asked to do. */
  readonly context?: (input: Input) => unknown
  /**
   * What an `input` that comes back from a full-page redirect must be, as any Standard Schema: it was in this tab's
   * sessionStorage meanwhile, and another version of the app may have put it there. One that is not fails.
   */
  readonly schema?: StandardSchema<Input>
  /**
   * After a full-page redirect: `confirm` waits for `pending.confirm()`. `auto` goes on at once, so that whoever makes
   * a person sign in has the action performed too: only where the context is shown at the OP. Default: `confirm`.
   */
  readonly resume?: 'confirm' | 'auto'
  /** Who decides: see `StepUpOptions`. Default: `backend`. */
  readonly decides?: StepUpOptions['decides']
}

/** As much of https://standardschema.dev as is needed here. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>
  }
}

type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly unknown[] }

export interface StepUp<Input, Result> {
  /**
   * Asks the backend, lets the person confirm if need be, then performs. Resolves with `perform`'s result; rejects
   * with what `client.stepUp` or `perform` throws. While one is under way, the same input joins it, and another is
   * refused.
   */
  readonly run: (input: Input) => Promise<Result>
  readonly state: StepUpState<Result>
  /** A step-up that came back from a full-page redirect and waits for the person to confirm it. */
  readonly pending: {
    readonly input: Input
    readonly confirm: () => Promise<Result>
    readonly discard: () => void
  } | null
  readonly cancel: () => void
  readonly reset: () => void
}

type Obtain = (request: Required<Pick<StepUpOptions, 'signal' | 'onStatus'>>) => Promise<Grant>

interface Attempt<Input, Result> {
  readonly input: Input
  readonly promise: Promise<Result>
  readonly controller: AbortController
}

/**
 * A sensitive action behind a step-up.
 *
 * @param action the name of the backend's policy
 * @param perform what to do once the backend has granted it; its `fetch` carries the grant
 */
export function useStepUp<Input, Result>(
  action: string,
  perform: (input: Input, grant: Grant) => Promise<Result> | Result,
  options: UseStepUpOptions<Input> = {},
): StepUp<Input, Result> {
  const client = useAuthClient()
  const resumed = useStore(client.store, state => (state.resumed?.action === action ? state.resumed : null))
  const [state, setState] = useState<StepUpState<Result>>({ status: 'idle' })
  const [checked, setChecked] = useState<{ readonly of: ResumedStepUp; readonly input: Input } | null>(null)
  const attempt = useRef<Attempt<Input, Result> | null>(null)
  // Of an input that has not been performed yet: trying it again is no second action.
  const unspent = useRef<{ readonly input: Input; readonly key: string } | null>(null)
  const latest = useRef({ perform, options })
  useEffect(() => {
    latest.current = { perform, options }
  })

  const start = useCallback((input: Input, obtain: Obtain): Promise<Result> => {
    const underWay = attempt.current
    if (underWay && Object.is(underWay.input, input)) return underWay.promise
    if (underWay) return markHandled(Promise.reject(new InteractionCancelledError('superseded')))
    const controller = new AbortController()
    const { signal } = controller
    const show = (next: StepUpState<Result>): void => {
      if (attempt.current?.controller === controller) setState(next)
    }
    const work = async (): Promise<Result> => {
      try {
        const grant = await obtain({ signal, onStatus: status => show({ status }) })
        if (signal.aborted) throw new InteractionCancelledError('aborted')
        show({ status: 'performing' })
        const result = await latest.current.perform(input, grant)
        unspent.current = null
        show({ status: 'succeeded', result })
        return result
      } catch (error) {
        show({ status: 'failed', error })
        throw error
      } finally {
        if (attempt.current?.controller === controller) attempt.current = null
      }
    }
    // Deferred, so that the attempt is known before its first status.
    const promise = markHandled(Promise.resolve().then(work))
    attempt.current = { input, promise, controller }
    return promise
  }, [])

  const wish = useCallback((input: Input): Pick<StepUpOptions, 'context' | 'decides'> => {
    const { context, decides = 'backend' } = latest.current.options
    return { context: context?.(input), decides }
  }, [])
  const run = useCallback(
    (input: Input): Promise<Result> => {
      // While one is under way another input is refused, and must not take its key.
      if (!attempt.current && !Object.is(unspent.current?.input, input))
        unspent.current = { input, key: crypto.randomUUID() }
      const idempotencyKey = unspent.current?.key ?? ''
      return start(input, async request =>
        client.stepUp(action, { ...wish(input), input, idempotencyKey, ...request }),
      )
    },
    [client, action, start, wish],
  )
  const confirm = useCallback(
    (input: Input): Promise<Result> =>
      start(input, async request => client.resumeStepUp({ ...wish(input), ...request })),
    [client, start, wish],
  )

  const cancel = useCallback(() => attempt.current?.controller.abort(), [])
  const reset = useCallback(() => {
    cancel()
    attempt.current = null
    client.discardStepUp(action)
    setState({ status: 'idle' })
  }, [client, action, cancel])
  // A person who has left the page cannot confirm what is no longer on it.
  useEffect(() => cancel, [cancel])

  useEffect(() => {
    if (!resumed || resumed.error) return
    let isCurrent = true
    const { schema, resume } = latest.current.options
    validate(schema, resumed.input).then(
      input => {
        if (!isCurrent) return
        unspent.current = { input, key: resumed.idempotencyKey }
        if (resume === 'auto') void confirm(input)
        else setChecked({ of: resumed, input })
      },
      error => {
        client.discardStepUp(action)
        if (isCurrent) setState({ status: 'failed', error })
      },
    )
    return () => {
      isCurrent = false
    }
  }, [client, action, resumed, confirm])

  const pending =
    resumed && checked?.of === resumed
      ? {
          input: checked.input,
          confirm: () => confirm(checked.input),
          discard: () => client.discardStepUp(action),
        }
      : null
  const failed = resumed?.error && state.status === 'idle'
  return { run, state: failed ? { status: 'failed', error: resumed.error } : state, pending, cancel, reset }
}

async function validate<Input>(schema: StandardSchema<Input> | undefined, input: unknown): Promise<Input> {
  if (!schema) return input as Input
  const checked = await schema['~standard'].validate(input)
  if (checked.issues) throw new ConfigurationError('The input that came back is not what `schema` takes')
  return checked.value
}
