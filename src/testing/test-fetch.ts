import { unlessAborted } from '../client/any-signal.ts'
import type { Browser } from '../op/browser.ts'
import { nextTurn } from './event-loop.ts'
import type { TestPage } from './test-page.ts'
import type { World } from './world.ts'

/**
 * `fetch` of a page in this world: the OP and the freshness endpoint answer by script, and all else the app's own
 * backend. As with the platform's, there is a `TypeError` without a network, and the signal's reason once it is aborted.
 *
 * @param callbackUrl where the page for the way back from the OP is; absolute
 */
export function createTestFetch(world: World, page: TestPage, callbackUrl: string): Browser['fetch'] {
  const askScript = async (request: Request): Promise<Response | null> => {
    world.waitingForScript++
    try {
      // No network answers in the same turn, or a page that asks again and again would never let go.
      await nextTurn()
      return await world.network.answer(request)
    } catch (mistake) {
      world.mistakes.push(mistake)
      throw mistake
    } finally {
      world.waitingForScript--
    }
  }
  const askApp = async (request: Request): Promise<Response> => {
    world.waitingForOthers++
    try {
      return await world.respond(request)
    } finally {
      world.waitingForOthers--
    }
  }
  const answer = async (request: Request): Promise<Response> => {
    const response = (await askScript(request.clone())) ?? (await askApp(request))
    if (response.type === 'error') throw new TypeError('Failed to fetch')
    return response
  }
  return async (input, init) => {
    const isText = typeof input === 'string'
    const request = new Request(isText ? new URL(input, page.href).href : input, init)
    world.noteHappening()
    request.signal.throwIfAborted()
    const html = pageAt(request, page, callbackUrl)
    if (html === null) world.requests.push(request.clone())
    if (!world.isOnline) throw new TypeError('Failed to fetch')
    if (html !== null) return new Response(html, { headers: { 'Content-Type': 'text/html' } })
    try {
      return await unlessAborted(request.signal, answer(request))
    } finally {
      world.noteHappening()
    }
  }
}

/**
 * The callback page and the page itself are there, as a client expects that looks why there is no answer. What it asks
 * for is nothing that an app's test is about.
 *
 * @returns its HTML; null for a request that is for neither
 */
function pageAt({ url, headers }: Request, page: TestPage, callbackUrl: string): string | null {
  const { pathname } = new URL(url)
  if (pathname === new URL(callbackUrl).pathname) return '<script type="module">handleCallback()</script>'
  const isOwn = url === page.origin + new URL(page.href).pathname
  return isOwn && headers.get('Accept') === 'text/html' ? '<script type="module">startApp()</script>' : null
}
