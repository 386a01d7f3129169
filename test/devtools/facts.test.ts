import { expect, it } from 'vitest'
import type { Interaction } from '../../src/core/machine/interaction.ts'
import type { AuthState } from '../../src/core/machine/state.ts'
import { type Fact, openFacts, sessionFacts, tokenFacts } from '../../src/devtools/facts.ts'
import { anonymous, now, sightOf, signedInAs } from './samples.ts'

const valuesIn = (facts: readonly Fact[]): Record<string, Fact['value']> =>
  Object.fromEntries(facts.map(({ label, value }) => [label, value]))

it('a session has its status, and the person by the name that the page shows', () => {
  const facts = sessionFacts(signedInAs())
  expect(valuesIn(facts)).toEqual({ Status: 'authenticated', Person: 'Josh Rivera', Renewal: 'ok' })
  expect(facts.filter(({ from }) => from === 'person').map(({ label }) => label)).toEqual(['Person'])
})

it('no session has its reason in words', () => {
  expect(valuesIn(sessionFacts(anonymous('idle')))).toEqual({
    Status: 'anonymous',
    Reason: 'idle: the person was away for longer than `session.idle`',
  })
})

it('limits and what came back by redirect are told', () => {
  const limit = { id: '1', endsAt: now + 60, reason: 'idle', warns: true, isAnswered: false } as const
  const resumed = { action: 'payment.approve', input: null, idempotencyKey: 'k', error: null }
  expect(valuesIn(sessionFacts({ ...signedInAs(), limit, resumed }))).toMatchObject({
    'Ends (idle)': now + 60,
    'Came back': 'a step-up for payment.approve',
  })
})

it('tokens have their times and never their text', () => {
  expect(valuesIn(tokenFacts(sightOf(signedInAs({ acr: 'gold', amr: ['pwd', 'otp'] }))))).toEqual({
    'Access token ends': now + 271,
    'Refresh token': 'yes',
    'ID Token made': now - 60,
    'ID Token ends': now + 3600,
    'Login (auth_time)': now - 90,
    'Level (acr)': 'gold',
    'Methods (amr)': 'pwd, otp',
  })
})

it('what the provider does not say is said to be so', () => {
  const state = signedInAs({ auth_time: 'yesterday' }, { accessTokenExpiresAt: null })
  const facts = valuesIn(tokenFacts(sightOf(state, [], { hasRefreshToken: null })))
  expect(facts).toMatchObject({
    'Access token ends': 'the provider does not say',
    'Refresh token': 'not known',
    'Login (auth_time)': 'the provider does not say',
  })
})

it('without a session there are no tokens', () => {
  expect(tokenFacts(sightOf(anonymous('signed_out')))).toEqual([])
})

it('what is on screen comes first, then what is under way', () => {
  const { former, ...state } = signedInAs()
  const { session } = state
  if (session.status !== 'authenticated') throw new Error('The sample is signed in')
  const { account } = session
  const stepUp: Interaction = {
    type: 'visit',
    id: '1',
    ladder: ['popup'],
    goal: { kind: 'step_up', action: 'payment.approve', account },
    place: { at: 'prompt' },
  }
  const unmet: Interaction = { type: 'unmet_step_up', id: '2', action: null, account }
  const busy: AuthState = { ...state, former, interactions: [stepUp, unmet] }
  expect(openFacts(busy).map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Prompt: step_up for payment.approve',
    'Under way: step_up (prompt)',
    'Then: unmet_step_up',
  ])
})
