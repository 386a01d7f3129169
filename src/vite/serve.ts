import type { Connect, ResolvedConfig } from 'vite'
import { pageHtml } from '../callback/page-html.ts'
import type { Page } from './pages.ts'
import { readScript } from './script.ts'

interface Answer {
  readonly type: string
  readonly body: () => string
}

/**
 * Answers at the paths of the pages and of their scripts, before anything of Vite's does: neither the fallback that sends
 * the app nor the script of hot updates gets into a hidden frame.
 */
export function servePages(
  pages: readonly Page[],
  { server, html }: ResolvedConfig,
): Connect.NextHandleFunction {
  const answers = new Map(pages.flatMap(page => answersOf(page, html?.cspNonce)))
  return (request, response, next) => {
    const answer = answers.get(pathOf(request))
    if (!answer || (request.method !== 'GET' && request.method !== 'HEAD')) return next()
    for (const [name, value] of Object.entries(server.headers))
      if (value !== undefined) response.setHeader(name, value)
    response.setHeader('Content-Type', `${answer.type}; charset=utf-8`)
    response.setHeader('Cache-Control', 'no-cache')
    response.end(answer.body())
  }
}

function answersOf({ kind, path, home }: Page, nonce: string | undefined): [string, Answer][] {
  const name = `${kind}.js`
  const parts = { script: `./${name}`, nonce, ...(kind === 'callback' && { home }) }
  const script = { type: 'text/javascript', body: () => readScript(kind) }
  return [
    [path, { type: 'text/html', body: () => pageHtml(parts) }],
    [new URL(name, `http://localhost${path}`).pathname, script],
  ]
}

/** Of the request as it came: what has answered before may have led it elsewhere. */
export function pathOf({ url, originalUrl = url }: Connect.IncomingMessage): string {
  return (originalUrl ?? '/').replace(/[?#].*$/s, '')
}
