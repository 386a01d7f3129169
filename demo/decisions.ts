import type { AuditEvent } from 'afresh/server'

/** What the bank does with each decision of its guards: goes on after “The bank”. */
export const decisions: Readonly<Record<AuditEvent['event'], string>> = {
  challenged: 'wants proof: a new login',
  pushed: 'has told Demo ID what to ask',
  granted: 'is satisfied, and gives a grant',
  denied: 'does not take the proof',
  used: 'has done it, and the grant is used up',
  replayed: 'has seen this before',
  refused: 'refuses the request',
  unavailable: 'cannot decide now',
}
