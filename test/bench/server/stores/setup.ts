import { common } from '../setup.ts'

/** The stores that are measured, in the order of the table. */
export const storeNames = ['memory', 'redis', 'postgresql', 'sqlite'] as const
export type StoreName = (typeof storeNames)[number]

/**
 * The API behind every store: one audience for all, so that each proof and grant can be sent to each store once. It is
 * http like the processes' own origins, because a cookie of https has another name.
 */
export const audience = 'http://api.localhost'

/** The action whose grants are used, and who uses them. */
export const [usedAction, user] = ['email.change', 'josh'] as const

/** A guard's options, besides its store. The bench makes proofs and grants with the same. */
export const guardOptions = (issuer: string) => ({
  ...common,
  issuer,
  audience,
  // Grants that live longer than they wait to be sent.
  actions: { ...common.actions, [usedAction]: { maxAge: 7200, grant: { ttl: 3600 } } },
})
