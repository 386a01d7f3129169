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
const changed = (id: string): AuthEvent => ({ type: 'former_person.forgotten', id })
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
  { type: 'visit.answered', id: 's', signedIn: jane },
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

describe('when another person signs in', () => {
  it('no person is shown and no promise settles until the app has forgotten the former one', () => {
    const { state, effects } = play(...switched)
    expect(state.session).toEqual({ status: 'initializing' })
    expect(effects).toContainEqual({
      type: 'former_person.forget',
      id: 's',
      from: josh.account,
      to: jane.account,
    })
    expect(types(effects)[0]).toBe('tokens.drop_session')
    expect(types(effects)).not.toContain('visit.settle')
    expect(types(effects)).not.toContain('tokens.install')
  })

  it('the new person is shown after that, and the sign-in settles after the tokens are there', () => {
    const { state, effects } = play(...switched, changed('s'))
    expect(state).toMatchObject({
      session: { account: { sub: 'jane' } },
      former: { account: { sub: 'jane' } },
      interactions: [],
    })
    expect(types(effects).indexOf('tokens.install')).toBeLessThan(types(effects).indexOf('visit.settle'))
  })

  it('the session is anonymous if the app cannot forget', () => {
    const error = new ConfigurationError('')
    const { state, effects } = play(...switched, { type: 'former_person.forgotten', id: 's', error })
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
      { type: 'interaction.failed', id: 's', error: new ConfigurationError('') },
      'initializing',
    ],
    ['news of a third person', adopted('k', kim), 'initializing'],
    [
      'a restore that comes late',
      { type: 'session.found', id: 'late', signedIn: kim, origin: 'op' },
      'initializing',
    ],
  ] as const)('%s on the way leaves no half-finished session', (_, event, status) => {
    const { state } = play(...switched, event)
    expect(state.session.status).toBe(status)
    const { state: after } = from(state, changed('s'))
    expect(after.session).toMatchObject(
      status === 'anonymous' ? { status } : { status: 'authenticated', account: { sub: 'jane' } },
    )
  })

  it.each(['sign_in', 'step_up'] as const)('a %s on the way is refused at once', kind => {
    const { state, effects } = play(...switched, ask('n', kind))
    expect(effects).toMatchObject([
      { type: 'visit.settle', id: 'n', error: { code: 'interaction_cancelled' } },
    ])
    expect(state.interactions.map(({ id }) => id)).toEqual(['s'])
  })

  it('the interactions that still wait end as the person chooses the other account', () => {
    const answered: AuthEvent = { type: 'visit.answered', id: 'a', signedIn: jane }
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
  ])('%s, the unfinished step-up of the former person goes', (_, events) => {
    const resumed = { action: 'payment.approve', input: null, idempotencyKey: 'k', error: null }
    expect(play(found, { type: 'step_up.resumed', resumed }).state.resumed).toBe(resumed)
    expect(play(found, { type: 'step_up.resumed', resumed }, ...events).state.resumed).toBeNull()
  })

  it('the interactions of the former person end', () => {
    const { state, effects } = play(found, ask('a', 'step_up'), adopted('j', jane), answer('j', 'continue'))
    expect(state.interactions.map(({ id, type }) => [id, type])).toEqual([['j', 'account_switch']])
    expect(types(effects)).toContain('former_person.forget')
  })

  it('the app is asked to forget after a sign-out as well', () => {
    const out: AuthEvent = { type: 'session.ended', reason: 'signed_out' }
    const { effects } = play(found, out, ...switched.slice(1))
    expect(effects).toContainEqual({
      type: 'former_person.forget',
      id: 's',
      from: josh.account,
      to: jane.account,
    })
  })

  it('after a reload the former person is unknown, so the app is asked about every new one', () => {
    const { state, effects } = from({ ...initialState, former: { status: 'unknown' } }, found)
    expect(effects).toContainEqual({ type: 'former_person.forget', id: 'boot', from: null, to: josh.account })
    expect(state.session.status).toBe('initializing')
    expect(from(state, changed('boot')).state.session).toMatchObject({ account: { sub: 'josh' } })
  })
})

it('the same person signing in again changes nothing', () => {
  const before = play(found).state
  const { state, effects } = play(...switched.slice(0, 2), {
    type: 'visit.answered',
    id: 's',
    signedIn: josh,
  })
  expect(state).toEqual(before)
  expect(types(effects)).not.toContain('former_person.forget')
})

it('a third person whom the OP names during a switch is no question, and the switch ends', () => {
  const third: AuthEvent = { type: 'session.mismatched', id: 'k', expected: josh.account, signedIn: kim }
  const { state, effects } = play(...switched, third)
  expect(state).toEqual(play(...switched).state)
  expect(effects).toEqual([{ type: 'tokens.discard', id: 'k' }])
  expect(from(state, changed('s')).state).toMatchObject({
    session: { account: { sub: 'jane' } },
    interactions: [],
  })
})

it('a limit of the former person goes with the person, also where the app cannot forget', () => {
  const limit = { id: 'limit', endsAt: 2, reason: 'idle', warns: true, isAnswered: false } as const
  const steps: AuthEvent[] = [found, { type: 'limit.changed', limit }, ...switched.slice(1)]
  expect(play(...steps).state.limit).toBeNull()
  const error = new ConfigurationError('')
  expect(selectPrompt(play(...steps, { type: 'former_person.forgotten', id: 's', error }).state)).toBeNull()
})

describe('when another tab has switched', () => {
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

  it('the answer continue goes on as the other person, after the app has forgotten the former one', () => {
    const { effects } = play(...other, answer('j', 'continue'))
    expect(effects).toContainEqual({
      type: 'former_person.forget',
      id: 'j',
      from: josh.account,
      to: jane.account,
    })
    expect(play(...other, answer('j', 'continue'), changed('j')).state.session).toMatchObject({
      account: { sub: 'jane' },
    })
  })

  it('the answer cancel puts the question off until the next action', () => {
    const { state } = play(...other, answer('j', 'cancel'))
    expect(selectPrompt(state)).toBeNull()
    expect(selectPrompt(from(state, { type: 'account_question.due' }).state)).toMatchObject({
      type: 'account_changed',
    })
    const { state: again, effects } = from(state, ask('a', 'step_up'))
    expect(selectPrompt(again)).toMatchObject({ type: 'account_changed' })
    expect(effects).toMatchObject([{ type: 'visit.settle', id: 'a' }])
  })

  it('the answer switch signs the former person in again, and the page asks again where that fails', () => {
    const { state, effects } = play(...other, answer('j', 'switch'))
    expect(effects).toEqual([{ type: 'sign_in.start', account: josh.account }])
    const failed: AuthEvent = { type: 'interaction.failed', id: 's', error: new ConfigurationError('') }
    expect(selectPrompt(from(state, ask('s', 'sign_in'), failed).state)).toMatchObject({
      type: 'account_changed',
    })
    const back: AuthEvent = { type: 'visit.answered', id: 's', signedIn: josh }
    const { state: home } = from(state, ask('s', 'sign_in'), back)
    expect(home).toMatchObject({
      session: { account: { sub: 'josh' }, renewal: { status: 'ok' } },
      interactions: [],
    })
  })

  it.each([
    ['back at the person on screen', adopted('b', josh), null],
    ['at a third person', adopted('k', kim), 'kim'],
    ['signed out', { type: 'session.ended', reason: 'signed_out' }, null],
  ] as const)('the question follows the other tab when that is %s', (_, event, to) => {
    const { state } = play(...other, event)
    expect(selectPrompt(state)).toEqual(
      to && expect.objectContaining({ to: { iss: 'https://op.example', sub: to } }),
    )
  })

  it('a tab without a signed-in person just follows', () => {
    expect(play(adopted('j', jane)).state.session).toMatchObject({ account: { sub: 'jane' } })
  })
})

describe('a question that was put off', () => {
  const putOff = [found, adopted('q', jane), answer('q', 'cancel')]

  it('stays so when the other tab renews its session', () => {
    const { state } = play(...putOff, adopted('q2', jane))
    expect(selectPrompt(state)).toBeNull()
    expect(state.interactions).toMatchObject([{ type: 'account_question', id: 'q2' }])
  })

  it('is asked anew about a third person', () => {
    const { state } = play(...putOff, adopted('q2', kim))
    expect(selectPrompt(state)).toMatchObject({ type: 'account_changed', to: { sub: 'kim' } })
  })
})

describe('a person who comes back from a sign-in by redirect', () => {
  const back: AuthEvent = { type: 'session.found', id: 'back', signedIn: jane, origin: 'sign_in' }

  it('takes the place of another tab’s person, whose session was first', () => {
    const { state } = play(adopted('a', josh), back, changed('back'))
    expect(state.session).toMatchObject({ status: 'authenticated', account: { sub: 'jane' } })
  })

  it('is not signed in when a sign-out was first', () => {
    const { state } = play({ type: 'session.ended', reason: 'signed_out' }, back)
    expect(state.session).toEqual({ status: 'anonymous', reason: 'signed_out' })
  })
})
