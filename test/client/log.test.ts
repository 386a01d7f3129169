import { afterEach, describe, expect, it, vi } from 'vitest'
import { type AuthLogEvent, createLogQueue, logTransition } from '../../src/client/log.ts'
import type { UnmetStepUp } from '../../src/core/machine/interaction.ts'
import { type AuthState, initialState } from '../../src/core/machine/state.ts'

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

describe('a logger that throws', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('is reported like an error of the page, and hears the next event all the same', async () => {
    const report = vi.fn()
    vi.stubGlobal('reportError', report)
    const told: string[] = []
    const error = new Error('no')
    const log = createLogQueue(({ type }) => {
      told.push(type)
      if (type === 'popup.opened') throw error
    })
    log({ type: 'popup.opened' })
    log({ type: 'popup.closed' })
    await vi.waitFor(() => expect(told).toEqual(['popup.opened', 'popup.closed']))
    expect(report.mock.calls).toEqual([[error]])
  })
})
