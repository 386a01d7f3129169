import type { StepUpDisplay } from '../../core/step-up-display.ts'
import type { ReadonlyStore } from '../run-machine.ts'
import type { Grant, StepUpOptions, StepUpStatus } from './step-up-types.ts'

/**
 * What an action does once the backend has granted it.
 *
 * @param input what `run` was called with
 * @param grant the backend's grant: call the backend with its `fetch`, which carries the grant
 * @returns what `run` resolves with
 */
export type Perform<Input, Result> = (input: Input, grant: Grant) => Promise<Result> | Result

/** How an action asks the backend, and how it goes on after a full-page redirect. Every option may be left out. */
export interface ActionOptions<Input> {
  /**
   * Makes what is approved, as plain JSON. The backend must find the same in the request that it is then asked to
   * perform. Default: none.
   *
   * @param input what `run` was called with
   */
  readonly context?: ((input: Input) => unknown) | undefined
  /**
   * Says what the person approves, for the prompt and for the confirmation after a full-page redirect: see `describe`
   * of `StepUpOptions`. Default: the action's name in `messages.actions`.
   *
   * @param input what `run` was called with
   */
  readonly describe?: ((input: Input) => string | StepUpDisplay) | undefined
  /**
   * What an `input` must be that comes back from a full-page redirect: any Standard Schema. The input was in this tab's
   * sessionStorage meanwhile, and another version of the app may have put it there. An input that does not fit fails
   * with a `ConfigurationError`. Default: none, and the input is *not* checked.
   */
  readonly schema?: StandardSchema<Input> | undefined
  /**
   * What happens after a full-page redirect. `confirm`: the step-up waits for `pending.confirm()`. `auto`: it goes on
   * at once. Then anyone who can make a person sign in can also have the action performed, so use it only if the OP
   * shows the context. Default: `confirm`.
   */
  readonly resume?: 'confirm' | 'auto' | undefined
  /** Who decides: see `decides` of `StepUpOptions`. Default: `backend`. */
  readonly decides?: StepUpOptions['decides'] | undefined
  /**
   * What happens to the session when the new login is too old for the backend: see `onStale` of `StepUpOptions`.
   * Default: `keep`.
   */
  readonly onStale?: StepUpOptions['onStale']
  /**
   * Which of several actions of the same name this is, for example the payment's id in a list of payments. After a
   * full-page redirect a step-up comes back to the action that has its name and its key. A step-up without a key comes
   * back to an action without one. If several mounted actions fit, the one that was mounted first gets it. Default:
   * none.
   */
  readonly key?: string | undefined
}

/** The part of https://standardschema.dev that this package needs. */
export interface StandardSchema<Output> {
  /** The property that every Standard Schema has. */
  readonly '~standard': {
    /**
     * Checks the input.
     *
     * @param value the input as it comes back
     * @returns the input as it is to be used (`value`), or why it does not fit (`issues`)
     */
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>
  }
}

type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly unknown[] }

/** How far the attempt under way has come, or how the last one ended. */
export type StepUpState<Result> =
  | {
      /**
       * `idle`: no attempt. `performing`: the grant is there, and `perform` runs. The other values say how far the
       * step-up has come.
       */
      readonly status: 'idle' | StepUpStatus | 'performing'
    }
  | {
      /** The last attempt was performed. */
      readonly status: 'succeeded'
      /** What `perform` returned. */
      readonly result: Result
    }
  | {
      /** The last attempt failed, before or while it was performed. */
      readonly status: 'failed'
      /** What the step-up or `perform` threw. `isAuthError` tells whether it is an error of this package. */
      readonly error: unknown
    }

/** A step-up that came back from a full-page redirect and waits for the person to confirm it. */
export interface PendingStepUp<Input, Result> {
  /** What `run` was called with before the page left, as JSON gives it back. Only the action's `schema` checks it. */
  readonly input: Input
  /**
   * What the person was told that they approve: the backend's words, else those of `describe`. They are as they were
   * before the page left. Null if there were none.
   */
  readonly display: StepUpDisplay | null
  /** Goes on with the step-up. It resolves and rejects as `run` does. */
  readonly confirm: () => Promise<Result>
  /** Gives the step-up up. The action is not performed. */
  readonly discard: () => void
}

/**
 * What `action.store` holds. `state` and `pending` are apart, because another input may be run while one is pending.
 */
export interface ActionState<Input, Result> {
  /** How far the attempt under way has come, or how the last one ended. */
  readonly state: StepUpState<Result>
  /**
   * The step-up that came back from a full-page redirect and waits for the person. Null without one, and always null
   * while the action is not mounted.
   */
  readonly pending: PendingStepUp<Input, Result> | null
}

/** A sensitive action behind a step-up, for code without React. `client.action()` makes it. */
export interface Action<Input, Result> {
  /** The action's state, to read: `getState`, `getInitialState`, `subscribe`. */
  readonly store: ReadonlyStore<ActionState<Input, Result>>
  /**
   * Looks for a step-up of this action and key that came back from a full-page redirect, now and from now on. `run`
   * works without it.
   *
   * @returns a function to call when the person leaves the action's view: it stops looking, and cancels an attempt
   * under way
   */
  mount(): () => void
  /**
   * Asks the backend, lets the person confirm if need be, then performs the action. If it fails, the state shows the
   * same error that the promise rejects with. While one attempt is under way, the same input (`Object.is`) joins it,
   * and another input is refused.
   *
   * Attempts with the same input have the same idempotency key until one of them has been performed.
   *
   * @param input what `perform`, `context` and `describe` get
   * @returns what `perform` returns
   * @throws what `client.stepUp` and `perform` throw; `InteractionCancelledError`: `superseded` for another input,
   * `aborted` after `cancel`
   */
  run(input: Input): Promise<Result>
  /** Cancels the attempt under way. An attempt that is already being performed goes on. */
  cancel(): void
  /** Cancels the attempt under way, gives up `pending`, and shows `idle`. */
  reset(): void
}
