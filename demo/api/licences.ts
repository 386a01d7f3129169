/** Seconds that a slot is taken after the last call. */
const slides = 1200

/**
 * ERP.net's licence slots, as documented: one for each session (`sid`), taken by the first call that has an access
 * token of it, for twenty minutes after the last.
 */
export interface Licences {
  /** A call came with a token of this session; an access token of another OP has no `sid`. */
  use(sid: unknown): void
  /** How many slots are taken. @param at epoch seconds; default: now */
  taken(at?: number): number
}

const now = (): number => Math.floor(Date.now() / 1000)

export function createLicences(): Licences {
  const lastCalls = new Map<string, number>()
  return {
    use: sid => {
      if (typeof sid === 'string') lastCalls.set(sid, now())
    },
    taken: (at = now()) => [...lastCalls.values()].filter(last => at - last < slides).length,
  }
}
