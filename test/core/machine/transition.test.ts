import { describe, expect, it } from 'vitest'
import { NetworkError } from '../../../src/core/errors.ts'
import type { AuthEvent } from '../../../src/core/machine/events.ts'
import type { Ladder } from '../../../src/core/machine/interaction.ts'
import { selectPrompt } from '../../../src/core/machine/prompts.ts'
import { type AuthState, initialState } from '../../../src/core/machine/state.ts'
import type { SignedIn } from '../../../src/core/tokens.ts'
import { type AnyEffect, takeStep } from '../../support/machine.ts'

const issuer = 'https://op.example'
const person = (sub: string, iat = 1): SignedIn => ({
  account: { iss: issuer, sub },
  claims: { iss: issuer, sub, aud: 'payments', exp: 2, iat },
  accessTokenExpiresAt: 300,
})
const josh = person('josh')
const jane = person('jane')

/** Plays events from the start; effects are the last event's. */
function play(...events: readonly AuthEvent[]): { state: AuthState; effects: readonly AnyEffect[] } {
  let state = initialState
  let effects: readonly AnyEffect[] = []
  for (const event of events) [state, effects] = takeStep(state, event)
  return { state, effects }
}

const found: AuthEvent = { type: 'session.found', id: 'boot', signedIn: josh, origin: 'op' }
const nobody: AuthEvent = { type: 'session.missing', reason: 'login_required' }
const ask = (id: string, ladder: Ladder = ['popup', 'redirect']): AuthEvent => ({
  type: 'visit.requested',
  id,
  goal: { kind: 'step_up', action: 'payment.approve', account: josh.account },
  ladder,
})
const signIn = (id: string): AuthEvent => ({
  type: 'visit.requested',
  id,
  goal: { kind: 'sign_in' },
  ladder: ['popup', 'redirect'],
})
const answer = (id: string, choice: 'continue' | 'cancel' | 'switch'): AuthEvent => ({
  type: 'prompt.answered',
  id,
  answer: choice,
})
const answered = (id: string, signedIn: SignedIn): AuthEvent => ({ type: 'visit.answered', id, signedIn })
const types = (effects: readonly AnyEffect[]): string[] => effects.map(effect => effect.type)
const settled = (effects: readonly AnyEffect[], id: string): string | null | undefined => {
  const effect = effects.find(one => one.type === 'visit.settle' && one.id === id)
  return effect?.type === 'visit.settle' ? (effect.error?.code ?? null) : undefined
}

describe('the session', () => {
  it('installs the tokens of the session it finds', () => {
    const { state, effects } = play(found)
    expect(state.session).toMatchObject({ status: 'authenticated', account: { sub: 'josh' } })
    expect(effects).toEqual([{ type: 'tokens.install', id: 'boot', origin: 'op' }])
  })

  it('drops a restored session that answers after a sign-in', () => {
    const late: AuthEvent = { type: 'session.found', id: 'late', signedIn: jane, origin: 'op' }
    const { state, effects } = play(nobody, signIn('a'), answered('a', josh), late)
    expect(state.session).toMatchObject({ account: { sub: 'josh' } })
    expect(effects).toEqual([{ type: 'tokens.discard', id: 'late' }])
  })

  it('keeps the first reason for being anonymous', () => {
    const { state } = play(nobody, { type: 'session.missing', reason: 'timeout' })
    expect(state.session).toEqual({ status: 'anonymous', reason: 'login_required' })
  })

  it('takes a renewal of the same person', () => {
    const { state } = play(found, {
      type: 'session.renewed',
      id: 'r',
      signedIn: person('josh', 9),
      origin: 'op',
    })
    expect(state.session).toMatchObject({ status: 'authenticated', claims: { iat: 9 } })
  })

  it.each([
    ['another person', [found]],
    [
      'a session that was signed out meanwhile',
      [found, { type: 'session.ended', reason: 'signed_out' } as const],
    ],
    ['nobody', [nobody]],
  ])('drops a renewal for %s', (_, before) => {
    const { state } = play(...before)
    const event: AuthEvent = {
      type: 'session.renewed',
      id: 'r',
      signedIn: before.length > 1 ? josh : jane,
      origin: 'op',
    }
    expect(takeStep(state, event)).toEqual([state, [{ type: 'tokens.discard', id: 'r' }]])
  })

  it('clears the tokens and ends every interaction at sign-out', () => {
    const { state, effects } = play(found, ask('a'), ask('b'), {
      type: 'session.ended',
      reason: 'signed_out',
    })
    expect(state).toEqual({
      session: { status: 'anonymous', reason: 'signed_out' },
      interactions: [],
      resumed: null,
      limit: null,
      former: { status: 'known', account: josh.account },
      lastShown: null,
      remembered: [],
    })
    expect(types(effects)[0]).toBe('tokens.drop_all')
    expect([settled(effects, 'a'), settled(effects, 'b')]).toEqual([
      'interaction_cancelled',
      'interaction_cancelled',
    ])
  })
})

describe('the warning of a limit', () => {
  const limit = { id: 'w', endsAt: 2, reason: 'absolute', warns: true, isAnswered: false } as const
  const warned: readonly AuthEvent[] = [found, { type: 'limit.changed', limit }]

  it.each(['continue', 'cancel', 'switch'] as const)('goes with the answer %s', choice => {
    const { state, effects } = play(...warned, answer('w', choice))
    expect(selectPrompt(state)).toBeNull()
    expect(state.limit).toEqual({ ...limit, warns: false, isAnswered: true })
    expect(types(effects)).toEqual(['limit.extend'])
  })

  it('takes no second answer, and none before it is shown', () => {
    expect(play(...warned, answer('w', 'continue'), answer('w', 'continue')).effects).toEqual([])
    const calm: AuthEvent = { type: 'limit.changed', limit: { ...limit, warns: false } }
    expect(play(found, calm, answer('w', 'continue')).effects).toEqual([])
  })

  it('is not shown where no person is signed in', () => {
    expect(play(nobody, { type: 'limit.changed', limit }).state.limit).toBeNull()
  })
})

describe('a sign-in', () => {
  it('opens its window at once, with no prompt', () => {
    const { state, effects } = play(nobody, signIn('a'))
    expect(selectPrompt(state)).toBeNull()
    expect(types(effects)).toContain('window.open')
  })

  it.each([
    ['continue', ['window.close', 'window.open']],
    ['cancel', ['tokens.discard', 'window.close', 'visit.settle']],
  ] as const)('whose window is lost asks, and %s leads on', (choice, expected) => {
    const lost = [nobody, signIn('a'), { type: 'popup.lost', id: 'a' }] as const
    expect(selectPrompt(play(...lost).state)).toEqual({ id: 'a', type: 'sign_in', window: 'lost' })
    const { state, effects } = play(...lost, answer('a', choice))
    expect(types(effects)).toEqual(expected)
    expect(selectPrompt(state)).toBeNull()
  })

  it('takes the answer that comes while its window is lost', () => {
    const { state, effects } = play(nobody, signIn('a'), { type: 'popup.lost', id: 'a' }, answered('a', josh))
    expect(state).toMatchObject({ session: { account: { sub: 'josh' } }, interactions: [] })
    expect(settled(effects, 'a')).toBeNull()
  })

  it('supersedes what was asked before it', () => {
    const { state, effects } = play(found, ask('a'), signIn('b'))
    expect(settled(effects, 'a')).toBe('interaction_cancelled')
    expect(state.interactions.map(({ id }) => id)).toEqual(['b'])
  })

  it('shows its error in an anonymous session', () => {
    const error = new NetworkError('')
    const { state } = play(nobody, signIn('a'), { type: 'interaction.failed', id: 'a', error })
    expect(state.session).toEqual({ status: 'anonymous', reason: 'login_required', error })
  })

  it('leaves a session as it is when it fails', () => {
    const { state: before } = play(found)
    const { state } = play(found, signIn('a'), answer('a', 'cancel'))
    expect(state.session).toEqual(before.session)
  })

  it('ends the interactions of the former person when another one signs in', () => {
    const resumed = { action: 'payment.approve', idempotencyKey: 'k', input: { id: 'p1' }, error: null }
    const { state } = play(found, { type: 'step_up.resumed', resumed }, signIn('a'), answered('a', jane))
    expect(state.resumed).toBeNull()
  })
})

it.each<[Ladder, boolean]>([
  [['popup', 'redirect'], false],
  [['redirect', 'popup'], true],
  [['redirect'], true],
])('an ended session with the ladder %j says whether its sign-in leaves the page', (ladder, leavesPage) => {
  const goal = { kind: 'session_ended', account: josh.account } as const
  const { state } = play(found, { type: 'visit.requested', id: 'a', goal, ladder })
  expect(selectPrompt(state)).toMatchObject({ type: 'session_ended', window: 'none', leavesPage })
})

describe('a step-up', () => {
  it('asks first, because a browser opens a popup only right after a click', () => {
    const { state, effects } = play(found, ask('a'))
    expect(selectPrompt(state)).toMatchObject({ type: 'step_up', window: 'none', action: 'payment.approve' })
    expect(effects).toEqual([])
  })

  it('opens the popup within the click that answers the prompt', () => {
    const { state, effects } = play(found, ask('a'), answer('a', 'continue'))
    expect(types(effects)).toContain('window.open')
    expect(selectPrompt(state)).toMatchObject({ window: 'open' })
  })

  it('leaves the page at once where redirects come first', () => {
    const { effects } = play(found, ask('a', ['redirect']), answer('a', 'continue'))
    expect(types(effects)).toEqual(['window.redirect'])
  })

  it('hands the answer of the same person to the backend, and keeps it out of the session meanwhile', () => {
    const { state, effects } = play(
      found,
      ask('a'),
      answer('a', 'continue'),
      answered('a', person('josh', 9)),
    )
    expect(state).toMatchObject({ session: { claims: { iat: 1 } }, interactions: [] })
    expect(types(effects)[0]).toBe('tokens.discard')
    expect(settled(effects, 'a')).toBeNull()
  })

  it('leaves the session as it was when it is cancelled, and shows the next one in the queue', () => {
    const { state, effects } = play(found, ask('a'), ask('b'), answer('a', 'cancel'))
    expect(settled(effects, 'a')).toBe('interaction_cancelled')
    expect(selectPrompt(state)?.id).toBe('b')
    expect(state.session).toEqual(play(found).state.session)
  })

  it('discards the answer that comes after it was cancelled', () => {
    const { state, effects } = play(found, ask('a'), answer('a', 'cancel'), answered('a', person('josh', 9)))
    expect(state.session).toMatchObject({ claims: { iat: 1 } })
    expect(effects).toEqual([{ type: 'tokens.discard', id: 'a' }])
  })

  it('offers the redirect when the popup is blocked, and takes it on the next click', () => {
    const blocked = [found, ask('a'), answer('a', 'continue'), { type: 'popup.blocked', id: 'a' }] as const
    expect(selectPrompt(play(...blocked).state)?.type).toBe('popup_blocked')
    expect(types(play(...blocked, answer('a', 'continue')).effects)).toEqual(['window.redirect'])
  })

  it('fails when the popup is blocked and redirects are not allowed', () => {
    const { effects } = play(found, ask('a', ['popup']), answer('a', 'continue'), {
      type: 'popup.blocked',
      id: 'a',
    })
    expect(settled(effects, 'a')).toBe('popup_blocked')
  })

  it('shows its window when it is open already', () => {
    const open = [found, ask('a'), answer('a', 'continue')] as const
    const { state, effects } = play(...open, answer('a', 'continue'))
    expect(effects).toEqual([{ type: 'window.show', id: 'a' }])
    expect(selectPrompt(state)).toMatchObject({ window: 'open' })
  })

  it('can open its window again when the browser has lost sight of it', () => {
    const lost = [found, ask('a'), answer('a', 'continue'), { type: 'popup.lost', id: 'a' }] as const
    expect(selectPrompt(play(...lost).state)).toMatchObject({ type: 'step_up', window: 'lost' })
    expect(types(play(...lost, answer('a', 'continue')).effects)).toEqual(['window.close', 'window.open'])
  })
})

it('a popup that is lost after it was blocked changes nothing', () => {
  const { state } = play(found, ask('a'), answer('a', 'continue'), { type: 'popup.blocked', id: 'a' })
  expect(takeStep(state, { type: 'popup.lost', id: 'a' })).toEqual([state, []])
})

describe('a step-up that another person answers', () => {
  const other = [found, ask('a'), answer('a', 'continue'), answered('a', jane)] as const

  it('keeps the session and asks', () => {
    const { state, effects } = play(...other)
    expect(state.session).toMatchObject({ account: { sub: 'josh' } })
    expect(selectPrompt(state)).toMatchObject({
      type: 'account_mismatch',
      expected: { sub: 'josh' },
      actual: { sub: 'jane' },
    })
    expect(types(effects)).toEqual(['window.close'])
  })

  it.each([
    ['cancel', 'josh', 'tokens.discard'],
    ['switch', 'jane', 'tokens.install'],
  ] as const)('%s leaves the session to %s and fails the step-up', (choice, sub, about) => {
    const steps = [...other, answer('a', choice)] as const
    const changed: AuthEvent = { type: 'former_person.forgotten', id: 'a' }
    const { state, effects } = choice === 'switch' ? play(...steps, changed) : play(...steps)
    expect(state).toMatchObject({ session: { account: { sub } }, interactions: [] })
    expect(types(effects)).toContain(about)
    expect(settled(effects, 'a')).toBe('account_mismatch')
  })

  it('shows an anonymous session after a redirect until the person decides', () => {
    const back: AuthEvent = { type: 'session.mismatched', id: 'a', expected: josh.account, signedIn: jane }
    const { state } = play(back)
    expect(state.session).toEqual({ status: 'anonymous', reason: 'account_mismatch' })
    expect(types(play(back, answer('a', 'switch')).effects)).toContain('tokens.install')
    expect(types(play(back, answer('a', 'cancel')).effects)).toContain('sign_in.start')
  })
})

it.each([
  answer('gone', 'continue'),
  { type: 'popup.blocked', id: 'gone' },
  { type: 'popup.lost', id: 'gone' },
  { type: 'interaction.failed', id: 'gone', error: new NetworkError('') },
] satisfies AuthEvent[])('the event $type of an interaction that is over changes nothing', event => {
  const { state } = play(found)
  expect(takeStep(state, event)).toEqual([state, []])
})
