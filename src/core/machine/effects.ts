import type { Account } from '../account.ts'
import type { AuthError } from '../errors.ts'
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
  /** The promise of a visit settles: with the tokens, or with the error. */
  | { readonly type: 'visit.settle'; readonly id: string; readonly error: AuthError | null }
  /** As this account; null as any. */
  | { readonly type: 'sign_in.start'; readonly account: Account | null }
  | { readonly type: 'limit.extend' }
  /** The app forgets `from`, before `to` is shown. `from` is null when this page does not know who that was. */
  | {
      readonly type: 'account.change'
      readonly id: string
      readonly from: Account | null
      readonly to: Account
    }

/** One step of the machine. */
export interface Step {
  readonly state: AuthState
  readonly tokenEffects: readonly TokenEffect[]
  readonly effects: readonly Effect[]
}

export function step(
  state: AuthState,
  effects: readonly Effect[] = [],
  tokenEffects: readonly TokenEffect[] = [],
): Step {
  return { state, tokenEffects, effects }
}

/** One step to `state`, with the effects of the others in their order. */
export function join(state: AuthState, ...steps: readonly Omit<Step, 'state'>[]): Step {
  return {
    state,
    tokenEffects: steps.flatMap(({ tokenEffects }) => tokenEffects),
    effects: steps.flatMap(({ effects }) => effects),
  }
}
