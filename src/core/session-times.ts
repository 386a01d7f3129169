// When a session began, and when the person was there last: read from what a browser has kept, which may be missing,
// broken, or from a clock that has been put back since. All times are epoch seconds.

/** Where the absolute limit counts from. */
export interface SessionStart {
  readonly at: number
  /** The login at the OP that this start belongs to, by its `auth_time`; null when the OP did not say. */
  readonly authTime: number | null
}

/**
 * The value if it can be the time of something that has happened, or null: text, `NaN`, fractions, what is negative, and
 * what is later than `latest`.
 *
 * @param latest now, and what clocks may differ by
 */
export function pastTime(value: unknown, latest: number): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= latest
    ? (value as number)
    : null
}

/** The same for text. */
export function pastTimeIn(text: string | null, latest: number): number | null {
  return text !== null && /^\d+$/.test(text) ? pastTime(Number(text), latest) : null
}

/**
 * When the person was there last, for a session that has only been found: at the OP, in another tab, in storage. That it
 * is found is no sign of life, but a login at the OP is. Only a browser that has kept nothing counts from now. A record
 * that cannot be read is as old as can be, unless a login is known.
 *
 * @param kept the record, or null when there is none
 * @param authTime of the login at the OP; null when unknown
 */
export function lastActiveWhenFound(
  kept: string | null,
  authTime: number | null,
  now: number,
  clockSkew: number,
): number {
  if (kept === null) return now
  return Math.max(pastTimeIn(kept, now + clockSkew) ?? 0, authTime ?? 0)
}

/**
 * When the person was there last, while the session goes on. A record that is missing or broken changes nothing: what
 * this page remembers counts. After the clock was put back, that cannot be later than now.
 */
export function lastActiveWhileHere(
  kept: string | null,
  remembered: number,
  now: number,
  clockSkew: number,
): number {
  return Math.max(pastTimeIn(kept, now + clockSkew) ?? 0, Math.min(remembered, now))
}

/**
 * Where the absolute limit counts from when the person has just signed in: from the login at the OP. An OP that went on
 * with a login that is over already, or that does not say, must not lock the person out: then it counts from now.
 */
export function startOfSignIn(authTime: number | null, now: number, absolute: number): SessionStart {
  const isGood = authTime !== null && now - authTime < absolute
  return { at: isGood ? authTime : now, authTime }
}

/**
 * Where the absolute limit counts from for a session that was found or renewed: from the login at the OP, or from the
 * record, where that is about the same login and later. Where the OP does not say, the record counts. Only a browser
 * that has kept nothing counts from now. A record that cannot be read is as old as can be.
 *
 * @param kept the record, or null when there is none
 * @param remembered what this page knows of the session that goes on, or null
 */
export function startOfSession(
  kept: string | null,
  remembered: SessionStart | null,
  authTime: number | null,
  now: number,
  clockSkew: number,
): SessionStart {
  const known = readStart(kept, now + clockSkew) ?? remembered
  if (authTime !== null)
    return { at: known?.authTime === authTime ? Math.max(known.at, authTime) : authTime, authTime }
  return known ?? { at: kept === null ? now : 0, authTime: null }
}

/** The record of a start, as text. */
export function writeStart({ at, authTime }: SessionStart): string {
  return authTime === null ? `${at}` : `${at} ${authTime}`
}

function readStart(text: string | null, latest: number): SessionStart | null {
  const [first = null, second, ...others] = text?.split(' ') ?? []
  const at = pastTimeIn(first, latest)
  const authTime = second === undefined ? null : pastTimeIn(second, latest)
  const isBroken = at === null || (second !== undefined && authTime === null) || others.length > 0
  return isBroken ? null : { at, authTime }
}
