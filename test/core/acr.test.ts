import { describe, expect, it } from 'vitest'
import { acrsOf, hasOtherAcr } from '../../src/core/acr.ts'

describe('acrsOf', () => {
  it.each([undefined, 'voluntary', 'essential', 'none'] as const)(
    'reads only acr where the profile says %s',
    acrClaim => {
      expect(acrsOf({ acr: 'gold', acrs: ['c1'] }, acrClaim)).toEqual(['gold'])
    },
  )

  it('reads only the list acrs where the profile says so', () => {
    expect(acrsOf({ acr: 'gold', acrs: ['c1', 'c2'] }, 'acrs')).toEqual(['c1', 'c2'])
  })

  it.each([
    [{}, undefined],
    [{ acr: 2 }, undefined],
    [{ acr: ['gold'] }, undefined],
    [{ acr: null }, undefined],
    [{}, 'acrs'],
    [{ acrs: 'c1' }, 'acrs'],
    [{ acrs: null }, 'acrs'],
    [{ acrs: { 0: 'c1', length: 1 } }, 'acrs'],
  ] as const)('finds nothing in %j where the profile says %s', (claims, acrClaim) => {
    expect(acrsOf(claims, acrClaim)).toEqual([])
  })

  it('passes over what is no text in the list', () => {
    expect(acrsOf({ acrs: ['c1', 2, null, ['c3']] }, 'acrs')).toEqual(['c1'])
  })
})

describe('hasOtherAcr', () => {
  it.each([
    [{ acr: 'bronze' }, ['gold'], undefined, true],
    [{ acr: 'gold' }, ['silver', 'gold'], undefined, false],
    [{}, ['gold'], undefined, false],
    [{ acr: 'bronze' }, undefined, undefined, false],
    [{ acr: 'c1', acrs: ['c2'] }, ['c1'], 'acrs', true],
    [{ acr: '1', acrs: ['c2', 'c1'] }, ['c1'], 'acrs', false],
    [{ acr: '1', acrs: [] }, ['c1'], 'acrs', false],
    [{ acr: '1' }, ['c1'], 'acrs', false],
  ] as const)('for %j, asked for %j and reported as %s, is %s', (claims, acrValues, acrClaim, is) => {
    expect(hasOtherAcr(claims, acrValues, acrClaim)).toBe(is)
  })
})
