import type { RefusalCode } from './errors.ts'

/**
 * What can mend a refusal of the guard: `login`, a newer login of the same person; `stronger_login`, one by other means;
 * `nothing`, no login that answers this challenge.
 */
export type Mend = 'login' | 'stronger_login' | 'nothing'

const mends: Readonly<Record<RefusalCode, Mend>> = {
  stale: 'login',
  acr_unmet: 'stronger_login',
  amr_unmet: 'stronger_login',
  subject_mismatch: 'nothing',
  federated: 'nothing',
  nonce_mismatch: 'nothing',
  binding_mismatch: 'nothing',
  auth_time_missing: 'nothing',
  auth_time_in_future: 'nothing',
  clock_skew: 'nothing',
  challenge_expired: 'nothing',
  already_used: 'nothing',
  invalid_token: 'nothing',
  not_pushed: 'nothing',
  authorization_details_mismatch: 'nothing',
}

/** What can mend a refusal with this code. Nothing is known to mend one that this version does not know. */
export function mendOf(code: string): Mend {
  return isRefusalCode(code) ? mends[code] : 'nothing'
}

/** Whether this is a refusal that this version knows: a newer guard may have others. */
function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(mends, code)
}
