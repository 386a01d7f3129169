import { ConfigurationError } from './errors.ts'

/**
 * Checks a `prompt` request parameter: space-separated values, `none` never beside another.
 *
 * @param supported the values the OP is known to take; undefined when it does not say
 * @throws {ConfigurationError} naming the value and those that would do
 * @see OpenID Connect Core 1.0 §3.1.2.1; Initiating User Registration via OpenID Connect 1.0 §4
 */
export function checkPrompt(prompt: string | undefined, supported?: readonly string[]): void {
  if (prompt === undefined) return
  const values = prompt.split(' ')
  if (values.includes('none') && values.length > 1) {
    throw new ConfigurationError('prompt "none" cannot be combined with another value')
  }
  for (const value of values) {
    if (value === '' || (supported && !supported.includes(value))) {
      throw new ConfigurationError(
        `prompt "${value}" is not supported here; supported: ${supported?.join(' ')}`,
      )
    }
  }
}
