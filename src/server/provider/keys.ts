import { type CompactVerifyGetKey, createLocalJWKSet, errors, type JWSHeaderParameters } from 'jose'
import { asRefusal, denied, unavailable } from '../http/refusal.ts'
import { discover, fetchJson } from './discovery.ts'

export interface ProviderKeysOptions {
  readonly issuer: string
  readonly jwksUri: string | undefined
  /** Seconds that keys outlive their time while the OP cannot be reached. */
  readonly jwksGrace: number
  readonly fetch: typeof fetch
  /** Epoch seconds. */
  readonly now: () => number
  /** Told when keys could not be renewed and the old ones go on. */
  readonly onError: (error: unknown) => void
}

/** Seconds that keys are good for. */
const lifetime = 600
/** Seconds between two fetches on account of an unknown `kid`, so that nobody can make us flood the OP. */
const cooldown = 30
/** Seconds between two fetches while there are no keys at all. */
const pause = 1

type FindKey = ReturnType<typeof createLocalJWKSet>
type Key = Awaited<ReturnType<FindKey>>

interface KeySet {
  readonly find: FindKey
  readonly fetchedAt: number
  /** Which fetch it came with. */
  readonly turn: number
  /** Those already found, by `alg` and `kid`, so that they need not be searched for again. */
  readonly found: Map<string, Key>
}

/**
 * Finds the OP's signing key for a token by the token's `alg` and `kid` alone: keys come from the configured
 * issuer and nowhere else, so a header's `jku`, `x5u` or `jwk` is never looked at. Keys are kept for ten minutes, and
 * for `jwksGrace` more while they cannot be renewed. Requests that come together share one fetch.
 *
 * The key function throws a 503 while the keys cannot be had, and a final `invalid_token` only once a fetch
 * later than the token has shown that the OP has no such key.
 *
 * @see OpenID Connect Core 1.0 §10.1.1 (rotation)
 */
export function createProviderKeys(options: ProviderKeysOptions): CompactVerifyGetKey {
  const { issuer, jwksUri, jwksGrace, fetch, now, onError } = options
  let url: string | URL | undefined
  let current: KeySet | undefined
  let pending: Promise<KeySet> | undefined
  let turn = 0
  let failure: { readonly error: unknown; readonly at: number } | undefined
  let missedAt = Number.NEGATIVE_INFINITY

  async function fetchKeys(turn: number): Promise<KeySet> {
    try {
      url ??= jwksUri ?? (await discover(issuer, 'jwks_uri', fetch))
      const keys = (await fetchJson(fetch, url)) as Parameters<typeof createLocalJWKSet>[0]
      current = { find: createLocalJWKSet(keys), fetchedAt: now(), turn, found: new Map() }
      return current
    } catch (error) {
      // The OP may publish them elsewhere now.
      url = undefined
      failure = { error, at: now() }
      if (outlived()) onError(error)
      throw error
    }
  }

  function load(): Promise<KeySet> {
    pending ??= fetchKeys(++turn).finally(() => {
      pending = undefined
    })
    return pending
  }

  function outlived(): KeySet | undefined {
    return current && now() < current.fetchedAt + lifetime + jwksGrace ? current : undefined
  }

  function fresh(): KeySet | undefined {
    return current && now() < current.fetchedAt + lifetime ? current : undefined
  }

  async function usableKeys(): Promise<KeySet> {
    const keys = fresh()
    if (keys) return keys
    const old = outlived()
    // Else every request of an outage would wait for the OP again.
    if (failure && now() < failure.at + (old ? cooldown : pause)) {
      if (old) return old
      throw failure.error
    }
    return load().catch(error => old ?? Promise.reject(error))
  }

  async function newerKeys(): Promise<KeySet> {
    if (!pending) {
      const wait = missedAt + cooldown - now()
      if (wait > 0) throw unavailable(new errors.JWKSNoMatchingKey(), wait)
      missedAt = now()
    }
    return load()
  }

  async function search(header: JWSHeaderParameters): Promise<Key> {
    const begun = turn
    const find = async (keys: KeySet): Promise<Key | undefined> => {
      try {
        const key = await keys.find(header)
        keys.found.set(nameOf(header), key)
        return key
      } catch (error) {
        // Several keys would do, and the token names none: it must (OpenID Connect Core 1.0 §10.1).
        if (error instanceof errors.JWKSMultipleMatchingKeys) throw denied('invalid_token')
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw unavailable(error)
        // A fetch that began before the token came may have missed its key.
        if (keys.turn > begun) throw denied('invalid_token')
        return undefined
      }
    }
    const keys = await usableKeys().catch(failAs503)
    const key = (await find(keys)) ?? (await find(await newerKeys().catch(failAs503)))
    if (!key) throw unavailable(new errors.JWKSNoMatchingKey(), cooldown)
    return key
  }

  return header => fresh()?.found.get(nameOf(header)) ?? search(header)
}

const nameOf = ({ alg, kid }: JWSHeaderParameters): string => `${alg} ${kid}`

function failAs503(error: unknown): never {
  throw asRefusal(error)
}
