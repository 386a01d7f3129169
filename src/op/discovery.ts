import { isRecord } from '../core/claims.ts'
import type { ExpectedProvider } from '../core/judge-provider.ts'
import type { Clock } from '../core/tokens.ts'
import { type GuardedStorage, readValue, writeValue } from './guarded-storage.ts'
import { type ProviderMetadata, readMetadata } from './metadata.ts'

/** Seconds that a tab uses a discovery document before it asks again. */
const lifetime = 3600

/**
 * The OP's discovery document: from this tab's sessionStorage (it holds no secret, and a reload saves a round
 * trip), else from the OP. Both are checked. A stored document that fails is asked for anew.
 *
 * @throws {ConfigurationError} when the OP's document cannot be used: see `readMetadata`
 * @see OpenID Connect Discovery 1.0 §4.3
 */
export async function discover(
  expected: ExpectedProvider,
  load: () => Promise<object>,
  now: Clock,
  tabStorage: GuardedStorage,
): Promise<ProviderMetadata> {
  const key = keyFor(expected)
  const kept = readKept(readValue(tabStorage, key), expected, now())
  if (kept) return kept
  const metadata = readMetadata({ ...(await load()) }, expected)
  writeValue(tabStorage, key, { at: now(), metadata })
  return metadata
}

/** Two documents of one issuer may be in different places, such as those of an Entra app for one and for many tenants. */
function keyFor({ issuer, metadataUrl }: ExpectedProvider): string {
  const place = metadataUrl === undefined ? '' : ` ${metadataUrl}`
  return `afresh:metadata:${issuer}${place}`
}

function readKept(kept: unknown, expected: ExpectedProvider, now: number): ProviderMetadata | null {
  if (!isRecord(kept) || !isRecord(kept.metadata)) return null
  if (!(Math.abs(now - Number(kept.at)) < lifetime)) return null
  try {
    return readMetadata(kept.metadata, expected)
  } catch {
    return null
  }
}
