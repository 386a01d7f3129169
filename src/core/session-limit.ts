/** How long a session may last. Seconds; `Infinity` for no limit. */
export interface LimitRules {
  /** Since the person was there last. */
  readonly idle: number
  /** Since the person signed in. */
  readonly absolute: number
  /** How long before the end the person is warned. */
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
  const endsAt = Math.min(idleAt, absoluteAt)
  const warns = now >= endsAt - warnBefore
  return {
    endsAt,
    reason: idleAt < absoluteAt ? 'idle' : 'absolute',
    warns,
    isOver: now >= endsAt,
    changesIn: endsAt - now - (warns ? 0 : warnBefore),
  }
}
