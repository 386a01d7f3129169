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
      /** Epoch seconds by the OP's clock: only a login made in this visit is later. 0 at the first. */
      readonly before: number
      /** RFC 9207. */
      readonly namesIssuer: boolean
      /** Whether the person says that it came back by itself. Default: false. */
      readonly nobodyAsked?: boolean
    }
  /** The OP's own. */
  | { readonly type: 'error'; readonly error: string; readonly description?: string }
  /** By us. */
  | { readonly type: 'refused'; readonly why: string }
  | { readonly type: 'no_answer' }

export type Outcomes = Readonly<Partial<Record<StepName, Outcome>>>

/** What came of a refresh token. */
export type Refreshed =
  | { readonly type: 'none' }
  | { readonly type: 'refused'; readonly why: string }
  /** Without claims where no ID Token came. */
  | { readonly type: 'refreshed'; readonly old: IdTokenClaims; readonly claims: IdTokenClaims | null }

/** @see OpenID Connect Core 1.0 §3.1.2.6 */
export const mustAsk = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]

export const silentSteps: readonly StepName[] = ['top-level', 'iframe']

/** What one step's outcome says; nothing while there is none. */
export function stepFinding(check: StepName, outcomes: Outcomes): Finding | undefined {
  const outcome = outcomes[check]
  if (outcome === undefined) return undefined
  const isFirst = check === 'sign-in'
  const finding = (level: Finding['level'], text: string): Finding => ({ check, level, text })
  if (outcome.type !== 'claims') return finding(isFirst ? 'fail' : 'risk', failure(check, outcome, outcomes))
  const trouble = troubleWith(outcome)
  if (isFirst) {
    const time = trouble ?? 'it says when the person signed in'
    return finding('good', `It comes back with a sound ID Token; ${time}.`)
  }
  const isSilent = silentSteps.includes(check)
  const first = outcomes['sign-in']
  if (first?.type === 'claims' && first.claims.sub !== outcome.claims.sub)
    return isSilent
      ? finding('risk', 'It answers for somebody else than who signed in.')
      : finding('unknown', 'Somebody else signed in, so it says nothing.')
  const isNobodyAsked = isSilent || outcome.nobodyAsked === true
  if (trouble === null && isNobodyAsked)
    return finding('risk', 'auth_time moves although nobody is asked, so it proves nothing.')
  if (isSilent) return finding('good', 'It answers for the same person, and asks nobody.')
  return trouble === null
    ? finding('good', 'auth_time moves.')
    : finding('risk', `It comes back, but ${trouble}.`)
}

/** Why a login is not shown to have been made in this visit, or null. */
export function troubleWith({ claims, before }: Outcome & { type: 'claims' }): string | null {
  if (claims.auth_time === 0) return 'auth_time is 0, which is 1970'
  switch (evaluateFreshness(claims, { baseline: before }, claims.iat, clockSkew)) {
    case null:
      return null
    case 'auth_time_missing':
      return 'it does not say when the person signed in (no auth_time)'
    case 'auth_time_in_future':
      return 'auth_time is in the future (in milliseconds?)'
    case 'stale':
      return 'auth_time does not move'
    default:
      return 'auth_time is no number of whole seconds'
  }
}

function failure(check: StepName, outcome: Exclude<Outcome, { type: 'claims' }>, outcomes: Outcomes): string {
  if (outcome.type === 'refused') return `What it comes back with cannot be used: ${outcome.why}.`
  if (outcome.type === 'error') {
    const { error, description } = outcome
    const said = description === undefined ? error : `${error} (${description})`
    const isBlind = check === 'iframe' && mustAsk.includes(error) && outcomes['top-level']?.type === 'claims'
    return isBlind
      ? `It comes back with ${said}, and with an answer where it is seen: its cookies do not reach a frame of this site.`
      : `It comes back with ${said}.`
  }
  return check === 'iframe'
    ? 'No answer: it refuses to be framed, or shows a page there.'
    : 'It does not come back.'
}
