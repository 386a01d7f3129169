import { ConfigurationError } from './errors.ts'

/**
 * The absolute URL to return to. It must be a path of our own origin. The text itself decides, because URL parsers drop
 * tabs and newlines and read `\` as `/`, which turns harmless-looking paths into other hosts.
 *
 * @param origin e.g. `https://app.example`, without a slash at the end
 * @throws {ConfigurationError} for anything that is not same-origin
 * @see RFC 9700 §4.11 (open redirection)
 */
export function resolveReturnTo(returnTo: unknown, origin: string): string {
  const path =
    typeof returnTo === 'string' && returnTo.startsWith(`${origin}/`)
      ? returnTo.slice(origin.length)
      : returnTo
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the purpose
  if (typeof path !== 'string' || !/^\/(?![/\\])[^\u0000-\u001f\u007f]*$/.test(path)) {
    throw new ConfigurationError('returnTo must be a path of this origin, such as "/payments?page=2"')
  }
  return origin + path
}
