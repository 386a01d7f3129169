import { isRecord } from '../core/claims.ts'
import { check } from './option-checks.ts'

// JavaScript and configuration files can give an option that the types forbid. Text in the place of a list would even
// work, in another sense: `includes` finds parts of it.

/** What a value must be, in words, and whether it is that. */
export interface Shape {
  readonly words: string
  readonly fits: (value: unknown) => boolean
}

/** A shape for some members of a type. */
export type Shapes<T> = { readonly [Name in keyof T]?: Shape }

export const text: Shape = { words: 'text', fits: value => typeof value === 'string' }
export const name: Shape = { words: 'text, not empty', fits: value => text.fits(value) && value !== '' }
export const flag: Shape = { words: 'true or false', fits: value => typeof value === 'boolean' }
export const callable: Shape = { words: 'a function', fits: value => typeof value === 'function' }

export const either = (first: Shape, second: Shape): Shape => ({
  words: `${first.words}, or ${second.words}`,
  fits: value => first.fits(value) || second.fits(value),
})

/** A list with at least one member. */
export const listOf = (words: string, fits: Shape['fits']): Shape => ({
  words,
  fits: value => Array.isArray(value) && value.length > 0 && value.every(fits),
})

export const groupSuchAs = (example: string): Shape => ({
  words: `an object such as ${example}`,
  fits: isRecord,
})

export const wordOf = (...words: readonly string[]): Shape => ({
  words: `one of: ${words.join(', ')}`,
  fits: value => words.some(word => word === value),
})

/** Audiences of an ID Token besides the client. */
/** An empty list takes back what the provider's profile trusts. */
export const audiences: Shape = either(
  {
    words: "a list of audiences such as ['https://api.example.com']",
    fits: value => Array.isArray(value) && value.every(name.fits),
  },
  callable,
)

/**
 * Checks the members that have a shape. What is left out is not looked at.
 *
 * @param prefix where they stand, such as `provider.`
 * @throws {ConfigurationError} naming the member and what it must be
 */
export function checkAll<T extends object>(prefix: string, values: T, shapes: Shapes<T>): void {
  const given: Partial<Record<string, unknown>> = { ...values }
  for (const [member, shape] of Object.entries<Shape | undefined>(shapes)) {
    const value = given[member]
    check(
      value === undefined || !shape || shape.fits(value),
      `\`${prefix}${member}\` must be ${shape?.words}`,
    )
  }
}
