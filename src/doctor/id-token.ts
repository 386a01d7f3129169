import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'
import { decodeIdToken, type IdTokenClaims } from '../core/claims.ts'
import { IdTokenError } from '../core/errors.ts'
import { checkIdToken, type IdTokenExpectation, signatureAlgorithms } from '../core/id-token.ts'
import { NoAnswer, readObject, request } from './http.ts'
import type { Metadata, Patient } from './report.ts'

/** Seconds by which clocks may differ: the package's default. */
export const clockSkew = 30

/** Why something that came from the OP cannot be used, in words that follow "because". */
export class Unusable extends Error {}

/**
 * Checks an ID Token by every rule, verifies its signature, and gives its claims.
 *
 * @param nonce the one that it must have; undefined after a refresh
 * @throws {Unusable}
 * @see OpenID Connect Core 1.0 §3.1.3.7
 */
export async function readIdToken(
  token: unknown,
  nonce: string | undefined,
  metadata: Metadata,
  patient: Patient,
): Promise<IdTokenClaims> {
  const expected: IdTokenExpectation = {
    issuer: String(metadata.issuer),
    clientId: patient.clientId,
    now: Math.floor(Date.now() / 1000),
    clockSkew,
    ...(nonce !== undefined && { nonce }),
  }
  try {
    const { header, claims } = decodeIdToken(token)
    checkIdToken(header, claims, expected)
    const keys = readObject((await request(String(metadata.jwks_uri), patient)).text)
    if (!isKeySet(keys)) throw new errors.JWKSInvalid()
    const findKey = createLocalJWKSet(keys)
    await compactVerify(String(token), findKey, { algorithms: [...signatureAlgorithms] })
    return claims
  } catch (error) {
    throw new Unusable(reasonOf(error))
  }
}

/** jose checks each of the keys itself. */
const isKeySet = (value: object | null): value is JSONWebKeySet =>
  value !== null && 'keys' in value && Array.isArray(value.keys)

function reasonOf(error: unknown): string {
  if (error instanceof IdTokenError) return `${error.claim} of the ID Token is ${error.reason}`
  if (error instanceof NoAnswer) return `the URL of its keys ${error.message}`
  const code = error instanceof errors.JOSEError ? ` (${error.code})` : ''
  return `the signature of the ID Token does not hold${code}`
}
