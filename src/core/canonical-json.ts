import { isRecord } from './claims.ts'
import { ConfigurationError } from './errors.ts'

// A surrogate that is not half of a pair is not Unicode text, so it has no canonical form.
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Why a context cannot be hashed. */
export class ContextError extends ConfigurationError {
  /**
   * `not_json`: it holds a value that JSON has no text for. `no_canonical_form`: it may have been read from JSON text,
   * but it holds something for which RFC 8785 has no form, such as half a character or an infinite number.
   */
  readonly reason: 'not_json' | 'no_canonical_form'

  constructor(reason: ContextError['reason']) {
    super('A context must be plain JSON: objects, arrays, text, finite numbers, true, false or null')
    this.reason = reason
  }
}

/**
 * The canonical text of a JSON value. It does not depend on the order of keys, so browser and backend hash the same
 * bytes. Every own key counts. A value that JSON cannot hold (undefined, NaN, a Date, a lone surrogate) is an error and
 * never a silent change.
 *
 * @throws {ContextError}
 * @see RFC 8785 §3.2
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string' && !loneSurrogate.test(value)) return JSON.stringify(value)
  // RFC 8785 §3.2.2.3 prescribes ECMAScript's own text for numbers; -0 becomes 0 in both.
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join()}]`
  if (isRecord(value) && isPlain(value)) {
    const members = Object.keys(value)
      .sort()
      .map(key => `${canonicalJson(key)}:${canonicalJson(value[key])}`)
    return `{${members.join()}}`
  }
  const isFromText = typeof value === 'string' || typeof value === 'number'
  throw new ContextError(isFromText ? 'no_canonical_form' : 'not_json')
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
