import { denied } from '../http/refusal.ts'
import type { GuardSetup } from './setup.ts'

/**
 * The person that an ID Token's claims name, as challenges and grants name them. The claims need not be verified.
 *
 * @throws {Refusal} 403 `invalid_token` when they name none
 */
export function subjectIn(
  { subjects }: Pick<GuardSetup, 'subjects'>,
  claims: Readonly<Record<string, unknown>>,
): string {
  const subject = subjects.of(claims, 'id_token')
  if (subject === null) throw denied('invalid_token', subjects.problem)
  return subject
}
