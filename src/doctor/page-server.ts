import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Page, renderBack, renderPage, renderParts, type View } from './page.ts'

/** What the page lets a person do. A step's name comes from the request, so it may be any text. */
export interface Actions {
  view(): View
  /** @returns the URL that the step's window goes to */
  begin(step: string): Promise<string>
  /** Takes an authorization response, unread. */
  handleResponse(response: URLSearchParams): void
  giveUp(step: string): void
  wasNotAsked(step: string): void
  finish(): void
}

/** The page, and how to bring it up to date. */
export interface PageServer {
  readonly listener: RequestListener
  /** Brings every open page up to date. */
  show(): void
  /** Does the same for the last time. */
  end(): void
}

/**
 * Serves the page and the redirect URI. A response is taken out of the address at once. Both are for this machine's own
 * browser, so other host names, and forms of other origins, are refused.
 */
export function servePage(redirectUri: string, actions: Actions): PageServer {
  const home = new URL(redirectUri)
  const readers = new Set<ServerResponse>()
  let version = 0
  const event = (): string => `data: ${JSON.stringify(renderParts(actions.view()))}\n\n`

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const refuse = (status: number): unknown => response.writeHead(status).end()
    const redirect = (location: string): unknown => response.writeHead(303, { Location: location }).end()
    const send = (render: (nonce: string) => Page): unknown => {
      const { headers, body } = render(randomBytes(16).toString('base64'))
      return response.writeHead(200, headers).end(body)
    }
    const { host, origin } = request.headers
    // It is another name that points to this machine.
    if (host !== home.host) return refuse(421)
    const { pathname, searchParams } = new URL(request.url ?? '/', home)
    const [, room, what = '', step = ''] = pathname.split('/')
    if (request.method === 'POST') {
      if (origin !== home.origin || room !== 'doctor') return refuse(403)
      if (what === 'finish') actions.finish()
      if (what === 'gone') actions.giveUp(step)
      if (what === 'unasked') actions.wasNotAsked(step)
      return redirect('/')
    }
    if (pathname === home.pathname && searchParams.has('state')) {
      actions.handleResponse(searchParams)
      return redirect('/doctor/back')
    }
    if (pathname === '/') return send(nonce => renderPage(actions.view(), version, nonce))
    if (room !== 'doctor') return refuse(404)
    if (what === 'go') return redirect(await actions.begin(step))
    if (what === 'back') return send(renderBack)
    if (what !== 'events') return refuse(404)
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.write(searchParams.get('since') === `${version}` ? ':\n\n' : event())
    readers.add(response)
    return response.once('close', () => readers.delete(response))
  }

  const show = (): void => {
    version++
    for (const reader of readers) reader.write(event())
  }
  return {
    listener: (request, response) => {
      answer(request, response).catch(() => {
        // The walk ended while the request waited, or the page did not send it.
        if (!response.headersSent) response.writeHead(503).end()
      })
    },
    show,
    end: () => {
      show()
      for (const reader of readers) reader.end('event: end\ndata:\n\n')
    },
  }
}
