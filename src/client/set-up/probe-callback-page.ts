import type { Browser } from '../../op/browser.ts'
import { abortAfter } from '../../op/time-limit.ts'
import { scriptMissing, unreachablePage } from './answer-findings.ts'
import { type Finding, pathBeside } from './findings.ts'
import { scriptsIn } from './page-scripts.ts'
import { mayBeCallbackPage, type PageAnswer, readCallbackAnswer } from './read-callback-answer.ts'
import { surroundings } from './surroundings.ts'

/** Milliseconds that one page may take. */
const timeLimit = 3000

/**
 * Asks for the callback page as a hidden frame would get it, for this page itself to compare, and for the scripts of the
 * callback page that are of this origin. Where another page is at `callbackUrl`, it looks beside the app too. It never
 * rejects.
 *
 * @returns why there may be no answer in a frame; null when all is as it should be
 */
export async function probeCallbackPage(browser: Browser, callbackUrl: string): Promise<Finding | null> {
  const around = surroundings(browser.page, callbackUrl)
  const { origin, pathname } = new URL(browser.page.href)
  const [answer, page] = await Promise.all([ask(browser, callbackUrl), ask(browser, origin + pathname)])
  if (!answer) return unreachablePage(around)
  const own = page && page.status < 400 ? page : null
  const finding = readCallbackAnswer(answer, own, around)
  if (!finding) return missingScript(browser, answer, callbackUrl)
  const beside = pathBeside(around)
  if (finding.fault !== 'page' || beside === null || !own) return finding
  const other = await ask(browser, origin + beside)
  return other && mayBeCallbackPage(other, own) ? readCallbackAnswer(answer, own, around, beside) : finding
}

/** Whether a script of the page is not there. Of another origin's it cannot be told. */
async function missingScript(
  browser: Browser,
  { text }: PageAnswer,
  callbackUrl: string,
): Promise<Finding | null> {
  const around = surroundings(browser.page, callbackUrl)
  const urls = scriptsIn(text).flatMap(({ src }) => ownUrl(src, callbackUrl) ?? [])
  const answers = await Promise.all(urls.map(url => ask(browser, url.href, '*/*')))
  for (const [index, answer] of answers.entries()) {
    const [path, problem] = [urls[index]?.pathname, answer && problemOf(answer)]
    if (path !== undefined && problem) return scriptMissing(path, problem, around)
  }
  return null
}

/** Null for what is not a script of the page's own origin. */
function ownUrl(src: string | null, callbackUrl: string): URL | null {
  try {
    const url = new URL(src ?? '', callbackUrl)
    return src !== null && url.origin === new URL(callbackUrl).origin ? url : null
  } catch {
    return null
  }
}

/** What comes in the place of a script. */
function problemOf({ status, headers }: PageAnswer): string | null {
  if (status >= 400) return `status ${status}`
  const type = headers.get('Content-Type') ?? ''
  return /html/i.test(type) ? `a page (${type})` : null
}

async function ask({ clock, fetch }: Browser, url: string, accept = 'text/html'): Promise<PageAnswer | null> {
  try {
    return await abortAfter(clock, timeLimit, async signal => {
      const answer = await fetch(url, { headers: { Accept: accept }, signal })
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    })
  } catch {
    return null
  }
}
