import type { SessionLimit } from './machine/state.ts'

/** How long a session may last. Seconds; `Infinity` for no limit. */
export interface LimitRules {
  /** Since the person was there last. */
  readonly idle: number
  /** Since the person signed in. */
  readonly absolute: number
  /** How long before the end the person is warned; at most half of the limit, so that there is a time without warning. */
  readonly warnBefore: number
}

/** Epoch seconds. */
export interface SessionTimes {
  readonly signedInAt: number
  readonly lastActive: number
}

/** What the limits say now. */
export interface LimitNow {
  /** Epoch seconds; `Infinity` without limits. */
  readonly endsAt: number
  /** Which limit comes first. */
  readonly reason: 'idle' | 'absolute'
  readonly warns: boolean
  /** Whether the session is over. */
  readonly isOver: boolean
  /** Seconds until that changes by itself. */
  readonly changesIn: number
}

/** When a session's own limits end it, and whether the person is warned. @param now epoch seconds */
export function limitAt(
  now: number,
  { signedInAt, lastActive }: SessionTimes,
  { idle, absolute, warnBefore }: LimitRules,
): LimitNow {
  const [idleAt, absoluteAt] = [lastActive + idle, signedInAt + absolute]
  const reason = idleAt < absoluteAt ? 'idle' : 'absolute'
  const [endsAt, limit] = reason === 'idle' ? [idleAt, idle] : [absoluteAt, absolute]
  const lead = Math.min(warnBefore, limit / 2)
  const warns = now >= endsAt - lead
  return {
    endsAt,
    reason,
    warns,
    isOver: now >= endsAt,
    changesIn: endsAt - now - (warns ? 0 : lead),
  }
}

/**
 * What the person sees of a limit: the same object while that has not changed. A warning that the person has answered is
 * not shown again for the same end. Each warning has an id of its own, so that an answer to an earlier one does not count
 * for it.
 *
 * @param id for a limit that has changed
 */
export function limitToShow(
  { endsAt, reason, warns }: LimitNow,
  shown: SessionLimit | null,
  id: string,
): SessionLimit {
  const isSame = shown?.endsAt === endsAt && shown.reason === reason
  const isAnswered = isSame && shown.isAnswered
  const isUnchanged = isSame && shown.warns === (warns && !isAnswered)
  return isUnchanged ? shown : { id, endsAt, reason, warns: warns && !isAnswered, isAnswered }
}
