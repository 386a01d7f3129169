import { readableText } from '../../core/readable-text.ts'

/** Why a token or a request is refused, in words. */
export interface Problem {
  /**
   * For the client: names the claim or the option. It quotes one thing only, an audience that is not trusted, because the
   * developer has to write it into `trustedAudiences`.
   */
  readonly rule: string
  /** For the backend's log: the same, with the claim's value as far as it can be shown; never the token itself. */
  readonly detail: string
}

/**
 * Says which claim, or what else of a token, breaks a rule.
 *
 * @param subject the claim's name
 * @param rule what it does wrong, in the characters of RFC 6750 §3: no quotes, no backslashes
 * @param found the claim's value. It is text from outside, so it is shortened, and what may be a secret is masked
 */
export function problem(subject: string, rule: string, found?: unknown): Problem {
  const value = found === undefined ? '' : ` ${readableText(JSON.stringify(found) ?? typeof found)}`
  return { rule: `${subject} ${rule}`, detail: `${subject}${value} ${rule}` }
}

/** The same for a rule that is about no claim. */
export function plainProblem(rule: string): Problem {
  return { rule, detail: rule }
}

/** The same for a claim that a token must have. */
export function missing(claim: string, hint = ''): Problem {
  return problem(claim, `is missing${hint}`)
}
