import {
  answeredByApp,
  embedderPolicyOfOp,
  keptFromFrames,
  refusedWith,
  scriptsBlocked,
  sentAs,
  withoutEmbedderPolicy,
} from './answer-findings.ts'
import type { Finding } from './findings.ts'
import { framingRefusal, hasEmbedderPolicy, scriptRefusal } from './page-policies.ts'
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
 * @returns null when the page is as it should be
 */
export function readCallbackAnswer(
  { status, headers, text }: PageAnswer,
  own: PageAnswer | null,
  around: Surroundings,
): Finding | null {
  if (status >= 400) return refusedWith(status, around)
  const type = headers.get('Content-Type') ?? 'text/html'
  if (!/html/i.test(type)) return sentAs(type, around)
  if (own && isSamePage(text, own.text)) return answeredByApp(around)
  const hasRule = around.isIsolated || (own !== null && hasEmbedderPolicy(own.headers))
  if (hasRule && !hasEmbedderPolicy(headers)) return withoutEmbedderPolicy(around)
  const framing = framingRefusal(headers, around.ancestors)
  const [, ...others] = around.ancestors
  if (framing !== null) return keptFromFrames(framing, others, around)
  const scripts = scriptRefusal(headers)
  if (scripts !== null) return scriptsBlocked(scripts, around)
  return hasRule ? embedderPolicyOfOp() : null
}

/** Two answers with one page differ in the nonces of their Content-Security-Policy. */
function isSamePage(one: string, other: string): boolean {
  const withoutNonces = (html: string): string =>
    html.replace(/\snonce=("[^"]*"|'[^']*'|[^\s>]*)/gi, '').trim()
  return one !== '' && withoutNonces(one) === withoutNonces(other)
}
