import { afterEach, describe, expect, it, vi } from 'vitest'

type Hash = typeof import('../../src/server/hash.ts')
const load = async (): Promise<Hash> => {
  vi.resetModules()
  return import('../../src/server/hash.ts')
}
const key = new Uint8Array(20).fill(0x0b)

afterEach(() => {
  vi.unstubAllGlobals()
})

// RFC 4231 §4.2, FIPS 180-4's example, and text beyond ASCII.
const expected = {
  mac: 'sDRMYdjbOFNcqK_OrwvxK4gdwgDJgz2nJuk3bC4yz_c',
  hash: 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0',
  beyondAscii: '96-_rTgBFNTPssy-OhTDFZ7m9l161Y6RQdUi8CUjqrg',
}

describe.each([
  ['Node', {}],
  ['a runtime with nothing but Web Crypto', { process: undefined }],
  ['a runtime that has no crypto of Node’s', { process: { getBuiltinModule: () => undefined } }],
])('on %s', (_, globals) => {
  it('hashes and authenticates alike', async () => {
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
    const { sha256, createMac } = await load()
    const mac = createMac(key)
    expect(await mac('Hi There')).toBe(expected.mac)
    expect(await mac('Hi There')).toBe(expected.mac)
    expect(await sha256('abc')).toBe(expected.hash)
    expect(await sha256('Zoë 💳')).toBe(expected.beyondAscii)
  })
})
