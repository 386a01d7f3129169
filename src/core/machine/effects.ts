import type { Account } from '../account.ts'
import type { AnyAuthError } from '../errors.ts'
import type { TokenOrigin } from './interaction.ts'
import type { AuthState } from './state.ts'

/** What happens to tokens. The runner does it before the new state can be seen. */
export type TokenEffect =
  /** The tokens that wait under this id become the session's. */
  | { readonly type: 'tokens.install'; readonly id: string; readonly origin: TokenOrigin }
  /** The tokens that wait under this id go. */
  | { readonly type: 'tokens.discard'; readonly id: string }
  /** The session's tokens go, and requests under way are given up. Tokens that wait stay. */
  | { readonly type: 'tokens.drop_session' }
  /** The session's tokens go, and those that wait. */
  | { readonly type: 'tokens.drop_all' }

/** Everything else that the runner does. It does it after the new state can be seen. */
export type Effect =
  | { readonly type: 'window.open' | 'window.close' | 'window.redirect'; readonly id: string }
  /** The popup comes to the front, or opens again where it cannot. */
  | { readonly type: 'window.show'; readonly id: string }
  /** The promise of a visit settles: with the tokens, or with the error. */
  | { readonly type: 'visit.settle'; readonly id: string; readonly error: AnyAuthError | null }
  /** With a hint at this account. Null: the OP asks who it is. */
  | { readonly type: 'sign_in.start'; readonly account: Account | null }
  | { readonly type: 'limit.extend' }
  /** The app forgets `from`, before `to` is shown. `from` is null when this page does not know who that was. */
  | {
      readonly type: 'former_person.forget'
      readonly id: string
      readonly from: Account | null
      readonly to: Account
    }

/** What follows from an event. */
export interface Effects {
  readonly tokenEffects: readonly TokenEffect[]
  readonly effects: readonly Effect[]
}

/** One step of the machine. */
export interface Step extends Effects {
  readonly state: AuthState
}

/** A step to `state`, with the effects of all these in their order. */
export function step(state: AuthState, ...parts: readonly Partial<Effects>[]): Step {
  return {
    state,
    tokenEffects: parts.flatMap(({ tokenEffects = [] }) => tokenEffects),
    effects: parts.flatMap(({ effects = [] }) => effects),
  }
}

/** The tokens that wait under this id are of no use. */
export function discard(state: AuthState, id: string): Step {
  return step(state, { tokenEffects: [{ type: 'tokens.discard', id }] })
}
