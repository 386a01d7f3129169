import { isRecord } from '../../core/claims.ts'

/**
 * Writes what a parser has made of a form as a form again. A list is a field that came several times, and a record within
 * is what `qs` makes of `name[key]=value`.
 *
 * @throws {RangeError} for fields that are too deep
 */
export function writeForm(fields: Readonly<Record<string, unknown>>): string {
  const all = Object.entries(fields).flatMap(([name, value]) => pairsOf(name, value))
  return new URLSearchParams(all).toString()
}

function pairsOf(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap(one => pairsOf(name, one))
  if (isRecord(value)) return Object.entries(value).flatMap(([key, one]) => pairsOf(`${name}[${key}]`, one))
  return [[name, String(value ?? '')]]
}
