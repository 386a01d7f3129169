import { describe, expect, it } from 'vitest'
import { type Demand, demandOf, joinDemands, stepUpRequest } from '../../src/core/step-up-request.ts'

const account = { iss: 'https://op.example', sub: 'josh', email: 'josh@example.com' }
const generic = { name: 'generic' }

describe('joinDemands', () => {
  it.each<[string, Demand, Demand, Demand | null]>([
    ['two ages make the shorter', { maxAge: 300 }, { maxAge: 60 }, { maxAge: 60 }],
    ['0 is the shortest age there is', { maxAge: 0 }, { maxAge: 60 }, { maxAge: 0 }],
    ['an age joins none', {}, { maxAge: 60 }, { maxAge: 60 }],
    [
      'acr values of both, in the first’s order',
      { acrValues: ['a', 'b', 'c'] },
      { acrValues: ['c', 'b'] },
      { acrValues: ['b', 'c'] },
    ],
    ['two moments to leave at make the later', { leaveAt: 7 }, { leaveAt: 9 }, { leaveAt: 9 }],
    ['moment 0 is one too', { leaveAt: 0 }, { maxAge: 60 }, { leaveAt: 0, maxAge: 60 }],
    ['acr values join none', { maxAge: 1 }, { acrValues: ['b'] }, { maxAge: 1, acrValues: ['b'] }],
    ['acr values that exclude each other do not join', { acrValues: ['a'] }, { acrValues: ['b'] }, null],
    [
      'a challenge that asks for a login takes an age along',
      { nonce: 'n', prompt: 'login', maxAge: 0 },
      { nonce: 'm', maxAge: 9 },
      { nonce: 'n', prompt: 'login', maxAge: 0 },
    ],
    [
      'a login answers one challenge, so the second that asks for one does not join',
      { prompt: 'login' },
      { prompt: 'login' },
      null,
    ],
  ])('%s', (_, first, second, joined) => {
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
  ])('a wait of %s ms, arrived at 5000', (wait, leaveAt) => {
    expect(demandOf({ ...challenge, wait }, 5000).leaveAt).toBe(leaveAt)
  })
})

describe('stepUpRequest', () => {
  it('asks what the challenge says, of the same person', () => {
    const challenge = {
      status: 'challenged',
      challenge: 'c',
      nonce: 'n',
      max_age: 60,
      acr_values: 'a b',
      expires_in: 600,
    } as const
    expect(stepUpRequest(demandOf(challenge, 0), account, generic)).toEqual({
      nonce: 'n',
      maxAge: 60,
      acrValues: ['a', 'b'],
      loginHint: 'josh@example.com',
    })
  })

  it.each([
    [0, undefined, { prompt: 'login', maxAge: 60 }],
    [0, true, { maxAge: 0 }],
    [1, undefined, { maxAge: 1 }],
  ])('max_age %s where maxAgeZero is %s', (maxAge, maxAgeZero, wire) => {
    const profile = { ...generic, ...(maxAgeZero !== undefined && { maxAgeZero }) }
    expect(stepUpRequest({ maxAge }, { iss: '', sub: 'josh' }, profile)).toEqual(wire)
  })

  it('leaves the hint out where it makes the OP skip the login', () => {
    const request = stepUpRequest({ prompt: 'login' }, account, { ...generic, dropHintsOnStepUp: true })
    expect(request).toEqual({ prompt: 'login' })
  })
})
