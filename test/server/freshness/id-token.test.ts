import { CompactSign, generateKeyPair } from 'jose'
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createIdTokenVerifier, type VerifyIdToken } from '../../../src/server/freshness/id-token.ts'

const now = 1_800_000_000
const issuer = 'https://login.example.com'
const onVerified = vi.fn()
let verify: VerifyIdToken
let sign: (text: string | Uint8Array) => Promise<string>

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const shared = { issuer, clientId: 'payments', trustedAudiences: [], clockSkew: 30, onVerified }
  verify = createIdTokenVerifier({ ...shared, findKey: async () => publicKey })
  sign = text =>
    new CompactSign(typeof text === 'string' ? new TextEncoder().encode(text) : text)
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey)
})
beforeEach(() => {
  onVerified.mockClear()
})

const claims = { iss: issuer, sub: 'josh', aud: 'payments', iat: now, exp: now + 300 }
const denied = (code: string) => expect.objectContaining({ code })

it('the guard learns the OP’s clock from a genuine ID Token', async () => {
  expect(await verify(await sign(JSON.stringify(claims)), now)).toEqual(claims)
  expect(onVerified.mock.calls).toEqual([[now, now]])
})

it.each<[string, object, string]>([
  ['for another client', { aud: 'other' }, 'invalid_token'],
  ['without sub', { sub: undefined }, 'invalid_token'],
  ['from the future', { iat: now + 31 }, 'clock_skew'],
  ['with iat as text', { iat: String(now) }, 'invalid_token'],
])('the guard learns nothing from an ID Token %s, though it is signed', async (_, wrong, code) => {
  const token = await sign(JSON.stringify({ ...claims, ...wrong }))
  await expect(verify(token, now)).rejects.toEqual(denied(code))
  expect(onVerified).not.toHaveBeenCalled()
})

it.each([
  ['bytes that are no UTF-8', Buffer.from(JSON.stringify(claims).replace('josh', 'j\xff'), 'latin1')],
  ['no JSON', 'josh'],
  ['a list', '[]'],
])('the guard refuses %s as claims, though the OP has signed them', async (_, payload) => {
  await expect(verify(await sign(payload), now)).rejects.toEqual(denied('invalid_token'))
})
