/** What the process that makes the proofs and the one that takes them have to agree on. */
export const common = {
  clientId: 'payments',
  audience: 'https://api.example',
  // No secret: for this bench only.
  keys: [new Uint8Array(32).fill(1)],
  actions: { 'payment.approve': { reauthenticate: true } },
  challengeTtl: 7200,
} as const

export interface Memory {
  readonly heap: number
  readonly resident: number
}
