import { ConfigurationError } from '../../core/errors.ts'

/** @throws {ConfigurationError} unless the condition holds */
export type Need = (condition: boolean, problem: string) => asserts condition

/** Makes a check whose error names its maker. @param maker the function, or the part of its options */
export function needFor(maker: string): Need {
  return (condition, problem) => {
    if (!condition) throw new ConfigurationError(`${maker}: ${problem}`)
  }
}

/** Whether a value is text with at least one character. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Whether a value is a whole number from `least` to `most`. */
export function isWholeNumber(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}

/** Whether a value is text of visible ASCII without spaces, with at least one character. */
export function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}

/** Whether a value is absent, or a list of one word or more. */
export function isOptionalWords(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.length > 0 && list.every(isWord))
}

/** Whether a value is absent or a function. */
export function isOptionalFunction(value: unknown): boolean {
  return value === undefined || typeof value === 'function'
}
