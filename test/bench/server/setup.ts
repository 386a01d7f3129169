import { createHash } from 'node:crypto'

/** What the process that makes the proofs and the one that receives them must agree on. */
export const common = {
  clientId: 'payments',
  // No secret: for this bench only.
  keys: [new Uint8Array(createHash('sha256').update('bench').digest())],
  actions: { 'payment.approve': { reauthenticate: true } },
  // Longer than any proof waits to be sent.
  challengeTtl: 3600,
} as const

/**
 * An option that the first edition needs and the others refuse: there, one browser's challenges were capped, and all
 * the proofs are one browser's.
 */
export const firstEdition = { maxChallenges: 1_000_000 }
