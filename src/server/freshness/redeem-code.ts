import type { CodeProof } from '../../core/wire.ts'
import { isSameText } from '../crypto/mac.ts'
import { missing, problem } from '../http/problem.ts'
import { denied } from '../http/refusal.ts'
import { grantsDetails } from '../step-up-client/details.ts'
import type { RedeemedCode } from '../step-up-client/step-up-client.ts'
import type { OpenChallenge } from './challenge-in-request.ts'
import { stepUpOf } from './push.ts'
import { stateOf, verifierOf } from './pushed-secrets.ts'
import type { GuardSetup } from './setup.ts'

/**
 * Redeems the code that answers a pushed request. Nothing is asked of the OP before it is clear that the response belongs
 * to this challenge. The tokens for APIs that come along are dropped, and not revoked: the scope is `openid` alone.
 *
 * @param confirm verifies the browser's binding, right before the OP is asked
 * @throws {Refusal} 403 `nonce_mismatch` for the `state` of another challenge, `invalid_token` for an `iss` or a code that
 * does not hold; 503
 * @see RFC 6749 §4.1.3, §10.12; RFC 7636 §4.5; RFC 9207 §2.4
 */
export async function redeemCode(
  guard: GuardSetup,
  { derive }: OpenChallenge,
  { code, state, iss }: CodeProof,
  confirm: () => Promise<void>,
): Promise<RedeemedCode> {
  const client = stepUpOf(guard)
  if (!(await isSameText(state, await stateOf(derive))))
    throw denied('nonce_mismatch', problem('state', 'is not that of the request that answers this challenge'))
  if (iss !== undefined && !guard.issuers.includes(iss))
    throw denied('invalid_token', problem('iss', 'of the authorization response is another issuer', iss))
  if (iss === undefined && (await client.sendsIssuer()))
    throw denied('invalid_token', missing('iss', ' in the authorization response (RFC 9207)'))
  await confirm()
  return client.redeem(code, await verifierOf(derive))
}

/**
 * Checks that the OP has granted what the challenge asked for.
 *
 * @returns whether there was anything to grant
 * @throws {Refusal} 403 `authorization_details_mismatch`, also where the policy came to ask for them after the challenge
 */
export function checkDetails({ claims, policy }: OpenChallenge, granted: unknown): boolean {
  const { authorization_details: asked } = claims
  if (asked === undefined && !policy.authorizationDetails) return false
  if (asked !== undefined && grantsDetails(asked, granted)) return true
  throw denied(
    'authorization_details_mismatch',
    problem('authorization_details', 'of the token response are not those that were asked for'),
  )
}
