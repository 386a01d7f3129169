import { ConfigurationError } from '../core/errors.ts'
import { parseUrl, type WebUrl } from '../core/web-url.ts'

// Each says which option is wrong, and what would be right.

/** @throws {ConfigurationError} */
export function check(isGood: boolean, what: string): asserts isGood {
  if (!isGood) throw new ConfigurationError(`createAuthClient: ${what}`)
}

/**
 * A page by plain http has no `crypto.subtle`, and without that there is no PKCE.
 *
 * @throws {ConfigurationError}
 * @see W3C Secure Contexts §3.2
 */
export function checkSecureContext(): void {
  const isSecure = globalThis.isSecureContext !== false && globalThis.crypto?.subtle !== undefined
  check(
    isSecure,
    'this page is not a secure context: serve it, and each page around it, by https or from localhost',
  )
}

/** One of these words. @throws {ConfigurationError} */
export function oneOf<T extends string>(name: string, value: T, words: readonly T[]): T {
  check(words.includes(value), `\`${name}\` must be one of: ${words.join(', ')}`)
  return value
}

/** A list of these words. @throws {ConfigurationError} */
export function someOf<T extends string>(
  name: string,
  values: readonly T[],
  words: readonly T[],
): readonly T[] {
  check(Array.isArray(values), `\`${name}\` must be a list, such as ['${words[0]}']`)
  for (const value of values) oneOf(name, value, words)
  return values
}

/** A number of seconds that is more than 0, or at least 0 with `orZero`. @throws {ConfigurationError} */
export function seconds(name: string, value: number, orZero = false): number {
  const isGood = typeof value === 'number' && (value > 0 || (orZero && value === 0))
  check(isGood, `\`${name}\` must be a number of seconds, ${orZero ? '0 or more' : 'more than 0'}`)
  return value
}

/** An http or https URL, or null. */
export function webAddress(text: string, base?: string): WebUrl | null {
  const url = parseUrl(text, base)
  return url && /^https?:$/.test(url.protocol) ? url : null
}

/** Scheme, host and port, and at most a slash behind them. @throws {ConfigurationError} */
export function originOf(name: string, text: string): string {
  const url = webAddress(text)
  const isOrigin = url !== null && url.href === `${url.origin}/` && !/[?#*]/.test(text)
  check(isOrigin, `\`${name}\`: "${text}" is not an origin such as https://api.example.com`)
  return url.origin
}
