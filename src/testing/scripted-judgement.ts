import { decodeIdToken, type IdTokenClaims } from '../core/claims.ts'
import { AuthError } from '../core/errors.ts'
import { checkIdTokenClaims, checkIdTokenHeader, isExpired } from '../core/id-token.ts'
import { noSignature, ownSigner } from './mint.ts'
import type { Script } from './script.ts'

/** The guard's, by default: seconds by which the OP's clock may differ. */
export const clockSkew = 30

/** The claims of an ID Token, for which nothing vouches; null for a text that is none. */
export function readClaims(idToken: unknown): IdTokenClaims | null {
  try {
    return decodeIdToken(idToken).claims
  } catch {
    return null
  }
}

/** Whether the OP has signed this ID Token for this client, and it is not over. */
export async function isGenuine(idToken: string, script: Script): Promise<boolean> {
  const { claims } = decodeIdToken(idToken)
  return !isExpired(claims, script.now(), clockSkew) && keepsRules(idToken, script) && isSigned(idToken)
}

/**
 * Whether an ID Token says who asks. One that is over does so too, and so do those that are there at once, with a
 * signature that is not made.
 */
export async function namesPerson(idToken: string, script: Script): Promise<boolean> {
  return keepsRules(idToken, script) && (idToken.endsWith(`.${noSignature}`) || isSigned(idToken))
}

function keepsRules(idToken: string, { issuer, clientId, now }: Script): boolean {
  try {
    const { header, claims } = decodeIdToken(idToken)
    checkIdTokenHeader(header)
    checkIdTokenClaims(claims, { issuer, clientId, now: now(), clockSkew })
    return true
  } catch (error) {
    if (error instanceof AuthError) return false
    throw error
  }
}

function isSigned(idToken: string): Promise<boolean> {
  const end = idToken.lastIndexOf('.')
  return ownSigner.isSigned(idToken.slice(0, end), idToken.slice(end + 1))
}
