import { defined } from './defined.ts'

/** One challenge of a `WWW-Authenticate` header. Parameter names are lower-cased, values unquoted. */
export interface AuthenticateChallenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

/** What a resource server asks for when the login behind a token is too old or too weak (RFC 9470 §3). */
export interface StepUpDemand {
  readonly scheme: 'Bearer' | 'DPoP'
  /** In the resource server's order of preference. */
  readonly acrValues?: readonly string[]
  /** Seconds. */
  readonly maxAge?: number
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
const equals = /[ \t]*=[ \t]*/y
const token68 = /[ \t]+[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y
const separator = /[ \t,]*/y

/**
 * Reads a `WWW-Authenticate` header: several challenges, quoted or bare values, commas anywhere.
 * What cannot be read ends the list; nothing is thrown, since the header comes from outside.
 *
 * @see RFC 9110 §11.6.1
 */
export function parseAuthenticate(header: string): AuthenticateChallenge[] {
  let position = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position
    const match = pattern.exec(header)
    if (!match) return undefined
    position = pattern.lastIndex
    return match[1] ?? match[0]
  }
  const challenges: { scheme: string; parameters: Record<string, string> }[] = []
  while (take(separator) !== undefined && position < header.length) {
    const name = take(token)
    if (name === undefined) break
    const current = challenges.at(-1)
    if (take(equals) !== undefined) {
      const value = take(quoted)?.replace(/\\(.)/g, '$1') ?? take(token)
      if (value === undefined || !current) break
      current.parameters[name.toLowerCase()] ??= value
    } else {
      challenges.push({ scheme: name, parameters: Object.create(null) })
      take(token68)
    }
  }
  return challenges
}

/**
 * The step-up demand in a `WWW-Authenticate` header, or null when it makes none that can be understood.
 *
 * @see RFC 9470 §3
 */
export function parseStepUpDemand(header: string | null): StepUpDemand | null {
  for (const { scheme, parameters } of parseAuthenticate(header ?? '')) {
    const name: StepUpDemand['scheme'] | null = /^bearer$/i.test(scheme)
      ? 'Bearer'
      : /^dpop$/i.test(scheme)
        ? 'DPoP'
        : null
    if (!name || parameters.error !== 'insufficient_user_authentication') continue
    const acrValues = parameters.acr_values?.split(' ').filter(Boolean)
    const maxAge = parameters.max_age
    if (maxAge !== undefined && !/^\d{1,15}$/.test(maxAge)) continue
    return {
      scheme: name,
      ...defined({
        acrValues: acrValues?.length ? acrValues : undefined,
        maxAge: maxAge === undefined ? undefined : Number(maxAge),
      }),
    }
  }
  return null
}

/** One challenge as header text, every value quoted and escaped. @see RFC 9110 §11.6.1, §5.6.4 */
export function formatAuthenticate(
  scheme: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const shown = Object.entries(parameters).filter(([, value]) => value !== undefined)
  // A header may hold visible ASCII only; anything else in a value would make the whole answer unsendable.
  const quote = (value = ''): string => `"${value.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`
  return [scheme, shown.map(([name, value]) => `${name}=${quote(value)}`).join(', ')]
    .filter(Boolean)
    .join(' ')
}

/** A step-up demand as header text. @see RFC 9470 §3 */
export function formatStepUpDemand({ scheme, acrValues, maxAge }: StepUpDemand): string {
  return formatAuthenticate(scheme, {
    error: 'insufficient_user_authentication',
    error_description: 'A different authentication level or a more recent authentication is required',
    max_age: maxAge?.toString(),
    acr_values: acrValues?.join(' '),
  })
}
