/** The settings of a run. The processes get them as JSON in `PLAN`. */
export interface Plan {
  /**
   * URLs on this machine: of the API, of the OP, of its stand-in for a login page, and of its introspection endpoint.
   */
  readonly api: string
  readonly issuer: string
  readonly mint: string
  readonly introspection: string
  readonly seconds: number
  /** How many of each to send a second. */
  readonly slow: number
  readonly asks: number
  readonly introspections: number
  /** An expired ID Token of the attacker's own. */
  readonly expiredIdToken: string
}

/** The app's client id. */
export const clientId = 'payments'
/** The action that people step up for. */
export const action = 'payment.approve'

/** The plan of this process. */
export function readPlan(): Plan {
  return JSON.parse(process.env.PLAN ?? '')
}

/** What an attacker did. */
export interface Damage {
  /** How many requests it meant to send, and how many it sent. */
  readonly planned: number
  readonly sent: number
  /** How often the API answered each status; `hangs` are still open, `cut` was closed without an answer. */
  readonly answers: Readonly<Record<string, number>>
}

/** The parts of a step-up, in their order. */
export const legs = ['ask', 'wait', 'login', 'prove', 'use'] as const
/** One part of a step-up. */
export type Leg = (typeof legs)[number]

/** One honest step-up: how long each leg took, in milliseconds, and where it ended if it failed. */
export interface StepUp {
  readonly times: Readonly<Partial<Record<Leg, number>>>
  readonly failure?: string
}
