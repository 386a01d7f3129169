import type { Need } from './need.ts'

/**
 * Refuses an option that does not exist: a misspelt one would be left out silently, and protect nothing.
 *
 * @param names all that there are
 * @throws {ConfigurationError} naming the first unknown one
 */
export function knownOptions(need: Need, options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find(name => !names.includes(name))
  need(unknown === undefined, `there is no option "${unknown}"; there are ${names.join(', ')}`)
}
