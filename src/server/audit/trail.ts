import type { AuditEvent, AuditStep } from './event.ts'
import { quiet } from './quiet.ts'

/** What is known of a request. */
interface Facts {
  readonly step: AuditStep
  readonly action: string | undefined
  readonly sub: string | undefined
  readonly jti: string | undefined
  readonly client: string | undefined
}

/** The facts that say enough for an event, so that its decision need not. */
type Implied<Event> = {
  [Name in keyof Facts & keyof Event]: Facts[Name] extends Event[Name] ? Name : never
}[keyof Facts & keyof Event]

type OutcomeOf<Event> = Event extends unknown ? Omit<Event, 'at' | 'duration' | Implied<Event>> : never

/** What was decided of a request: the part of its event that the facts do not say. */
export type Outcome = OutcomeOf<AuditEvent>

/** Follows one request to its decision. */
export interface Trail {
  /** Takes note of what has become known. Other fields are ignored. */
  readonly note: (facts: Partial<Facts>) => void
  /** Reports the decision and all that is known. It is called once, when the answer is certain. */
  readonly end: (outcome: Outcome) => void
}

/** Begins the trail of a request. */
export type OpenTrail = (facts: Partial<Facts> & Pick<Facts, 'step'>) => Trail

const nothing = { action: undefined, sub: undefined, jti: undefined, client: undefined }

/**
 * Makes the trails of one guard.
 *
 * @param clock epoch seconds with their fraction
 * @param onFailure is told why an event was not taken
 */
export function createTrails(
  audit: (event: AuditEvent) => unknown,
  clock: () => number,
  onFailure: (cause: unknown) => void,
): OpenTrail {
  return begun => {
    const startedAt = performance.now()
    let facts = onlyFacts({ ...nothing, ...begun })
    return {
      note(news) {
        facts = onlyFacts({ ...facts, ...news })
      },
      end: quiet(outcome => {
        const duration = performance.now() - startedAt
        return audit({ ...facts, ...outcome, at: Math.round(clock() * 1000), duration })
      }, onFailure),
    }
  }
}

/** Nothing else of a token's claims may get into an event. */
function onlyFacts({ step, action, sub, jti, client }: Facts): Facts {
  return { step, action, sub, jti, client }
}
