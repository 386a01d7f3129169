// Times and durations as the panel says them.

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]

/** A duration in words: `320 ms`, `6.2 s`, `4 min 31 s`, `2 h 5 min`, `3 d 4 h`. @param ms milliseconds, 0 or more */
export function durationText(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`
  if (ms < 10 * second) return `${(ms / second).toFixed(1)} s`
  if (ms < minute) return `${Math.floor(ms / second)} s`
  if (ms < hour) return twoParts(ms, [minute, 'min'], [second, 's'])
  if (ms < day) return twoParts(ms, [hour, 'h'], [minute, 'min'])
  return twoParts(ms, [day, 'd'], [hour, 'h'])
}

type Unit = readonly [milliseconds: number, name: string]

function twoParts(ms: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rest = Math.floor((ms % large) / small)
  return `${Math.floor(ms / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`
}

/** How far off a time is: `in 4 min 31 s`, `32 s ago`, `now`. Both in epoch seconds. */
export function relativeText(time: number, now: number): string {
  if (time === now) return 'now'
  const duration = durationOfSeconds(Math.abs(time - now))
  return time > now ? `in ${duration}` : `${duration} ago`
}

/** Whole seconds need no tenths. */
function durationOfSeconds(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : durationText(seconds * second)
}

/** The time of day here: `14:03:22.120`. @param at epoch milliseconds */
export function clockText(at: number): string {
  return localText(at).slice(11, 23)
}

/** The time here, with the date where it is another day: `14:03:22`, `2026-11-30 14:03:22`. Both in epoch seconds. */
export function timeText(time: number, now: number): string {
  const [text, today] = [localText(time * second), localText(now * second)]
  const isToday = text.slice(0, 10) === today.slice(0, 10)
  return isToday ? text.slice(11, 19) : text.slice(0, 19).replace('T', ' ')
}

/** As in ISO 8601, but by the clock on the wall here. */
function localText(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * minute
  return new Date(at - offset).toISOString()
}
