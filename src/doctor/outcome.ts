import type { IdTokenClaims } from '../core/claims.ts'
import { evaluateFreshness } from '../core/freshness.ts'
import { clockSkew } from './id-token.ts'
import type { Finding } from './report.ts'
import type { StepName } from './steps.ts'

/** What came of one visit to the OP. */
export type Outcome =
  | {
      readonly type: 'claims'
      readonly claims: IdTokenClaims
      /** Epoch seconds by the OP's clock: only a login made in this visit is later. 0 for the first visit. */
      readonly before: number
      /** Whether the response had an `iss` (RFC 9207). */
      readonly namesIssuer: boolean
      /** The seconds that `iat` was behind this machine's clock. Default: 0. */
      readonly lag?: number
      /** Whether the person says that the provider asked nothing. Default: false. */
      readonly askedNothing?: boolean
    }
  /** The OP answered with an error. */
  | { readonly type: 'error'; readonly error: string; readonly description?: string }
  /** We refused the OP's answer. */
  | { readonly type: 'refused'; readonly why: string }
  | { readonly type: 'no_answer' }

/** What came of each visit so far. */
export type Outcomes = Readonly<Partial<Record<StepName, Outcome>>>

/** What came of a refresh token. */
export type Refreshed =
  | { readonly type: 'none' }
  | { readonly type: 'refused'; readonly why: string }
  /** `claims` is null when no ID Token came. */
  | { readonly type: 'refreshed'; readonly old: IdTokenClaims; readonly claims: IdTokenClaims | null }

/** The errors that say: the OP has to ask the person. @see OpenID Connect Core 1.0 §3.1.2.6 */
export const mustAsk = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]

/** The steps that ask the person nothing. */
export const silentSteps: readonly StepName[] = ['top-level', 'iframe']

/** The finding that a step's outcome gives; undefined while there is no outcome. */
export function stepFinding(check: StepName, outcomes: Outcomes): Finding | undefined {
  const outcome = outcomes[check]
  if (outcome === undefined) return undefined
  const isFirst = check === 'sign-in'
  const finding = (level: Finding['level'], text: string): Finding => ({ check, level, text })
  if (outcome.type !== 'claims') return finding(isFirst ? 'fail' : 'risk', failure(check, outcome, outcomes))
  const trouble = troubleWith(outcome)
  if (isFirst) {
    const time = trouble ?? 'it says when the person signed in'
    return finding('good', `The ID Token is valid; ${time}.`)
  }
  const isSilent = silentSteps.includes(check)
  const first = outcomes['sign-in']
  if (first?.type === 'claims' && first.claims.sub !== outcome.claims.sub)
    return isSilent
      ? finding('risk', 'The answer is about another person than the one who signed in.')
      : finding('unknown', 'Another person signed in, so this step shows nothing.')
  const wasNotAsked = isSilent || outcome.askedNothing === true
  if (trouble === null && wasNotAsked)
    return finding('risk', 'auth_time moves although the person is not asked, so it proves nothing.')
  if (isSilent) return finding('good', 'The answer is about the same person, who is not asked.')
  return trouble === null
    ? finding('good', 'auth_time moves.')
    : finding('risk', `The provider answers, but ${trouble}.`)
}

/** Why the claims do not show that the login was made in this visit; null when they do. */
export function troubleWith({ claims, before, lag }: Outcome & { type: 'claims' }): string | null {
  if (claims.auth_time === 0) return 'auth_time is 0, which is 1970'
  switch (evaluateFreshness(claims, { baseline: before }, claims.iat + iatLag(lag), clockSkew)) {
    case null:
      return null
    case 'auth_time_missing':
      return 'it does not say when the person signed in (no auth_time)'
    case 'auth_time_in_future':
      return 'auth_time is in the future (in milliseconds?)'
    case 'stale':
      return 'auth_time does not move'
    default:
      return 'auth_time is not a whole number of seconds'
  }
}

/**
 * Seconds by which the OP dates `iat` back, as Entra does; 0 where that may be the clocks' difference or the time that the
 * answer took.
 */
export function iatLag(lag = 0): number {
  return lag > 120 ? lag : 0
}

function failure(check: StepName, outcome: Exclude<Outcome, { type: 'claims' }>, outcomes: Outcomes): string {
  if (outcome.type === 'refused') return `The answer cannot be used: ${outcome.why}.`
  if (outcome.type === 'error') {
    const { error, description } = outcome
    const said = description === undefined ? error : `${error} (${description})`
    const isBlind = check === 'iframe' && mustAsk.includes(error) && outcomes['top-level']?.type === 'claims'
    return isBlind
      ? `The provider answers ${said} in the frame, but not in a window: its cookies do not reach a frame on this site.`
      : `The provider answers ${said}.`
  }
  return check === 'iframe'
    ? 'There is no answer: the provider refuses to be framed, or shows a page there.'
    : 'There is no answer.'
}
