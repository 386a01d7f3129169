import { describe, expect, it } from 'vitest'
import { defined } from '../../src/core/defined.ts'
import type { ProviderProfile } from '../../src/core/provider-profile.ts'
import {
  type Demand,
  demandOf,
  joinDemands,
  silentRequest,
  stepUpRequest,
} from '../../src/core/step-up-request.ts'

const account = { iss: 'https://op.example', sub: 'josh', email: 'josh@example.com' }
const generic = { name: 'generic' }

describe('joinDemands', () => {
  it.each<[string, Demand, Demand, Demand | null]>([
    ['of two ages the shorter counts', { maxAge: 300 }, { maxAge: 60 }, { maxAge: 60 }],
    ['an age of 0 counts as the shortest', { maxAge: 0 }, { maxAge: 60 }, { maxAge: 0 }],
    ['an age joins a demand without one', {}, { maxAge: 60 }, { maxAge: 60 }],
    [
      'the acr values that both name stay, in the order of the first',
      { acrValues: ['a', 'b', 'c'] },
      { acrValues: ['c', 'b'] },
      { acrValues: ['b', 'c'] },
    ],
    ['of two moments to leave at the later counts', { leaveAt: 7 }, { leaveAt: 9 }, { leaveAt: 9 }],
    ['moment 0 counts as a moment', { leaveAt: 0 }, { maxAge: 60 }, { leaveAt: 0, maxAge: 60 }],
    [
      'acr values join a demand without any',
      { maxAge: 1 },
      { acrValues: ['b'] },
      { maxAge: 1, acrValues: ['b'] },
    ],
    ['acr values that exclude each other do not join', { acrValues: ['a'] }, { acrValues: ['b'] }, null],
    [
      'a challenge that asks for a login takes an age along',
      { nonce: 'n', prompt: 'login', maxAge: 0 },
      { nonce: 'm', maxAge: 9 },
      { nonce: 'n', prompt: 'login', maxAge: 0 },
    ],
    [
      'the same claims stay',
      { claims: { access_token: { a: 1, b: 2 } } },
      { claims: { access_token: { b: 2, a: 1 } }, maxAge: 9 },
      { claims: { access_token: { a: 1, b: 2 } }, maxAge: 9 },
    ],
    [
      'different claims do not join',
      { claims: { access_token: { a: 1 } } },
      { claims: { access_token: { a: 2 } } },
      null,
    ],
    ['claims do not join a demand without any', { maxAge: 9 }, { claims: { access_token: {} } }, null],
    [
      'a login answers one challenge, so the second that asks for one does not join',
      { prompt: 'login' },
      { prompt: 'login' },
      null,
    ],
  ])('joins two demands so that %s', (_, first, second, joined) => {
    expect(joinDemands(first, second)).toEqual(joined)
  })
})

describe('demandOf', () => {
  const challenge = { status: 'challenged', challenge: 'c', nonce: 'n', expires_in: 600 } as const

  it.each([
    [undefined, undefined],
    [1, 5001],
    [412, 5412],
    [1000, 6000],
  ])('turns a wait of %s ms that arrived at 5000 into the moment %s', (wait, leaveAt) => {
    expect(demandOf({ ...challenge, wait }, 5000).leaveAt).toBe(leaveAt)
  })
})

describe('stepUpRequest', () => {
  it('asks the same person for what the challenge says', () => {
    const challenge = {
      status: 'challenged',
      challenge: 'c',
      nonce: 'n',
      max_age: 60,
      acr_values: 'a b',
      expires_in: 600,
    } as const
    expect(stepUpRequest(demandOf(challenge, 0), account, generic)).toEqual({
      kind: 'step_up',
      nonce: 'n',
      maxAge: 60,
      acrValues: ['a', 'b'],
      loginHint: 'josh@example.com',
    })
  })

  it.each([
    [0, undefined, { prompt: 'login', maxAge: 60 }],
    [0, 'positive', { prompt: 'login', maxAge: 60 }],
    [0, 'any', { maxAge: 0 }],
    [0, 'none', { prompt: 'login' }],
    [1, undefined, { maxAge: 1 }],
    [1, 'any', { maxAge: 1 }],
    [1, 'none', { prompt: 'login' }],
    [undefined, 'none', {}],
  ] as const)('asks for max_age %s where %s is honoured as %j', (age, maxAge, wire) => {
    const profile = { ...generic, ...defined({ maxAge }) }
    expect(stepUpRequest(defined({ maxAge: age }), { iss: '', sub: 'josh' }, profile)).toEqual({
      kind: 'step_up',
      ...wire,
    })
  })

  it('makes the person sign in by the prompt that the profile names', () => {
    const profile = { ...generic, stepUpPrompt: 'login consent' }
    expect(stepUpRequest({ prompt: 'login' }, { iss: '', sub: 'josh' }, profile)).toEqual({
      kind: 'step_up',
      prompt: 'login consent',
    })
  })

  it('leaves the hint out where it makes the OP skip the login', () => {
    const request = stepUpRequest({ prompt: 'login' }, account, { ...generic, dropHintsOnStepUp: true })
    expect(request).toEqual({ kind: 'step_up', prompt: 'login' })
  })
})

describe('silentRequest', () => {
  it.each<[string, Demand, Partial<ProviderProfile>, object | null]>([
    ['an age', { maxAge: 300 }, {}, { maxAge: 300 }],
    ['an age of 1', { maxAge: 1 }, {}, { maxAge: 1 }],
    ['an age that the OP ignores', { maxAge: 300 }, { maxAge: 'none' }, { maxAge: 300 }],
    ['an age, where only a login brings auth_time', { maxAge: 300 }, { authTime: 'login' }, { maxAge: 300 }],
    ['a challenge', { nonce: 'n', maxAge: 300 }, {}, { nonce: 'n', maxAge: 300 }],
    ['a challenge without an age', { nonce: 'n' }, {}, { nonce: 'n' }],
    ['claims', { claims: { id_token: {} } }, {}, { claims: { id_token: {} } }],
    ['a login now', { nonce: 'n', prompt: 'login', maxAge: 300 }, {}, null],
    ['an age of 0', { nonce: 'n', maxAge: 0 }, {}, null],
    ['an age of 0, where that is safe', { nonce: 'n', maxAge: 0 }, { maxAge: 'any' }, null],
    ['an acr, and nothing to hold the answer against', { acrValues: ['gold'] }, {}, null],
  ])('asks a frame for %s', (_, demand, profile, expected) => {
    const request = silentRequest(demand, { iss: '', sub: 'josh' }, { ...generic, ...profile })
    expect(request).toEqual(expected && { kind: 'step_up', ...expected })
  })
})
