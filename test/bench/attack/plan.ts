/** What a run is made of; the processes get it as JSON in `PLAN`. */
export interface Plan {
  /** Of this machine: the API, the OP's stand-in for a login page, and its introspection endpoint. */
  readonly api: string
  readonly issuer: string
  readonly mint: string
  readonly introspection: string
  readonly seconds: number
  /** Each second. */
  readonly slow: number
  readonly asks: number
  readonly introspections: number
  /** An expired ID Token that the attacker has of his own. */
  readonly expiredIdToken: string
}

export const clientId = 'payments'
export const action = 'payment.approve'

export function readPlan(): Plan {
  return JSON.parse(process.env.PLAN ?? '')
}

/** What an attacker did. */
export interface Damage {
  /** What it meant to do, and what it got done. */
  readonly planned: number
  readonly sent: number
  /** How often the API answered each status; `hangs` are still open, `cut` was closed without an answer. */
  readonly answers: Readonly<Record<string, number>>
}

export const legs = ['ask', 'wait', 'login', 'prove', 'use'] as const
export type Leg = (typeof legs)[number]

/** One honest step-up: how long each leg took, in milliseconds, and where it ended if it failed. */
export interface StepUp {
  readonly times: Readonly<Partial<Record<Leg, number>>>
  readonly failure?: string
}
