import { base64url } from 'jose'
import { afterEach, expect, it, vi } from 'vitest'
import type { OwnTokens } from '../../../src/server/freshness/own-tokens.ts'
import { testKey } from '../../support/keys.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const key = testKey(7)
const parties = {
  issuer: 'https://op.example',
  audience: 'https://api.example',
  clientId: 'payments',
  since: 0,
}

async function load(
  onNode: boolean,
  keys: [typeof key, ...(typeof key)[]] = [key],
): Promise<{ tokens: OwnTokens; type: 'step-up-grant+jwt' }> {
  vi.resetModules()
  if (!onNode) vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
  const { createKeyRing } = await import('../../../src/server/crypto/key-ring.ts')
  const { createOwnTokens, grantType } = await import('../../../src/server/freshness/own-tokens.ts')
  vi.restoreAllMocks()
  return { tokens: createOwnTokens(createKeyRing(keys), parties), type: grantType }
}

it.each([
  ['Node’s crypto', 'Web Crypto', true, false],
  ['Web Crypto', 'Node’s crypto', false, true],
])(
  'a token that a process with %s signs is read by one with %s, and refused when changed',
  async (_, __, signs, reads) => {
    const { tokens: signer, type } = await load(signs)
    const claims = { sub: 'Zoë 💳', action: 'payment.approve', binding: 'b', auth_time: 0, policy: 'p' }
    const { token, jti } = await signer.sign(type, claims, 1000, 60)
    const { tokens } = await load(reads)
    const fixed = { jti, iss: 'https://op.example', aud: 'https://api.example', iat: 1000, exp: 1060 }
    const all = { ...claims, ...fixed }
    expect(await tokens.read(type, token, 1059)).toMatchObject({ state: 'valid', claims: all })
    expect(await tokens.read(type, token, 1060)).toMatchObject({ state: 'expired', claims: all })
    for (const other of ['', '.', token.slice(0, -1), `${token}A`, token.replace('.', '..')])
      expect(await tokens.read(type, other, 1059)).toEqual({ state: 'invalid' })
  },
)

it.each([
  ['names no client, as those of version 0.1, has run out', {}, 'expired'],
  ['names another client is none', { client_id: 'admin' }, 'invalid'],
  ['is of another OP is none', { client_id: 'payments', iss: 'https://other.example' }, 'invalid'],
  ['is for another API is none', { client_id: 'payments', aud: 'https://other.example' }, 'invalid'],
])('a token of our keys that %s', async (_, claims, verdict) => {
  const { tokens, type } = await load(true)
  const { createKeyRing } = await import('../../../src/server/crypto/key-ring.ts')
  const all = { iss: parties.issuer, aud: parties.audience, exp: 1060, ...claims }
  const parts = [{ alg: 'HS256', typ: type }, all].map(part => base64url.encode(JSON.stringify(part)))
  const token = `${parts.join('.')}.${await createKeyRing([key]).sign(parts.join('.'))}`
  expect((await tokens.read(type, token, 1000)).state).toBe(verdict)
})

it('what is derived of a token is the same in each process, by the key that signed it, and another for each label and token', async () => {
  const { tokens: signer, type } = await load(true)
  const claims = { sub: 'josh', action: 'payment.approve', binding: 'b', auth_time: 0, policy: 'p' }
  const [one, two] = [await signer.sign(type, claims, 1000, 60), await signer.sign(type, claims, 1000, 60)]
  const derive = async (tokens: OwnTokens, token: string, label: string): Promise<string> => {
    const read = await tokens.read(type, token, 1000)
    return read.state === 'valid' ? read.derive(label) : read.state
  }
  const state = await derive(signer, one.token, 'state')
  expect(state).toMatch(/^[\w-]{43}$/)
  for (const onNode of [true, false]) {
    const { tokens } = await load(onNode, [testKey(8), key])
    expect(await derive(tokens, one.token, 'state')).toBe(state)
  }
  const others = [await derive(signer, one.token, 'code_verifier'), await derive(signer, two.token, 'state')]
  expect(new Set([state, one.token.split('.').at(-1), ...others]).size).toBe(4)
})
