import { silentOp } from './answer-findings.ts'
import type { Finding } from './findings.ts'
import { type PageAnswer, readCallbackAnswer } from './read-callback-answer.ts'
import { surroundings } from './surroundings.ts'

/** Milliseconds that one page may take. */
const timeLimit = 3000

/**
 * Asks for the callback page as a hidden frame would get it, and for this page itself to compare. It never rejects.
 *
 * @returns why there may be no answer in a frame; null when the callback page could not be asked for
 */
export async function probeCallbackPage(callbackUrl: string): Promise<Finding | null> {
  const own = location.origin + location.pathname
  const [answer, page] = await Promise.all([callbackUrl, own].map(ask))
  if (!answer) return null
  const isKnown = page !== null && page !== undefined && page.status < 400
  return readCallbackAnswer(answer, isKnown ? page : null, surroundings(callbackUrl)) ?? silentOp
}

async function ask(url: string): Promise<PageAnswer | null> {
  try {
    const headers = { Accept: 'text/html' }
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(timeLimit) })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  } catch {
    return null
  }
}
