// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { createMachine, type MachineRunner } from '../../src/client/run-machine.ts'
import type { AuthEvent } from '../../src/core/machine/events.ts'
import { initialState } from '../../src/core/machine/state.ts'

const missing: AuthEvent = { type: 'session.missing', reason: 'login_required' }
const signIn: AuthEvent = {
  type: 'visit.requested',
  id: 'a',
  goal: { kind: 'sign_in' },
  ladder: ['popup'],
}
const fault = new Error('of the app')

/** A machine, what its runner ran, and what was reported as an error of the page. */
function start(differences: Partial<MachineRunner> = {}) {
  const ran: string[] = []
  const reported: unknown[] = []
  const reportError = (error: unknown): void => void reported.push(error)
  const note = ({ type }: { readonly type: string }): void => void ran.push(type)
  const runner = { runTokenEffect: note, runEffect: note, observe: () => {}, ...differences }
  return { ...createMachine({ reportError }, initialState, runner), ran, reported }
}

it('runs effects on tokens before the state is published, and all others after it', () => {
  const order: string[] = []
  const { store, dispatch } = start({
    runTokenEffect: ({ type }) => void order.push(type),
    runEffect: ({ type }) => void order.push(type),
    observe: () => void order.push('observed'),
  })
  store.subscribe(() => void order.push('published'))
  dispatch(signIn)
  order.length = 0
  const account = { iss: 'https://op.example', sub: 'josh' }
  const claims = { ...account, aud: 'payments', exp: 2, iat: 1 }
  const signedIn = { account, claims, accessTokenExpiresAt: null }
  dispatch({ type: 'visit.answered', id: 'a', signedIn })
  expect(order).toEqual([
    'tokens.install',
    'tokens.discard',
    'published',
    'observed',
    'window.close',
    'visit.settle',
  ])
})

describe('a fault', () => {
  it('of a subscriber is reported, and every effect runs', () => {
    const { store, dispatch, ran, reported } = start()
    store.subscribe(() => {
      throw fault
    })
    dispatch(signIn)
    expect(ran).toEqual(['window.close', 'window.open'])
    expect(reported).toEqual([fault])
  })

  it('of the observer is reported, and every effect runs', () => {
    const observe = (): never => {
      throw fault
    }
    const { dispatch, ran, reported } = start({ observe })
    dispatch(signIn)
    expect(ran).toEqual(['window.close', 'window.open'])
    expect(reported).toEqual([fault])
  })

  it('of an effect is reported, and the other effects and the next events go on', () => {
    const ran: string[] = []
    const runEffect: MachineRunner['runEffect'] = ({ type }) => {
      ran.push(type)
      if (type === 'window.close') throw fault
    }
    const { store, dispatch, reported } = start({ runEffect })
    dispatch(signIn)
    dispatch(missing)
    expect(ran).toEqual(['window.close', 'window.open'])
    expect(reported).toEqual([fault])
    expect(store.getState().session.status).toBe('anonymous')
  })
})
