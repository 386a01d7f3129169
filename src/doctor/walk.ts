import { setTimeout as wait } from 'node:timers/promises'
import { findingsOf } from './findings.ts'
import type { ProfileGuess } from './guess-profile.ts'
import type { Loopback } from './loopback.ts'
import { type Outcome, stepFinding } from './outcome.ts'
import { servePage } from './page-server.ts'
import type { Finding, Metadata, Patient } from './report.ts'
import { type StepName, stepsFor } from './steps.ts'
import { createVisits, type Visit } from './visits.ts'

/** Seconds without any event after which the walk ends: as long as a challenge lives. */
const idleLimit = 600

/** What a walk needs. `redirectUri` and server are those of `loopback`. */
export interface WalkOptions {
  readonly metadata: Metadata
  readonly patient: Patient
  readonly profile: ProfileGuess
  readonly loopback: Loopback
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Leads a person through the steps in their browser. It ends when they finish, when nothing has happened for ten
 * minutes, or by the signal, and gives the findings so far.
 */
export async function walk({
  metadata,
  patient,
  profile,
  loopback,
  signal,
}: WalkOptions): Promise<Finding[]> {
  const steps = stepsFor(metadata)
  const visits = createVisits(metadata, patient, loopback.redirectUri, profile)
  const finished = new AbortController()
  const over = AbortSignal.any([signal, finished.signal])
  const outcomes: Partial<Record<StepName, Outcome>> = {}
  let open: Visit | null = null
  // The `state` of the awaited answer. Each answer is taken once.
  let state: string | null = null
  let answeredAt = 0
  let closing: Finding | null = null
  const idle = setTimeout(() => finished.abort(), idleLimit * 1000)

  const changed = (): void => {
    idle.refresh()
    page.show()
  }
  const settle = (visit: Visit, outcome: Outcome): void => {
    // Another visit has taken its place, or the walk is over.
    if (open !== visit || over.aborted) return
    open = null
    if (outcome.type === 'claims') answeredAt = Date.now()
    outcomes[visit.step] = outcome
    changed()
  }

  const page = servePage(loopback.redirectUri, {
    view: () => {
      const findings = Object.fromEntries(steps.map(({ name }) => [name, stepFinding(name, outcomes)]))
      return { issuer: patient.issuer, steps, findings, open: open?.step ?? null, closing }
    },

    begin: async name => {
      const step = steps.find(step => step.name === name)
      if (!step || (outcomes['sign-in']?.type !== 'claims' && name !== 'sign-in')) return '/'
      await wait(Math.max(0, answeredAt + step.pause * 1000 - Date.now()), undefined, { signal: over })
      const visit = visits.begin(step.name)
      open = visit
      state = visit.state
      changed()
      if (step.name === 'iframe')
        // The frame is hidden, so the person cannot see that it is stuck.
        wait(patient.seconds * 1000, undefined, { signal: over }).then(
          () => settle(visit, { type: 'no_answer' }),
          () => {},
        )
      return visit.url
    },

    handleResponse: response => {
      const visit = open
      if (visit === null || response.get('state') !== state) return
      state = null
      void visits.redeem(visit, response).then(outcome => settle(visit, outcome))
    },

    giveUp: name => {
      if (open?.step === name) settle(open, { type: 'no_answer' })
    },

    wasNotAsked: name => {
      const outcome = outcomes[name as StepName]
      if (outcome?.type !== 'claims') return
      outcomes[name as StepName] = { ...outcome, askedNothing: true }
      changed()
    },

    finish: () => finished.abort(),
  })

  loopback.serve(page.listener)
  await new Promise<void>(resolve => {
    if (over.aborted) resolve()
    else over.addEventListener('abort', () => resolve())
  })
  clearTimeout(idle)
  const findings = findingsOf(outcomes, await visits.refresh(), metadata, profile)
  open = null
  closing = findings.at(-1) ?? null
  page.end()
  return findings
}
