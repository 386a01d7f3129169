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
 * Checks an ID Token by every rule, verifies its signature, and gives its claims. Two rules are for the app's profile to
 * keep, not for a diagnosis: which other audiences are trusted, and which tenants, where the document names a template.
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
  try {
    const { header, claims } = decodeIdToken(token)
    const issuer = String(metadata.issuer)
    const expected: IdTokenExpectation = {
      issuer: isFromTemplate(claims.iss, issuer) ? claims.iss : issuer,
      clientId: patient.clientId,
      trustedAudiences: [claims.aud].flat(),
      now: Math.floor(Date.now() / 1000),
      clockSkew,
      ...(nonce !== undefined && { nonce }),
    }
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

/** Whether an issuer is a template whose one gap is filled in, such as that of Entra for many tenants. */
function isFromTemplate(iss: string, template: string): boolean {
  const [start, end, ...more] = template.split(/\{\w+\}/)
  if (start === undefined || end === undefined || more.length > 0) return false
  const gap = iss.slice(start.length, iss.length - end.length)
  return iss === `${start}${gap}${end}` && /^[\w-]+$/.test(gap)
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
