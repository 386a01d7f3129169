import type { Effect, TokenEffect } from '../../src/core/machine/effects.ts'
import type { AuthEvent } from '../../src/core/machine/events.ts'
import type { AuthState } from '../../src/core/machine/state.ts'
import { transition } from '../../src/core/machine/transition.ts'

export type AnyEffect = TokenEffect | Effect

/** One step, with its effects in the order in which they run. */
export function takeStep(state: AuthState, event: AuthEvent): [AuthState, readonly AnyEffect[]] {
  const step = transition(state, event)
  return [step.state, [...step.tokenEffects, ...step.effects]]
}
