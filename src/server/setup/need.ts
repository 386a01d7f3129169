import { ConfigurationError } from '../../core/errors.ts'

/** @throws {ConfigurationError} unless the condition holds */
export type Need = (condition: boolean, problem: string) => asserts condition

/** @param maker what the error names: the function, or the part of its options */
export function needFor(maker: string): Need {
  return (condition, problem) => {
    if (!condition) throw new ConfigurationError(`${maker}: ${problem}`)
  }
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Whether `value` is whole, and within what can be meant. */
export function isWholeNumber(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}

/** Text of visible ASCII without spaces. */
export function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}

export function isOptionalWords(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.length > 0 && list.every(isWord))
}

export function isOptionalFunction(value: unknown): boolean {
  return value === undefined || typeof value === 'function'
}
