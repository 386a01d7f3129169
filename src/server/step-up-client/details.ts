import { canonicalJson } from '../../core/canonical-json.ts'
import { isRecord } from '../../core/claims.ts'
import type { AuthorizationDetail } from '../freshness/approval.ts'

/**
 * Whether the OP has granted what was asked: as many objects as were asked for, and for each of them one whose members are
 * all those that were asked, with the same values. Members that the OP has added to an object are allowed: it may enrich it,
 * for example by the account that the person chose (RFC 9396 §7.1). An object more than was asked, or one fewer, is not.
 *
 * @param granted as the token response has it. The OP may leave it out (RFC 9396 §7), and then nothing shows what was granted
 */
export function grantsDetails(asked: readonly AuthorizationDetail[], granted: unknown): boolean {
  if (!Array.isArray(granted) || granted.length !== asked.length) return false
  const left: unknown[] = [...granted]
  // Those that ask for more come first, so that none of them is left with an object that would do for a smaller one only.
  const demanding = [...asked].sort((a, b) => Object.keys(b).length - Object.keys(a).length)
  return demanding.every(detail => {
    const at = left.findIndex(one => hasMembers(one, detail))
    if (at !== -1) left.splice(at, 1)
    return at !== -1
  })
}

function hasMembers(granted: unknown, asked: AuthorizationDetail): boolean {
  if (!isRecord(granted)) return false
  return Object.entries(asked).every(
    ([name, value]) => Object.hasOwn(granted, name) && isSame(granted[name], value),
  )
}

function isSame(a: unknown, b: unknown): boolean {
  try {
    return canonicalJson(a) === canonicalJson(b)
  } catch {
    // JSON that has no canonical form equals nothing.
    return false
  }
}
