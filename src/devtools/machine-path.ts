import type { MachinePlace } from '../client/inspection.ts'
import type { Entry } from './entries.ts'

/** One stop on the state machine's way. */
export interface Stop {
  /** Epoch milliseconds. */
  readonly at: number
  /** Where the machine is, such as `anonymous (login_required)`. */
  readonly session: string
  /** What is under way there, the first on screen. */
  readonly interactions: readonly string[]
  /** The event that led here; null where the way begins. */
  readonly event: string | null
}

/** The state machine's way: where it began, and each place to which an event has led it since. */
export function pathOf(entries: readonly Entry[]): Stop[] {
  const path: Stop[] = []
  for (const entry of entries) {
    if (entry.type === 'loaded')
      path.push({ at: entry.at, session: 'page loaded', interactions: [], event: null })
    if (entry.type !== 'step') continue
    const begins = path.length === 0 || path.at(-1)?.session === 'page loaded'
    if (begins) path.push({ at: entry.at, ...placeText(entry.from), event: null })
    path.push({ at: entry.at, ...placeText(entry.to), event: entry.event })
  }
  return path
}

/** A place as a stop names it. */
export function placeText({
  session,
  detail,
  interactions,
}: MachinePlace): Pick<Stop, 'session' | 'interactions'> {
  return { session: detail === null ? session : `${session} (${detail})`, interactions }
}
