import { describe, expect, it, vi } from 'vitest'
import { createLogQueue, logTransition } from '../../src/client/log.ts'
import type { AuthLogEvent } from '../../src/client/log-events.ts'
import type { IdTokenClaims } from '../../src/core/claims.ts'
import type { AuthEvent } from '../../src/core/machine/events.ts'
import type { TokenOrigin, UnmetStepUp } from '../../src/core/machine/interaction.ts'
import { type AuthState, initialState } from '../../src/core/machine/state.ts'
import { transition } from '../../src/core/machine/transition.ts'

const account = { iss: 'https://op.example', sub: 'josh' }
const unmet = (id: string): UnmetStepUp => ({ type: 'unmet_step_up', id, action: 'payment.approve', account })
const showing = (...ids: string[]): AuthState => ({ ...initialState, interactions: ids.map(unmet) })

describe('the logger hears of a prompt', () => {
  it.each([
    ['that is the first', showing(), showing('one'), 1],
    ['that follows another of the same type', showing('one', 'two'), showing('two'), 1],
    ['that stays on screen only once', showing('one'), showing('one', 'two'), 0],
    ['that goes only once', showing('one'), showing(), 0],
  ])('%s', (_, previous, state, times) => {
    const told: AuthLogEvent[] = []
    const event = { type: 'prompt.answered', id: 'one', answer: 'cancel' } as const
    logTransition(one => told.push(one), event, state, previous)
    expect(told).toEqual(Array(times).fill({ type: 'prompt.shown', prompt: 'step_up_unmet' }))
  })
})

describe('the logger hears where a session comes from', () => {
  const signedIn = { account, claims: {} as IdTokenClaims, accessTokenExpiresAt: null }
  const found = (origin: TokenOrigin): AuthEvent => ({ type: 'session.found', id: 'one', signedIn, origin })
  const forgotten: AuthEvent = { type: 'former_person.forgotten', id: 'one' }
  const sources: readonly [TokenOrigin, string][] = [
    ['sign_in', 'session.signed_in'],
    ['op', 'session.restored'],
    ['storage', 'session.restored'],
    ['tab', 'session.adopted'],
  ]

  it.each(sources)('when it begins at once (%s)', (origin, type) => {
    expect(toldOf(initialState, [found(origin)])).toEqual([type])
  })

  it.each(sources)('when it begins after onAccountChange (%s)', (origin, type) => {
    const state: AuthState = { ...initialState, former: { status: 'unknown' } }
    expect(toldOf(state, [found(origin), forgotten])).toEqual([type])
  })

  function toldOf(initial: AuthState, events: readonly AuthEvent[]): string[] {
    const told: string[] = []
    let previous = initial
    for (const event of events) {
      const { state } = transition(previous, event)
      logTransition(one => told.push(one.type), event, state, previous)
      previous = state
    }
    return told
  }
})

describe('a logger that throws', () => {
  it('is reported like an error of the page, and hears the next event all the same', async () => {
    const report = vi.fn()
    const told: string[] = []
    const error = new Error('no')
    const log = createLogQueue({ reportError: report }, ({ type }) => {
      told.push(type)
      if (type === 'popup.opened') throw error
    })
    log({ type: 'popup.opened' })
    log({ type: 'popup.closed' })
    await vi.waitFor(() => expect(told).toEqual(['popup.opened', 'popup.closed']))
    expect(report.mock.calls).toEqual([[error]])
  })
})
