import type { ProviderProfile } from '../../core/provider-profile.ts'
import { missing, type Problem, problem } from '../http/problem.ts'
import { isText } from './need.ts'
import { answerOf, type ReportRule } from './rule.ts'

type Claims = Readonly<Record<string, unknown>>

/** Which of the OP's tokens the claims are of. */
export type TokenKind = 'id_token' | 'access_token'

/** How a guard tells from claims who the person is. */
export interface Subjects {
  /** The person's name; null when the rule throws, or gives no text. A promise is reported too. */
  readonly of: (claims: Claims, token: TokenKind) => string | null
  /** What to say where there is no name. */
  readonly problem: Problem
}

/** Makes the rule that names people. @param rule the option, or the profile's. Default: `sub` */
export function createSubjects(rule: ProviderProfile['subjectOf'], report: ReportRule): Subjects {
  return {
    of(claims, token) {
      try {
        const subject = rule ? answerOf(rule(claims, token), report) : claims.sub
        return isText(subject) ? subject : null
      } catch {
        // The claims come from outside, so a rule may find what it did not expect. A client could fill the log with that.
        return null
      }
    },
    problem: rule ? problem('subjectOf', 'gives no text for these claims') : missing('sub'),
  }
}
