import { createLocalJWKSet } from 'jose'
import { createGate } from '../http/limits.ts'
import { type Refusal, unavailable } from '../http/refusal.ts'
import { createStepWatch } from './clock-step-watch.ts'
import { type DiscoverySource, discover } from './discovery.ts'
import { fetchJson, type ProviderAccess } from './fetch-json.ts'
import { type IsKeyFor, readKeyScopes } from './key-scope.ts'
import { isWithin } from './within.ts'

/** How to reach an OP's keys, and how long they may be used. */
export interface ProviderKeysOptions extends ProviderAccess, DiscoverySource {
  readonly jwksUri: string | undefined
  /** For how many seconds keys are used beyond their ten minutes while the OP cannot be reached. */
  readonly jwksGrace: number
  /** Seconds of a clock that is never set, where there is one. */
  readonly steady?: (() => number) | undefined
  /**
   * How many requests with an unknown `kid` may join one fetch. Where a guard works on a limited number of requests, they
   * must not take up all of its places while the OP is slow. Default: no limit.
   */
  readonly maxJoining?: number
  /**
   * Called for each fetch that failed, once for all the requests that needed it; and for unknown keys, once in 30
   * seconds.
   */
  readonly onError: (error: unknown) => void
}

/** For how many seconds keys are good. */
const lifetime = 600
/** Seconds between two fetches because of an unknown `kid`, so that no client can make us flood the OP. */
const cooldown = 30
/** Seconds between two fetches while there are no keys at all. */
const pause = 1

type FindKey = ReturnType<typeof createLocalJWKSet>
/** A key that verifies signatures. */
export type Key = Awaited<ReturnType<FindKey>>

interface FetchedKeys {
  readonly find: FindKey
  readonly isKeyFor: IsKeyFor
}

/** The keys that one fetch has brought. */
export interface KeySet extends FetchedKeys {
  /** When the fetch began, by `now`, so that the keys never seem newer than they are. */
  readonly askedAt: number
  /** The number of the fetch that brought it. */
  readonly turn: number
  /** The keys that have been found already, by `alg` and `kid`, so that they need not be searched for again. */
  readonly found: Map<string, Key>
}

/** The OP's keys, and when to fetch them. Requests that come together share one fetch. */
export interface KeySource {
  /** The keys at hand, unless it is time to renew them. */
  readonly fresh: () => KeySet | undefined
  /** The fresh keys, fetched if there are none; or the old ones, while `jwksGrace` allows it. @throws {Refusal} 503 */
  readonly usable: () => Promise<KeySet>
  /**
   * Fetches keys because those at hand lack a `kid`. This may join a fetch that is under way.
   *
   * @throws {Refusal} 503 within the cool-down, when too many wait already, or when the fetch fails
   */
  readonly newer: () => Promise<KeySet>
  /** How many fetches have begun. */
  readonly turn: () => number
  /** Why the last fetch failed. */
  readonly failure: () => unknown
}

/** Makes the source of an OP's keys. It fetches nothing before it is asked. */
export function createKeySource(options: ProviderKeysOptions): KeySource {
  const { jwksGrace, maxJoining = Number.POSITIVE_INFINITY, now, onError } = options
  const joinGate = createGate(maxJoining)
  let current: KeySet | undefined
  let pending: Promise<KeySet> | undefined
  let turn = 0
  const isSetBack = createStepWatch(options.steady)
  let isAgeKnown = true
  let failedAt = Number.NEGATIVE_INFINITY
  let failure: unknown
  let missedAt = Number.NEGATIVE_INFINITY

  const youngerThan = (seconds: number): KeySet | undefined =>
    current && now() < current.askedAt + seconds ? current : undefined
  function fresh(): KeySet | undefined {
    if (isSetBack(now())) isAgeKnown = false
    return isAgeKnown ? youngerThan(lifetime) : undefined
  }
  const outlived = (): KeySet | undefined => youngerThan(lifetime + jwksGrace)

  async function renew(turn: number): Promise<KeySet> {
    const askedAt = now()
    try {
      current = { ...(await fetchKeys(options)), askedAt, turn, found: new Map() }
      isAgeKnown = true
      return current
    } catch (error) {
      failedAt = now()
      failure = error
      onError(error)
      // Without a cause, so that each request that waits for it does not report it again.
      throw unavailable(undefined)
    }
  }

  function load(): Promise<KeySet> {
    pending ??= renew(++turn).finally(() => {
      pending = undefined
    })
    return pending
  }

  return {
    fresh,
    turn: () => turn,
    failure: () => failure,
    async usable() {
      const keys = fresh()
      if (keys) return keys
      const old = outlived()
      // Otherwise every request during an outage would wait for the OP again.
      if (isWithin(old ? cooldown : pause, failedAt, now())) {
        if (old) return old
        throw unavailable(undefined)
      }
      return load().catch(error => old ?? Promise.reject(error))
    },
    async newer() {
      if (pending) return joinGate(load)
      const time = now()
      if (isWithin(cooldown, missedAt, time)) throw unknownKey(missedAt + cooldown - time)
      missedAt = time
      return load()
    },
  }
}

/** The 503 for a token whose key is not among the OP's. @param wait seconds until the OP may be asked again */
export function unknownKey(wait: number = cooldown): Refusal {
  const problem = 'A token names a key that the OP did not publish when it was last asked'
  return unavailable(new Error(problem), wait)
}

/** Fetches the key set from where the options, or else discovery, say that it is. */
async function fetchKeys(options: ProviderKeysOptions): Promise<FetchedKeys> {
  const { issuer, jwksUri } = options
  // Discovery is asked each time, because the OP may publish new keys elsewhere while the old place still answers.
  const url = jwksUri ?? (await discover(options, 'jwks_uri', options))
  const keySet = (await fetchJson(options, url)) as Parameters<typeof createLocalJWKSet>[0]
  return { find: createLocalJWKSet(keySet), isKeyFor: readKeyScopes(keySet, issuer) }
}
