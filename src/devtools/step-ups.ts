import type { AuthLogEvent } from '../client/log-events.ts'
import { causeOf } from './causes.ts'
import { type Entry, eventOf } from './entries.ts'
import { durationText } from './times.ts'

/** How a step-up stands. */
export interface StepUpLine {
  /** Null for a request outside `stepUp`, which a resource server refused by its header alone. */
  readonly action: string | null
  readonly status: string
  /** Why it failed; null unless it did. */
  readonly reason: string | null
  /** Epoch milliseconds. */
  readonly startedAt: number
  /** Epoch milliseconds; null while it is open. */
  readonly endedAt: number | null
}

/** How many there are to see. */
const shown = 5

/** The step-ups of the timeline, the newest first. */
export function stepUpsOf(entries: readonly Entry[]): StepUpLine[] {
  const lines: StepUpLine[] = []
  for (const entry of entries) {
    const event = eventOf(entry)
    const step = event && stepOf(event)
    if (!step) continue
    const action = 'action' in event ? (event.action ?? null) : null
    const index = lines.findIndex(line => line.action === action && continues(line, event.type))
    const { startedAt } = lines[index] ?? { startedAt: entry.at }
    const endedAt = step.isEnd ? entry.at : null
    const line: StepUpLine = { action, status: step.status, reason: step.reason, startedAt, endedAt }
    if (index < 0) lines.unshift(line)
    else lines[index] = line
  }
  return lines.slice(0, shown)
}

/** How it stands, and how long it took. */
export function stepUpText({ status, startedAt, endedAt }: StepUpLine): string {
  return endedAt === null ? status : `${status} after ${durationText(endedAt - startedAt)}`
}

/** Whether the event is about this step-up: an open one, or the grant of one that has ended. */
function continues({ status, endedAt }: StepUpLine, type: AuthLogEvent['type']): boolean {
  return type === 'grant.used' ? status === 'granted' : endedAt === null
}

interface Step {
  readonly status: string
  readonly reason: string | null
  readonly isEnd: boolean
}

function stepOf(event: AuthLogEvent): Step | null {
  const step = (status: string, isEnd = false, reason: string | null = null): Step => ({
    status,
    reason,
    isEnd,
  })
  switch (event.type) {
    case 'freshness.asked':
      return step('the backend is asked')
    case 'freshness.challenged':
      return step('challenged')
    case 'proof.sent':
      return step('the proof is with the backend')
    case 'proof.denied':
      return step('the proof was refused', false, event.reason)
    case 'freshness.granted':
      return step('granted', true)
    case 'grant.used':
      return step('granted and used', true)
    case 'step_up.failed':
      return step('failed', true, causeOf(event).what)
    default:
      return null
  }
}
