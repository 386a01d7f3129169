import { isRecord } from '../../core/claims.ts'

/**
 * What this browser keeps of its session between visits and for all its tabs, in JSON. It names no person.
 *
 * An *epoch* is one sign-in. It ends for the whole browser with a sign-out, or when another person signs in.
 */
export interface SessionRecord {
  /** Counts the epochs, from some number on. */
  readonly epoch: number
  /** The last epoch that ended with a sign-out; -1 before the first. */
  readonly closed: number
  /** Counts the tokens that the OP has given this browser, so that tabs can tell the newer of two. */
  readonly serial: number
  /** A hash of the `iss` and `sub` of this epoch's person; null before the first sign-in in it. */
  readonly person: string | null
  /** `closed`: the person has signed out since. `none`: nothing is known of a session. */
  readonly status: 'session' | 'closed' | 'none'
}

/**
 * A first record. Its epoch is none that this browser has had before its data was cleared, which only a page in the
 * back-forward cache may still know.
 *
 * @param now epoch milliseconds
 */
export function newRecord(now: number): SessionRecord {
  return { epoch: now, closed: -1, serial: 0, person: null, status: 'none' }
}

/** Null for what is no such record. */
export function readRecord(kept: unknown): SessionRecord | null {
  if (!isRecord(kept)) return null
  const { epoch, closed, serial, person, status } = kept
  if (!isCount(epoch) || !isCount(serial) || (closed !== -1 && !isCount(closed))) return null
  if (person !== null && typeof person !== 'string') return null
  if (status !== 'session' && status !== 'closed' && status !== 'none') return null
  return { epoch, closed, serial, person, status }
}

/** Whether this can count something. Half of what is safe, so that counting goes on from any. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= Number.MAX_SAFE_INTEGER / 2
}
