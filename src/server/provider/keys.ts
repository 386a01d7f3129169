import { type CompactVerifyGetKey, errors, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose'
import { problem } from '../http/problem.ts'
import { denied, unavailable } from '../http/refusal.ts'
import { createKeySource, type Key, type KeySet, type ProviderKeysOptions, unknownKey } from './key-source.ts'
import { createReportFew } from './report-few.ts'

export type { ProviderKeysOptions } from './key-source.ts'

/** The OP's signing keys. */
export interface ProviderKeys {
  /**
   * The key for a token, for jose's functions that verify. It throws a 503 `Refusal` while the keys cannot be fetched,
   * and a final `invalid_token` only once a fetch later than the token has shown that the OP has no such key.
   */
  readonly find: CompactVerifyGetKey
  /**
   * Fetches the keys unless there are fresh ones. It joins a fetch that is under way, and starts none within a second
   * of one that failed (30 seconds while old keys are still in use). When it resolves, the OP has answered within the
   * last 600 seconds, unless old keys are still in use.
   *
   * @throws {Error} why no keys can be fetched
   */
  readonly load: () => Promise<void>
}

/**
 * Finds the OP's signing key for a token by the token's `alg` and `kid` alone: keys come from the configured
 * issuer and nowhere else, so a header's `jku`, `x5u` or `jwk` is never looked at. Keys are kept for ten minutes, and
 * for `jwksGrace` more while they cannot be renewed. Requests that come together share one fetch.
 *
 * @see OpenID Connect Core 1.0 §10.1.1 (rotation)
 */
export function createProviderKeys(options: ProviderKeysOptions): ProviderKeys {
  const source = createKeySource(options)
  const reportFew = createReportFew(options)

  async function search(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<Key> {
    const begun = source.turn()
    const keys = await source.usable()
    const known = await findIn(keys, header, begun)
    if (known) return checkScope(keys, known, header, token)
    const newer = await source.newer()
    const added = await findIn(newer, header, begun)
    if (added) return checkScope(newer, added, header, token)
    throw unknownKey()
  }

  return {
    find(header, token) {
      const keys = source.fresh()
      const key = keys?.found.get(nameOf(header))
      return keys && key ? checkScope(keys, key, header, token) : reportFew(search(header, token))
    },
    async load() {
      try {
        await source.usable()
      } catch (error) {
        throw source.failure() ?? error
      }
    },
  }
}

/** Gives the key, if it is one of the token's issuer. @throws {Refusal} `invalid_token` */
function checkScope(
  keys: KeySet,
  key: Key,
  { kid }: JWSHeaderParameters,
  { payload }: FlattenedJWSInput,
): Key {
  if (typeof payload === 'string' && keys.isKeyFor(kid, payload)) return key
  throw denied('invalid_token', problem('the key', 'is of another issuer than the token'))
}

/**
 * The key, or undefined where a later fetch may bring it.
 *
 * @param begun how many fetches had begun when the token came
 */
async function findIn(keys: KeySet, header: JWSHeaderParameters, begun: number): Promise<Key | undefined> {
  try {
    const key = await keys.find(header)
    keys.found.set(nameOf(header), key)
    return key
  } catch (error) {
    // Several keys would fit, and the token names none, as it must (OpenID Connect Core 1.0 §10.1).
    if (error instanceof errors.JWKSMultipleMatchingKeys)
      throw denied('invalid_token', problem('kid', 'is missing, and several keys would fit'))
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw unavailable(error)
    // A fetch that began before the token came may have missed its key.
    if (keys.turn > begun) throw denied('invalid_token', problem('kid', 'is of no key that the OP publishes'))
    return undefined
  }
}

const nameOf = ({ alg, kid }: JWSHeaderParameters): string => `${alg} ${kid}`
