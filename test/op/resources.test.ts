import { expect, it } from 'vitest'
import { resourceParameters } from '../../src/op/resources.ts'

it.each([
  [undefined, [], []],
  [undefined, ['a'], [['resource', 'a']]],
  [
    'resource',
    ['a', 'b'],
    [
      ['resource', 'a'],
      ['resource', 'b'],
    ],
  ],
  ['audience', [], []],
  ['audience', ['a'], [['audience', 'a']]],
  ['none', ['a', 'b'], []],
] as const)('an OP that names APIs by %s is asked for %j with %j', (resourceParam, resources, sent) => {
  const profile = { name: 'acme', ...(resourceParam && { resourceParam }) }
  expect(resourceParameters(profile, resources)).toEqual(sent)
})

it('an OP that takes one audience is asked for no two', () => {
  const audience = { name: 'acme', resourceParam: 'audience' } as const
  expect(() => resourceParameters(audience, ['a', 'b'])).toThrowError(
    expect.objectContaining({ code: 'configuration_invalid', message: expect.stringContaining('acme') }),
  )
})
