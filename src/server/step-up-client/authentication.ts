import { type CryptoKey, importJWK, SignJWT } from 'jose'
import { ConfigurationError } from '../../core/errors.ts'
import { basicAuthorization } from '../provider/basic-authorization.ts'
import type { JsonRequest } from '../provider/fetch-json.ts'
import type { PrivateKeyJwt, StepUpClientSetup } from './options.ts'
import { algorithmOf } from './signing-key.ts'

/** Seconds that an assertion is good for. */
const lifetime = 60
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Makes a POST of the OP's client. Each one is for one use: an assertion is taken once. */
export type Authenticate = (form: Readonly<Record<string, string>>) => Promise<JsonRequest>

/**
 * How the guard's client shows the OP who it is. An assertion names the issuer as its audience, which every OP with
 * pushed requests must take (RFC 9126 §2), and lives for a minute.
 *
 * @param now epoch seconds
 * @see RFC 7523 §3, RFC 6749 §2.3.1
 */
export function createAuthentication(
  { clientId, authentication }: StepUpClientSetup,
  issuer: string,
  now: () => number,
): { readonly authenticate: Authenticate; readonly ready: () => Promise<void> } {
  const Accept = 'application/json'
  if (authentication.method === 'client_secret_basic') {
    const headers = { Accept, Authorization: basicAuthorization(clientId, authentication.secret) }
    return {
      ready: async () => {},
      authenticate: async form => ({ method: 'POST', headers, body: new URLSearchParams(form) }),
    }
  }
  const alg = algorithmOf(authentication.key, authentication.alg) ?? ''
  const loadKey = once(() => importKey(authentication, alg))
  const kid = authentication.kid ?? ('kid' in authentication.key ? authentication.key.kid : undefined)
  return {
    ready: async () => void (await loadKey()),
    async authenticate(form) {
      const at = now()
      const assertion = await new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(issuer)
        .setIssuedAt(at)
        .setExpirationTime(at + lifetime)
        .sign(await loadKey())
      const proof = { client_assertion_type: assertionType, client_assertion: assertion }
      // Some OPs look the client up by this name before they read the assertion.
      const body = new URLSearchParams({ client_id: clientId, ...form, ...proof })
      return { method: 'POST', headers: { Accept }, body }
    },
  }
}

async function importKey({ key }: PrivateKeyJwt, alg: string): Promise<CryptoKey> {
  if (!('kty' in key)) return key as CryptoKey
  try {
    return (await importJWK(key, alg)) as CryptoKey
  } catch {
    // The error may quote the key.
    throw new ConfigurationError('stepUpClient.authentication: key is a JWK that cannot be read')
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
