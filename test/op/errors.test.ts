import { describe, expect, it } from 'vitest'
import { NetworkError } from '../../src/core/errors.ts'
import { asAuthError, overNetwork } from '../../src/op/errors.ts'

const missing = new TypeError('crypto.randomUUID is not a function')

describe('what fails', () => {
  it.each<[string, unknown, object]>([
    ['of this package, is itself', new NetworkError('no'), { code: 'network', message: 'no' }],
    ['by the platform’s time limit', new DOMException('late', 'TimeoutError'), { code: 'timeout' }],
    ['by a library’s time limit', Object.assign(new Error(), { name: 'ErrorTimeout' }), { code: 'timeout' }],
    [
      'because it was given up',
      new DOMException('no', 'AbortError'),
      { code: 'interaction_cancelled', reason: 'aborted' },
    ],
    [
      'because the platform lacks something',
      missing,
      { code: 'configuration_invalid', message: expect.stringContaining(missing.message), cause: missing },
    ],
    [
      'because the platform refuses',
      new DOMException('', 'SecurityError'),
      { code: 'configuration_invalid' },
    ],
    ['with a text', 'no', { code: 'configuration_invalid' }],
    ['with nothing', undefined, { code: 'configuration_invalid' }],
  ])('%s', (_, cause, expected) => {
    expect(asAuthError(cause)).toMatchObject(expected)
  })

  it.each<[string, unknown, object]>([
    ['fetch', new TypeError('Failed to fetch'), { code: 'network' }],
    ['what is no JSON', new SyntaxError('Unexpected token in "secret-at"'), { code: 'network' }],
    ['a time limit', new DOMException('late', 'TimeoutError'), { code: 'timeout' }],
  ])('over the network, as by %s, is thrown as it is and known afterwards', async (_, fault, expected) => {
    const error = await overNetwork(Promise.reject(fault)).catch(cause => cause)
    expect(error).toBe(fault)
    expect(asAuthError(error)).toMatchObject(expected)
    expect(asAuthError(error).cause).toBeUndefined()
  })
})
