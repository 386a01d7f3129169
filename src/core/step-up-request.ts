import type { Account } from './account.ts'
import { defined } from './defined.ts'
import type { AuthorizationRequest } from './ports.ts'
import type { ProviderProfile } from './provider-profile.ts'
import type { ChallengedAnswer } from './wire.ts'

// Instead of the zero that OPs differ on. It only makes the OP report auth_time: prompt=login makes it ask, and
// the backend decides. Long enough for a second factor or a consent page between the login and the answer.
const positiveMaxAge = 60

/**
 * What a backend's challenge asks of the OP, in the words this OP understands.
 * Hints name the same person but pin nobody: only the `sub` that comes back counts.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1 (`prompt`, `max_age`, `acr_values`, `login_hint`)
 */
export function stepUpRequest(
  challenge: ChallengedAnswer,
  account: Account,
  profile: ProviderProfile,
): AuthorizationRequest {
  const { nonce, max_age: maxAge, acr_values: acrValues } = challenge
  const zeroUnsafe = maxAge === 0 && !profile.maxAgeZero
  const prompt = challenge.prompt ?? (zeroUnsafe ? 'login' : undefined)
  const loginHint = profile.dropHintsOnStepUp ? undefined : (account.username ?? account.email)
  return defined({
    nonce,
    prompt,
    maxAge: zeroUnsafe ? positiveMaxAge : maxAge,
    acrValues: acrValues?.split(' '),
    loginHint,
  })
}
