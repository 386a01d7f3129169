/** For how many seconds a slot stays taken after the last call. */
const slides = 1200

/**
 * ERP.net's licence slots, as documented. Each session (`sid`) takes one with its first call, until twenty minutes
 * after its last.
 */
export interface Licences {
  /** Takes note of a call with a token of this session. Access tokens of other OPs have no `sid`. */
  use(sid: unknown): void
  /** How many slots are taken. @param at epoch seconds; default: now */
  taken(at?: number): number
}

const now = (): number => Math.floor(Date.now() / 1000)

/** Starts with no slot taken. */
export function createLicences(): Licences {
  const lastCalls = new Map<string, number>()
  return {
    use: sid => {
      if (typeof sid === 'string') lastCalls.set(sid, now())
    },
    taken: (at = now()) => [...lastCalls.values()].filter(last => at - last < slides).length,
  }
}
