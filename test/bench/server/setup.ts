import { testKey } from '../../support/keys.ts'
/** What the process that makes the proofs and the one that takes them have to agree on. */
export const common = {
  clientId: 'payments',
  audience: 'https://api.example',
  // No secret: for this bench only.
  keys: [testKey(1)],
  actions: { 'payment.approve': { reauthenticate: true } },
  challengeTtl: 3600,
} as const

export interface Memory {
  readonly heap: number
  readonly resident: number
}
