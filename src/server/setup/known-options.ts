import { isRecord } from '../../core/claims.ts'
import type { Need } from './need.ts'

/**
 * Refuses an option that does not exist. A misspelt option would be ignored silently, and protect nothing.
 *
 * @param names all options that exist
 * @throws {ConfigurationError} naming the first unknown one, and for options that are no object
 */
export function knownOptions(need: Need, options: object, names: readonly string[]): void {
  need(isRecord(options), 'the options must be an object')
  const unknown = Object.keys(options).find(name => !names.includes(name))
  need(unknown === undefined, `there is no option "${unknown}"; there are ${names.join(', ')}`)
}
