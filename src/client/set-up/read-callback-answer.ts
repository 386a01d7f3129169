import {
  answeredByApp,
  embedderPolicyOfOp,
  keptFromFrames,
  refusedWith,
  scriptsBlocked,
  sentAs,
  withoutEmbedderPolicy,
  withoutScript,
} from './answer-findings.ts'
import type { Finding } from './findings.ts'
import { framingRefusal, hasEmbedderPolicy, scriptRefusal } from './page-policies.ts'
import { scriptsIn } from './page-scripts.ts'
import type { Surroundings } from './surroundings.ts'

/** What a page answered to a request. */
export interface PageAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * Looks for what keeps the callback page from giving an answer in a hidden frame. The first that is found counts: an app
 * that answers instead of that page comes with the app's headers. Whether its script can be loaded, and does what it
 * should, is *not* checked.
 *
 * @param own what this page itself is sent as; null where that is not known
 * @param beside where such a page is instead, or null
 * @returns null when the page is as it should be
 */
export function readCallbackAnswer(
  answer: PageAnswer,
  own: PageAnswer | null,
  around: Surroundings,
  beside: string | null = null,
): Finding | null {
  const { status, headers, text } = answer
  if (status >= 400) return refusedWith(status, around, beside)
  if (!isHtml(answer)) return sentAs(headers.get('Content-Type') ?? '', around)
  if (own && isSamePage(text, own.text)) return answeredByApp(around, beside)
  const hasRule = around.isIsolated || (own !== null && hasEmbedderPolicy(own.headers))
  if (hasRule && !hasEmbedderPolicy(headers)) return withoutEmbedderPolicy(around)
  const framing = framingRefusal(headers, around.ancestors)
  const [, ...others] = around.ancestors
  if (framing !== null) return keptFromFrames(framing, others, around)
  const scripts = scriptRefusal(headers, text, around.ancestors[0] + around.callbackPath)
  if (scripts !== null) return scriptsBlocked(scripts, around)
  if (scriptsIn(text).length === 0) return withoutScript(around)
  return hasRule ? embedderPolicyOfOp() : null
}

/** Whether this may be a callback page: a page with a script that is not the app. */
export function mayBeCallbackPage(answer: PageAnswer, own: PageAnswer): boolean {
  const { status, text } = answer
  return status < 400 && isHtml(answer) && scriptsIn(text).length > 0 && !isSamePage(text, own.text)
}

function isHtml({ headers }: PageAnswer): boolean {
  return /html/i.test(headers.get('Content-Type') ?? 'text/html')
}

/** Two answers with one page differ in the nonces of their Content-Security-Policy. */
function isSamePage(one: string, other: string): boolean {
  const withoutNonces = (html: string): string =>
    html.replace(/\snonce=("[^"]*"|'[^']*'|[^\s>]*)/gi, '').trim()
  return one !== '' && withoutNonces(one) === withoutNonces(other)
}
