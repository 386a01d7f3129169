import { sha256 } from '../crypto/hash.ts'
import type { ActionPolicy } from './policy.ts'

/**
 * A digest of what a policy asks of a login, so that a grant that was given under another policy is refused. A function
 * counts only as present or absent.
 */
export function policyDigest(policy: ActionPolicy): Promise<string> {
  const { maxAge, reauthenticate, acrValues, amr, context, localIdp, authorizationDetails } = policy
  const login = [maxAge, reauthenticate === true, acrValues, amr, context ?? 'optional', !!localIdp]
  // Only where it is there, so that the digests of other policies stay what they were.
  return sha256(JSON.stringify(authorizationDetails ? [...login, true] : login))
}
