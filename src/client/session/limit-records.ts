import type { IdTokenClaims } from '../../core/claims.ts'
import type { TokenOrigin } from '../../core/machine/interaction.ts'
import type { LimitRules, SessionTimes } from '../../core/session-limit.ts'
import {
  lastActiveWhenFound,
  lastActiveWhileHere,
  pastTime,
  type SessionStart,
  startOfSession,
  startOfSignIn,
  writeStart,
} from '../../core/session-times.ts'
import type { ClientContext } from '../context.ts'

/**
 * What the limits count from: in localStorage, for all tabs and over reloads, and in this page's memory. The memory goes
 * on where storage is forbidden, full, cleared or broken.
 */
export interface LimitRecords {
  /**
   * A session is about to be shown. Only a sign-in counts from now: a person who was only found may be long gone.
   *
   * @param isAnother whether this page's former session has ended, so that what it remembers is of no use
   */
  begin(origin: TokenOrigin, claims: IdTokenClaims, isAnother: boolean): void
  /** The person is there. */
  touch(): void
  /** Of the session that goes on. */
  read(): SessionTimes
}

/** Only what a limit needs is kept. */
export function createLimitRecords(
  { browser, options, keys, now }: ClientContext,
  { idle, absolute }: LimitRules,
): LimitRecords {
  const { clockSkew } = options
  const { browserStorage } = browser
  let lastActive: number | null = null
  let start: SessionStart | null = null

  const keep = (limit: number, key: string, text: string): void => {
    if (limit !== Infinity && browserStorage.read(key) !== text) browserStorage.write(key, text)
  }
  const setLastActive = (time: number): void => {
    lastActive = time
    keep(idle, keys.lastActive, String(time))
  }
  const setStart = (next: SessionStart): void => {
    start = next
    keep(absolute, keys.signedIn, writeStart(next))
  }

  return {
    begin: (origin, claims, isAnother) => {
      const at = now()
      const authTime = pastTime(claims.auth_time, at + clockSkew)
      if (origin === 'sign_in') {
        setLastActive(at)
        setStart(startOfSignIn(authTime, at, absolute))
        return
      }
      if (isAnother) [lastActive, start] = [null, null]
      if (lastActive === null)
        setLastActive(lastActiveWhenFound(browserStorage.read(keys.lastActive), authTime, at, clockSkew))
      setStart(startOfSession(browserStorage.read(keys.signedIn), start, authTime, at, clockSkew))
    },
    touch: () => setLastActive(now()),
    read: () => {
      const at = now()
      const active = lastActiveWhileHere(browserStorage.read(keys.lastActive), lastActive ?? 0, at, clockSkew)
      setLastActive(active)
      const signedInAt = Math.min(start?.at ?? 0, at)
      if (start && signedInAt !== start.at) setStart({ ...start, at: signedInAt })
      return { signedInAt, lastActive: active }
    },
  }
}
