import { decodeBase64urlText } from '../../core/base64url.ts'
import { isRecord } from '../../core/claims.ts'

/**
 * Whether a key may sign a token. `kid` is the one in the token's header; `payload` is the token's, in base64url. What
 * the payload says is *not* verified: the caller does that with the key.
 */
export type IsKeyFor = (kid: unknown, payload: string) => boolean

/**
 * Reads which issuer each key of a set is for. Entra publishes one set for all tenants, in which a key's member `issuer`
 * is the issuer that uses it, or a template of it (`{tenantid}`): a key is good for a token whose `iss` is that issuer,
 * with the token's `tid` in the place of the template. It is also good where the configured issuer, with that `tid`, is
 * the key's, and the tenant is in `iss`: tokens of version 1.0 have another `iss` (`https://sts.windows.net/…`) for the
 * same tenant. Other OPs have no such member, and one that is no https URL means something else, so it is ignored.
 *
 * @param issuer the configured one
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signing-key-issuer
 */
export function readKeyScopes(keySet: unknown, issuer: string): IsKeyFor {
  const keys: unknown[] = isRecord(keySet) && Array.isArray(keySet.keys) ? keySet.keys : []
  const named = keys.filter(isRecord).filter(key => isHttps(key.issuer))
  return (kid, payload) => {
    const scopes = named.filter(key => kid === undefined || key.kid === kid)
    if (scopes.length === 0) return true
    const claims = claimsIn(payload)
    return claims !== null && scopes.every(key => isFor(String(key.issuer), claims, issuer))
  }
}

const template = /\{tenantid\}/i

function isFor(keyIssuer: string, { iss, tid }: Record<string, unknown>, issuer: string): boolean {
  if (keyIssuer === iss) return true
  if (typeof iss !== 'string' || typeof tid !== 'string' || tid === '' || !iss.includes(tid)) return false
  const inTenant = (text: string): string => text.replace(template, () => tid)
  return inTenant(keyIssuer) === iss || inTenant(keyIssuer) === inTenant(issuer)
}

function isHttps(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('https://')
}

function claimsIn(payload: string): Record<string, unknown> | null {
  try {
    const claims: unknown = JSON.parse(decodeBase64urlText(payload) ?? '')
    return isRecord(claims) ? claims : null
  } catch {
    return null
  }
}
