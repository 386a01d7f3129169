import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { DecodedIdToken } from '../../src/core/claims.ts'
import { checkAtHash } from '../../src/op/at-hash.ts'

const half = (hash: string, of = 'at'): string => {
  const digest = createHash(hash).update(of).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

function idToken(alg: unknown, at_hash: unknown): DecodedIdToken {
  const claims = { iss: 'https://op.example', sub: 'josh', aud: 'payments', exp: 2, iat: 1, at_hash }
  return { header: { alg }, claims }
}

describe('at_hash', () => {
  it.each([
    ['RS256', 'sha256'],
    ['PS384', 'sha384'],
    ['ES512', 'sha512'],
    ['EdDSA', 'sha512'],
    ['Ed25519', 'sha512'],
  ])('of %s is a half of %s', async (alg, hash) => {
    await expect(checkAtHash(idToken(alg, half(hash)), 'at')).resolves.toBeUndefined()
    const wrong = { code: 'id_token_invalid', claim: 'at_hash', reason: 'mismatch' }
    await expect(checkAtHash(idToken(alg, half(hash, 'other')), 'at')).rejects.toMatchObject(wrong)
    await expect(checkAtHash(idToken(alg, 7), 'at')).rejects.toMatchObject(wrong)
  })

  it.each(['ML-DSA-44', 'Ed448', 'ES256K', 'X123', 'toString', undefined])(
    'of the algorithm %s, whose hash is not known, is not checked',
    async alg => {
      await expect(checkAtHash(idToken(alg, 'anything'), 'at')).resolves.toBeUndefined()
    },
  )

  it('that is absent is not missed', async () => {
    await expect(checkAtHash(idToken('RS256', undefined), 'at')).resolves.toBeUndefined()
  })
})
