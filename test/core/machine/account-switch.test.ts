import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../../src/core/errors.ts'
import type { AuthEvent } from '../../../src/core/machine/events.ts'
import { selectPrompt } from '../../../src/core/machine/prompts.ts'
import { type AuthState, initialState } from '../../../src/core/machine/state.ts'
import type { SignedIn } from '../../../src/core/tokens.ts'
import { type AnyEffect, takeStep } from '../../support/machine.ts'

const person = (sub: string): SignedIn => ({
  account: { iss: 'https://op.example', sub },
  claims: { iss: 'https://op.example', sub, aud: 'payments', exp: 2, iat: 1 },
  accessTokenExpiresAt: 300,
})
const [josh, jane, kim] = [person('josh'), person('jane'), person('kim')]
const found: AuthEvent = { type: 'session.found', id: 'boot', signedIn: josh, origin: 'op' }
const adopted = (id: string, signedIn: SignedIn): AuthEvent => ({ type: 'session.adopted', id, signedIn })
const changed = (id: string): AuthEvent => ({ type: 'account.changed', id })
const answer = (id: string, choice: 'continue' | 'cancel' | 'switch'): AuthEvent => ({
  type: 'prompt.answered',
  id,
  answer: choice,
})
const ask = (id: string, kind: 'sign_in' | 'step_up'): AuthEvent => ({
  type: 'visit.requested',
  id,
  goal: kind === 'sign_in' ? { kind } : { kind, account: josh.account, action: null },
  ladder: ['popup', 'redirect'],
})
const switched: readonly AuthEvent[] = [
  found,
  ask('s', 'sign_in'),
  { type: 'visit.answered', id: 's', signedIn: jane, sufficient: true },
]

/** The last step, and all effects of it. */
function play(...events: readonly AuthEvent[]): { state: AuthState; effects: readonly AnyEffect[] } {
  return from(initialState, ...events)
}
function from(state: AuthState, ...events: readonly AuthEvent[]) {
  return events.reduce(
    (before, event) => {
      const [after, effects] = takeStep(before.state, event)
      return { state: after, effects }
    },
    { state, effects: [] as readonly AnyEffect[] },
  )
}
const types = (effects: readonly AnyEffect[]): string[] => effects.map(({ type }) => type)

describe('another person signs in', () => {
  it('nobody is there until the app has forgotten the former one, and no promise settles before', () => {
    const { state, effects } = play(...switched)
    expect(state.session).toEqual({ status: 'initializing' })
    expect(effects).toContainEqual({ type: 'account.change', id: 's', from: josh.account, to: jane.account })
    expect(types(effects)[0]).toBe('tokens.drop_session')
    expect(types(effects)).not.toContain('visit.settle')
    expect(types(effects)).not.toContain('tokens.install')
  })

  it('is shown after that, and the sign-in settles after the tokens are there', () => {
    const { state, effects } = play(...switched, changed('s'))
    expect(state).toMatchObject({
      session: { account: { sub: 'jane' } },
      former: { account: { sub: 'jane' } },
      interactions: [],
    })
    expect(types(effects).indexOf('tokens.install')).toBeLessThan(types(effects).indexOf('visit.settle'))
  })

  it('nobody is signed in when the app cannot forget', () => {
    const error = new ConfigurationError('')
    const { state, effects } = play(...switched, { type: 'account.changed', id: 's', error })
    expect(state).toMatchObject({
      session: { status: 'anonymous', reason: 'failed', error },
      interactions: [],
    })
    expect(effects).toContainEqual({ type: 'visit.settle', id: 's', error })
    expect(effects).toContainEqual({ type: 'tokens.discard', id: 's' })
  })

  it.each([
    ['a sign-out', { type: 'session.ended', reason: 'signed_out' }, 'anonymous'],
    [
      'a click that gives it up',
      { type: 'visit.failed', id: 's', error: new ConfigurationError('') },
      'initializing',
    ],
    ['news of somebody else', adopted('k', kim), 'initializing'],
    [
      'a restore that comes late',
      { type: 'session.found', id: 'late', signedIn: kim, origin: 'op' },
      'initializing',
    ],
  ] as const)('on the way, %s leaves nobody half there', (_, event, status) => {
    const { state } = play(...switched, event)
    expect(state.session.status).toBe(status)
    const { state: after } = from(state, changed('s'))
    expect(after.session).toMatchObject(
      status === 'anonymous' ? { status } : { status: 'authenticated', account: { sub: 'jane' } },
    )
  })

  it.each(['sign_in', 'step_up'] as const)('on the way, a %s is refused at once', kind => {
    const { state, effects } = play(...switched, ask('n', kind))
    expect(effects).toMatchObject([
      { type: 'visit.settle', id: 'n', error: { code: 'interaction_cancelled' } },
    ])
    expect(state.interactions.map(({ id }) => id)).toEqual(['s'])
  })

  it('ends what still waited when the person chose the other who had answered', () => {
    const answered: AuthEvent = { type: 'visit.answered', id: 'a', signedIn: jane, sufficient: true }
    const { effects } = play(found, ask('a', 'step_up'), ask('b', 'step_up'), answered, answer('a', 'switch'))
    expect(effects).toContainEqual({
      type: 'visit.settle',
      id: 'b',
      error: expect.objectContaining({ reason: 'superseded' }),
    })
  })

  it.each([
    ['here', switched.slice(1)],
    ['in another tab', [adopted('j', jane)]],
  ])('%s: what the former one left unfinished goes', (_, events) => {
    const resumed = { action: 'payment.approve', input: null, idempotencyKey: 'k', error: null }
    expect(play(found, { type: 'step_up.resumed', resumed }).state.resumed).toBe(resumed)
    expect(play(found, { type: 'step_up.resumed', resumed }, ...events).state.resumed).toBeNull()
  })

  it('ends what was asked for the former one', () => {
    const { state, effects } = play(found, ask('a', 'step_up'), adopted('j', jane), answer('j', 'continue'))
    expect(state.interactions.map(({ id, type }) => [id, type])).toEqual([['j', 'account_switch']])
    expect(types(effects)).toContain('account.change')
  })

  it('after a sign-out too', () => {
    const out: AuthEvent = { type: 'session.ended', reason: 'signed_out' }
    const { effects } = play(found, out, ...switched.slice(1))
    expect(effects).toContainEqual({ type: 'account.change', id: 's', from: josh.account, to: jane.account })
  })

  it('who was there is unknown after a reload, so the app is asked about anybody', () => {
    const { state, effects } = from({ ...initialState, former: { status: 'unknown' } }, found)
    expect(effects).toContainEqual({ type: 'account.change', id: 'boot', from: null, to: josh.account })
    expect(state.session.status).toBe('initializing')
    expect(from(state, changed('boot')).state.session).toMatchObject({ account: { sub: 'josh' } })
  })
})

it('the same person coming back changes nothing', () => {
  const before = play(found).state
  const { state, effects } = play(...switched.slice(0, 2), {
    type: 'visit.answered',
    id: 's',
    signedIn: josh,
    sufficient: true,
  })
  expect(state).toEqual(before)
  expect(types(effects)).not.toContain('account.change')
})

describe('another tab switched', () => {
  const other = [found, adopted('j', jane)] as const

  it('the page keeps what it shows, loses its tokens, and asks', () => {
    const { state, effects } = play(...other)
    expect(state.session).toMatchObject({ account: { sub: 'josh' }, renewal: { status: 'ended' } })
    expect(selectPrompt(state)).toEqual({
      id: 'j',
      type: 'account_changed',
      from: josh.account,
      to: jane.account,
    })
    expect(types(effects)[0]).toBe('tokens.drop_session')
  })

  it('continue goes on as the other, after the app has forgotten the one', () => {
    const { effects } = play(...other, answer('j', 'continue'))
    expect(effects).toContainEqual({ type: 'account.change', id: 'j', from: josh.account, to: jane.account })
    expect(play(...other, answer('j', 'continue'), changed('j')).state.session).toMatchObject({
      account: { sub: 'jane' },
    })
  })

  it('cancel puts it off, until something is to be done', () => {
    const { state } = play(...other, answer('j', 'cancel'))
    expect(selectPrompt(state)).toBeNull()
    expect(selectPrompt(from(state, { type: 'account.doubted' }).state)).toMatchObject({
      type: 'account_changed',
    })
    const { state: again, effects } = from(state, ask('a', 'step_up'))
    expect(selectPrompt(again)).toMatchObject({ type: 'account_changed' })
    expect(effects).toMatchObject([{ type: 'visit.settle', id: 'a' }])
  })

  it('switch signs the former one in again, and asks again where that fails', () => {
    const { state, effects } = play(...other, answer('j', 'switch'))
    expect(effects).toEqual([{ type: 'sign_in.start', account: josh.account }])
    const failed: AuthEvent = { type: 'visit.failed', id: 's', error: new ConfigurationError('') }
    expect(selectPrompt(from(state, ask('s', 'sign_in'), failed).state)).toMatchObject({
      type: 'account_changed',
    })
    const back: AuthEvent = { type: 'visit.answered', id: 's', signedIn: josh, sufficient: true }
    const { state: home } = from(state, ask('s', 'sign_in'), back)
    expect(home).toMatchObject({
      session: { account: { sub: 'josh' }, renewal: { status: 'ok' } },
      interactions: [],
    })
  })

  it.each([
    ['back to the one on screen', adopted('b', josh), null],
    ['to a third', adopted('k', kim), 'kim'],
    ['signed out', { type: 'session.ended', reason: 'signed_out' }, null],
  ] as const)('%s: a question without a reason goes away', (_, event, to) => {
    const { state } = play(...other, event)
    expect(selectPrompt(state)).toEqual(
      to && expect.objectContaining({ to: { iss: 'https://op.example', sub: to } }),
    )
  })

  it('a tab where nobody is signed in just follows', () => {
    expect(play(adopted('j', jane)).state.session).toMatchObject({ account: { sub: 'jane' } })
  })
})
