import type { StepUpDisplay } from '../../core/step-up-display.ts'
import type { ReadonlyStore } from '../run-machine.ts'
import type { Grant, StepUpOptions, StepUpStatus } from './step-up-types.ts'

/** What an action does once the backend has granted it. The grant's `fetch` carries the grant. */
export type Perform<Input, Result> = (input: Input, grant: Grant) => Promise<Result> | Result

/** How an action asks the backend, and how it goes on after a full-page redirect. */
export interface ActionOptions<Input> {
  /** What is approved, as plain JSON: the backend must find the same in what it is then asked to do. */
  readonly context?: ((input: Input) => unknown) | undefined
  /**
   * Says what the person approves, for the prompt and for the confirmation after a full-page redirect: see `StepUpOptions`.
   */
  readonly describe?: ((input: Input) => string | StepUpDisplay) | undefined
  /**
   * What an `input` that comes back from a full-page redirect must be, as any Standard Schema. It was in this tab's
   * sessionStorage meanwhile, and another version of the app may have put it there. An input that does not fit fails
   * with a `ConfigurationError`. Without a schema the input is not checked.
   */
  readonly schema?: StandardSchema<Input> | undefined
  /**
   * After a full-page redirect: `confirm` waits for `pending.confirm()`. `auto` goes on at once, so anyone who can make
   * a person sign in can also have the action performed: use it only where the OP shows the context. Default: `confirm`.
   */
  readonly resume?: 'confirm' | 'auto' | undefined
  /** Who decides: see `StepUpOptions`. Default: `backend`. */
  readonly decides?: StepUpOptions['decides'] | undefined
  /** What becomes of the session when the new login is too old for the backend: see `StepUpOptions`. Default: `keep`. */
  readonly onStale?: StepUpOptions['onStale']
  /**
   * Which of several actions of the same name this is, for instance the payment's id in a list of payments. After a
   * full-page redirect a step-up comes back to the action with its name and key, and to one without a key if it had
   * none. Of several such actions the first that was mounted has it. Default: none.
   */
  readonly key?: string | undefined
}

/** The part of https://standardschema.dev that is needed here. */
export interface StandardSchema<Output> {
  /** The property by which a schema of any library is called. */
  readonly '~standard': {
    /** Gives the input as it is to be used, or why it does not fit (`issues`). */
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>
  }
}

type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly unknown[] }

/** How far the attempt under way has come, or how the last one ended. */
export type StepUpState<Result> =
  | {
      /** `idle`: no attempt. `performing`: the grant is there, and `perform` runs. Else how far it has come. */
      readonly status: 'idle' | StepUpStatus | 'performing'
    }
  | {
      /** The last attempt was performed. */
      readonly status: 'succeeded'
      /** What `perform` gave. */
      readonly result: Result
    }
  | {
      /** The last attempt was not performed, or failed while it was. */
      readonly status: 'failed'
      /** What the step-up or `perform` threw. `isAuthError` tells whether it is one of this package's. */
      readonly error: unknown
    }

/** A step-up that came back from a full-page redirect and waits for the person to confirm it. */
export interface PendingStepUp<Input, Result> {
  /**
   * What `run` was called with before the page left, as JSON gives it back. It is checked only by the action's
   * `schema`.
   */
  readonly input: Input
  /** What the person was told that they approve: the backend's words, else those of `describe`, as they were then. */
  readonly display: StepUpDisplay | null
  /** Goes on with it; settles as `run` does. */
  readonly confirm: () => Promise<Result>
  /** Gives it up. The action is not performed. */
  readonly discard: () => void
}

/** What `action.store` holds. Another input may be run while one is pending, so the two are apart. */
export interface ActionState<Input, Result> {
  /** How far the attempt under way has come, or how the last one ended. */
  readonly state: StepUpState<Result>
  /** Always null while the action is not mounted. */
  readonly pending: PendingStepUp<Input, Result> | null
}

/** A sensitive action behind a step-up, for code without React. Made by `client.action()`. */
export interface Action<Input, Result> {
  /** The action's state, to read: `getState`, `getInitialState`, `subscribe`. */
  readonly store: ReadonlyStore<ActionState<Input, Result>>
  /**
   * Looks for a step-up of this action and key that came back from a full-page redirect, now and from now on. Call the returned
   * function when the person leaves the action's view: it stops looking and cancels an attempt under way. `run` works
   * without it.
   */
  mount(): () => void
  /**
   * Asks the backend, lets the person confirm if need be, then performs. Resolves with `perform`'s result; rejects
   * with what `client.stepUp` or `perform` throws, and the state shows the same error. While one attempt is under way,
   * the same input (`Object.is`) joins it, and another input is refused.
   *
   * Attempts with the same input have the same idempotency key until one of them has been performed.
   *
   * @throws {InteractionCancelledError} `superseded` for another input, `aborted` after `cancel`
   */
  run(input: Input): Promise<Result>
  /** Cancels the attempt under way. One that is already being performed goes on. */
  cancel(): void
  /** Cancels, gives up `pending`, and shows `idle`. */
  reset(): void
}
