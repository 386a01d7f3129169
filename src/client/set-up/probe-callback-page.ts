import type { Browser } from '../../op/browser.ts'
import { abortAfter } from '../../op/time-limit.ts'
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
export async function probeCallbackPage(browser: Browser, callbackUrl: string): Promise<Finding | null> {
  const { origin, pathname } = new URL(browser.page.href)
  const [answer, page] = await Promise.all([callbackUrl, origin + pathname].map(url => ask(browser, url)))
  if (!answer) return null
  const isKnown = page !== null && page !== undefined && page.status < 400
  return (
    readCallbackAnswer(answer, isKnown ? page : null, surroundings(browser.page, callbackUrl)) ?? silentOp
  )
}

async function ask({ clock, fetch }: Browser, url: string): Promise<PageAnswer | null> {
  try {
    return await abortAfter(clock, timeLimit, async signal => {
      const answer = await fetch(url, { headers: { Accept: 'text/html' }, signal })
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    })
  } catch {
    return null
  }
}
