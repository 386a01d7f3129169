/** One challenge of a `WWW-Authenticate` header. Parameter names are lower-cased, values unquoted. */
export interface AuthenticateChallenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
const equals = /[ \t]*=[ \t]*/y
const token68 = /[ \t]+[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y
const separator = /[ \t,]*/y

/**
 * Reads a `WWW-Authenticate` header: several challenges, quoted or bare values, commas anywhere. The list ends where
 * the header cannot be read. Nothing is thrown, because the header comes from outside.
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

/** Writes one challenge as header text, with every value quoted and escaped. @see RFC 9110 §11.6.1, §5.6.4 */
export function formatAuthenticate(
  scheme: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const shown = Object.entries(parameters).filter(([, value]) => value !== undefined)
  // A header may hold visible ASCII only. Any other character would make it impossible to send the answer.
  const quote = (value = ''): string => `"${value.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`
  return [scheme, shown.map(([name, value]) => `${name}=${quote(value)}`).join(', ')]
    .filter(Boolean)
    .join(' ')
}
