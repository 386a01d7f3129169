import { defined } from './defined.ts'
import { formatAuthenticate, parseAuthenticate } from './www-authenticate.ts'

/** What a resource server asks for when the login behind a token is too old or too weak (RFC 9470 §3). */
export interface StepUpHeader {
  readonly scheme: 'Bearer' | 'DPoP'
  /** In the resource server's order of preference. */
  readonly acrValues?: readonly string[] | undefined
  /** Seconds. */
  readonly maxAge?: number | undefined
}

/**
 * The step-up demand in a `WWW-Authenticate` header, or null when it makes none that can be understood.
 *
 * @see RFC 9470 §3
 */
export function parseStepUpHeader(header: string | null): StepUpHeader | null {
  for (const { scheme, parameters } of parseAuthenticate(header ?? '')) {
    const name: StepUpHeader['scheme'] | null = /^bearer$/i.test(scheme)
      ? 'Bearer'
      : /^dpop$/i.test(scheme)
        ? 'DPoP'
        : null
    if (!name || parameters.error !== 'insufficient_user_authentication') continue
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

/** A step-up demand as header text. @see RFC 9470 §3 */
export function formatStepUpHeader({ scheme, acrValues, maxAge }: StepUpHeader): string {
  return formatAuthenticate(scheme, {
    error: 'insufficient_user_authentication',
    error_description: 'A different authentication level or a more recent authentication is required',
    max_age: maxAge?.toString(),
    acr_values: acrValues?.join(' '),
  })
}
