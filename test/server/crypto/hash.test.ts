import * as nodeCrypto from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'

type Crypto = typeof import('../../../src/server/crypto/hash.ts') &
  typeof import('../../../src/server/crypto/mac.ts')

const load = async (): Promise<Crypto> => {
  vi.resetModules()
  return {
    ...(await import('../../../src/server/crypto/hash.ts')),
    ...(await import('../../../src/server/crypto/mac.ts')),
  }
}

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

// RFC 4231 §4.2, the example of FIPS 180-4, and text beyond ASCII.
const key = new Uint8Array(20).fill(0x0b)
const mac = 'sDRMYdjbOFNcqK_OrwvxK4gdwgDJgz2nJuk3bC4yz_c'
const hash = 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0'
const beyondAscii = '96-_rTgBFNTPssy-OhTDFZ7m9l161Y6RQdUi8CUjqrg'

describe.each([
  ['with Node’s crypto', true],
  ['with nothing but Web Crypto', false],
])('%s', (_, onNode) => {
  it('hashes and authenticates alike', async () => {
    const builtin = vi.spyOn(process, 'getBuiltinModule')
    if (!onNode) builtin.mockReturnValue(undefined)
    const { sha256, createMac } = await load()
    expect(builtin).toHaveBeenCalled()
    const authenticate = createMac(key)
    expect(await authenticate('Hi There')).toBe(mac)
    expect(await authenticate('Hi There')).toBe(mac)
    for (const text of ['', 'Zoë 💳', 'x'.repeat(55), 'x'.repeat(64), 'x'.repeat(20_000)]) {
      for (const size of [1, 32, 64]) {
        const key = new Uint8Array(size).fill(0xa5)
        const expected = nodeCrypto.createHmac('sha256', key).update(text).digest('base64url')
        expect(await createMac(key)(text)).toBe(expected)
      }
    }
    expect(await sha256('abc')).toBe(hash)
    expect(await sha256('Zoë 💳')).toBe(beyondAscii)
  })

  it('compares rightly from the first call, however many come at once', async () => {
    if (!onNode) vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
    const { isSameText } = await load()
    const first = Array.from({ length: 8 }, () => isSameText('same text', 'same text'))
    expect(await Promise.all(first)).toEqual(Array(8).fill(true))
  })

  it.each<[unknown, unknown, boolean]>([
    ['', '', true],
    ['a', 'a', true],
    ['Zoë 💳', 'Zoë 💳', true],
    ['a', 'b', false],
    ['a', 'aa', false],
    ['aé', 'aa', false],
    [undefined, undefined, false],
    ['a', undefined, false],
    [undefined, 'a', false],
    [1, 1, false],
  ])('compares %j and %j with the result %s', async (a, b, equal) => {
    if (!onNode) vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
    const { isSameText } = await load()
    expect(await isSameText(a, b)).toBe(equal)
  })
})

it.each<[string, () => void]>([
  ...(['hash', 'createHmac', 'timingSafeEqual'] as const).map((name): [string, () => void] => [
    `a node:crypto without ${name}`,
    () => vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ ...nodeCrypto, [name]: undefined }),
  ]),
  ['no Buffer', () => vi.stubGlobal('Buffer', undefined)],
  ['a process without getBuiltinModule', () => vi.stubGlobal('process', {})],
])('with %s, Web Crypto does the hashing', async (_, take) => {
  take()
  const { sha256, createMac, isSameText } = await load()
  expect(await sha256('abc')).toBe(hash)
  expect(await createMac(key)('Hi There')).toBe(mac)
  expect([await isSameText('a', 'a'), await isSameText('a', 'b')]).toEqual([true, false])
})
