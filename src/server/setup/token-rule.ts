import { answerOf, type ReportRule } from './rule.ts'

/** Judges the claims and the header of a JWT that the OP signed. */
export type TokenRule = (claims: Claims, header: Claims) => boolean

type Claims = Readonly<Record<string, unknown>>

/** Only `true` counts. A rule that throws says no, and is no news: the claims may be of any token of the OP. */
export function createTokenRule(rule: TokenRule, report: ReportRule): TokenRule {
  return (claims, header) => {
    try {
      return answerOf(rule(claims, { ...header }), report) === true
    } catch {
      return false
    }
  }
}
