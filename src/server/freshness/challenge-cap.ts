import { failed } from '../http/refusal.ts'

/** Counts a challenge for the browser that it is bound to. Throws a 429 `Refusal` when that had as many as it may. */
export type CountChallenge = (binding: string, now: number) => void

/** How many browsers are counted at once. Of more, the one that came first is forgotten. */
const maxBrowsers = 10_000

/**
 * Limits how many challenges code that was injected into a page can ask for, and so how often it can send a person to
 * the OP. Counted for each browser and not for each person: who has an old ID Token of somebody could use a person's up.
 * Without its browser's cookie, or key, a challenge is of no use.
 *
 * @param limit challenges within `seconds`, counted from the first
 */
export function createChallengeCap(limit: number, seconds: number): CountChallenge {
  const browsers = new Map<string, { count: number; readonly until: number }>()
  return (binding, now) => {
    const known = browsers.get(binding)
    if (known && now < known.until) {
      if (known.count >= limit) {
        const headers = { 'Retry-After': String(known.until - now) }
        throw failed('too_many_challenges', { headers })
      }
      known.count++
      return
    }
    // Deleted first, so that it stands behind those that came before.
    browsers.delete(binding)
    browsers.set(binding, { count: 1, until: now + seconds })
    if (browsers.size > maxBrowsers) browsers.delete(browsers.keys().next().value as string)
  }
}
