import { isRecord } from '../core/claims.ts'
import type { Clock } from '../core/tokens.ts'
import { tabStorage } from './guarded-storage.ts'
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
  issuer: string,
  load: () => Promise<object>,
  now: Clock,
): Promise<ProviderMetadata> {
  const key = `afresh:metadata:${issuer}`
  const kept = readKept(tabStorage.read<unknown>(key), issuer, now())
  if (kept) return kept
  const metadata = readMetadata({ ...(await load()) }, issuer)
  tabStorage.write(key, { at: now(), metadata })
  return metadata
}

/** @see OpenID Connect Discovery 1.0 §4 */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

function readKept(kept: unknown, issuer: string, now: number): ProviderMetadata | null {
  if (!isRecord(kept) || !isRecord(kept.metadata)) return null
  if (!(Math.abs(now - Number(kept.at)) < lifetime)) return null
  try {
    return readMetadata(kept.metadata, issuer)
  } catch {
    return null
  }
}
