import { createHash } from 'node:crypto'

/** What the process that makes the proofs and the one that takes them have to agree on. */
export const common = {
  clientId: 'payments',
  // No secret: for this bench only.
  keys: [new Uint8Array(createHash('sha256').update('bench').digest())],
  actions: { 'payment.approve': { reauthenticate: true } },
  // Longer than the proofs wait for their turn.
  challengeTtl: 3600,
} as const

/** What the first edition needs, and the others refuse: there, all the proofs were one browser's, which was capped. */
export const firstEdition = { maxChallenges: 1_000_000 }
