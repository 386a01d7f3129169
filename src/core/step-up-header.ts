import { decodeBase64urlText } from './base64url.ts'
import { isRecord } from './claims.ts'
import { defined } from './defined.ts'
import { formatAuthenticate, parseAuthenticate } from './www-authenticate.ts'

/**
 * What a resource server asks for when the login behind a token is too old or too weak (RFC 9470 §3), or lacks what its
 * claims must show (Microsoft's claims challenges).
 */
export interface StepUpHeader {
  readonly scheme: 'Bearer' | 'DPoP'
  /** In the resource server's order of preference. */
  readonly acrValues?: readonly string[] | undefined
  /** Seconds. */
  readonly maxAge?: number | undefined
  /** For the `claims` of the authorization request (OpenID Connect Core 1.0 §5.5). */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/** Characters of a claims challenge, at most: its request must still fit into a URL. */
const longestClaims = 4096

/**
 * The step-up demand in a `WWW-Authenticate` header, or null when it makes none that can be understood.
 *
 * @see RFC 9470 §3; learn.microsoft.com/entra/identity-platform/claims-challenge (`insufficient_claims`)
 */
export function parseStepUpHeader(header: string | null): StepUpHeader | null {
  for (const { scheme, parameters } of parseAuthenticate(header ?? '')) {
    const name: StepUpHeader['scheme'] | null = /^bearer$/i.test(scheme)
      ? 'Bearer'
      : /^dpop$/i.test(scheme)
        ? 'DPoP'
        : null
    if (!name) continue
    if (parameters.error === 'insufficient_claims') {
      const claims = readClaims(parameters.claims)
      if (claims) return { scheme: name, claims }
    }
    if (parameters.error !== 'insufficient_user_authentication') continue
    const acrValues = parameters.acr_values?.split(' ').filter(Boolean)
    const maxAge = parameters.max_age
    if (maxAge !== undefined && !/^\d{1,15}$/.test(maxAge)) continue
    return defined({
      scheme: name,
      acrValues: acrValues?.length ? acrValues : undefined,
      maxAge: maxAge === undefined ? undefined : Number(maxAge),
    })
  }
  return null
}

/** JSON in base64, or base64url; null for anything else. */
function readClaims(text = ''): Readonly<Record<string, unknown>> | null {
  if (text.length > longestClaims) return null
  const base64url = text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  try {
    const claims: unknown = JSON.parse(decodeBase64urlText(base64url) ?? '')
    const isRequest = isRecord(claims) && Object.values(claims).every(isRecord)
    return isRequest && Object.keys(claims).length > 0 ? claims : null
  } catch {
    return null
  }
}

/** A step-up demand as header text. @see RFC 9470 §3 */
export function formatStepUpHeader({ scheme, acrValues, maxAge }: StepUpHeader): string {
  return formatAuthenticate(scheme, {
    error: 'insufficient_user_authentication',
    error_description: 'A different authentication level or a more recent authentication is required',
    max_age: maxAge?.toString(),
    acr_values: acrValues?.join(' '),
  })
}
