import type { RefusalCode } from './errors.ts'

/**
 * What can mend a refusal of the guard: `login`, a newer login of the same person; `stronger_login`, one by other means;
 * `nothing`, no login that answers this challenge.
 */
export const mendedBy: Readonly<Record<RefusalCode, 'login' | 'stronger_login' | 'nothing'>> = {
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
}

/** Whether this is a refusal that this version knows: a newer guard may have others. */
export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(mendedBy, code)
}
