// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaults } from '../../src/client/defaults.ts'
import {
  departures,
  op,
  openTab,
  page,
  rememberSession,
  session,
  setUpPage,
  until,
} from '../support/client.ts'

setUpPage()
afterEach(() => history.replaceState(null, '', '/'))
beforeEach(() => {
  page.frame = 'stay'
})

const html = { 'Content-Type': 'text/html' }

/** What `callbackUrl` answers with. Scripts are not there. */
function answerAt(path: string, answer: () => Response): void {
  page.intercept = ({ url }) => {
    const { pathname } = new URL(url)
    if (pathname.endsWith('.js')) return new Response('Not found', { status: 404 })
    return pathname === path ? answer() : undefined
  }
}

/** A page that is loaded in a browser that had a session, as far as its outcome. */
function outcomeOf(timeLimit: number): Promise<unknown> {
  rememberSession()
  return firstOutcomeOf(timeLimit)
}

/** The same in a browser that had none. */
async function firstOutcomeOf(
  timeLimit: number,
  options: { readonly clientId?: string } = {},
): Promise<unknown> {
  const client = openTab({ timeLimit, renewal: { restore: ['iframe'] }, ...options })
  await until(() => session(client).status === 'anonymous')
  return session(client)
}

const unreachable = (): never => {
  throw new TypeError('Failed to fetch')
}
const mistake = { reason: 'failed', error: { code: 'configuration_invalid' } }
const silence = { reason: 'timeout', error: { code: 'timeout' } }

describe('a frame that gets no answer', () => {
  it.each<[string, () => Response, object]>([
    ['is missing', () => new Response('', { status: 404, headers: html }), mistake],
    [
      'is the app',
      () => new Response('<title>app</title><script>app()</script>', { headers: html }),
      mistake,
    ],
    [
      'cannot be framed',
      () => new Response('', { headers: { ...html, 'X-Frame-Options': 'DENY' } }),
      mistake,
    ],
    [
      'is not registered there',
      () => new Response('<script>handleCallback()</script>', { headers: html }),
      silence,
    ],
    [
      'has a script that is missing',
      () => new Response('<script type="module" src="/callback.js"></script>', { headers: html }),
      mistake,
    ],
    ['fails for now', () => new Response('', { status: 503, headers: html }), silence],
    ['cannot be reached', unreachable, silence],
  ])('blames the callback page only if that %s', async (_, answer, expected) => {
    answerAt(defaults.callbackUrl, answer)
    expect(await outcomeOf(0.2)).toMatchObject(expected)
  })

  it('asks for the callback page once in a page load', async () => {
    const client = openTab({ timeLimit: 0.2, renewal: { restore: ['iframe'] } })
    await until(() => session(client).status === 'anonymous')
    await client.restore()
    const probes = page.requests.filter(({ headers }) => headers.get('Accept') === 'text/html')
    expect(page.visited).toHaveLength(2)
    expect(probes).toHaveLength(2)
    expect(op.forms).toHaveLength(1)
    expect(new Set(probes.map(({ url }) => new URL(url).pathname))).toEqual(
      new Set(['/', defaults.callbackUrl]),
    )
  })

  it('of a client that the OP does not know says so, and which', async () => {
    op.refusedClient = 'paymnets'
    const outcome = await firstOutcomeOf(0.2, { clientId: 'paymnets' })
    expect(outcome).toMatchObject({ ...mistake, error: { message: expect.stringContaining('"paymnets"') } })
  })

  it('asks the OP about the client only in a browser that has had no session with it', async () => {
    op.refusedClient = 'payments'
    expect(await outcomeOf(0.2)).toMatchObject(silence)
    expect(op.forms).toEqual([])
  })

  it('says where the callback page is that is deployed beside the app', async () => {
    history.replaceState(null, '', '/shop/orders')
    const sent = (script: string): Response => new Response(`<script>${script}</script>`, { headers: html })
    page.intercept = ({ url }) => {
      const { pathname } = new URL(url)
      if (pathname === `/shop${defaults.callbackUrl}`) return sent('handleCallback()')
      if (pathname === '/shop/orders') return sent('app()')
      return pathname === defaults.callbackUrl ? new Response('', { status: 404 }) : undefined
    }
    const beside = `callbackUrl: '/shop${defaults.callbackUrl}'`
    expect(await outcomeOf(0.2)).toMatchObject({
      ...mistake,
      error: { message: expect.stringContaining(beside) },
    })
  })

  it.each<[string, () => Response, object]>([
    ['cannot come back', () => new Response('', { status: 404 }), mistake.error],
    [
      'can, since only frames cannot',
      () => new Response('', { headers: { ...html, 'X-Frame-Options': 'DENY' } }),
      { code: 'interaction_cancelled', reason: 'window_closed' },
    ],
  ])('tells a person who closes a popup whether it %s', async (_, answer, expected) => {
    answerAt(defaults.callbackUrl, answer)
    const client = openTab({ timeLimit: 0.2, renewal: { restore: ['iframe'] } })
    await until(() => session(client).status === 'anonymous')
    page.popups.push('close')
    await expect(client.signIn()).rejects.toMatchObject(expected)
  })

  it('is given up long before its time limit when the callback page cannot answer', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    page.framedPath = defaults.callbackUrl
    answerAt(defaults.callbackUrl, () => new Response('', { status: 404, headers: html }))
    const outcome = outcomeOf(60)
    await until(() => page.visited.length === 1)
    vi.advanceTimersByTime(3000)
    expect(await outcome).toMatchObject(mistake)
    expect(page.openWindows).toBe(0)
  })
})

describe('in a browser that had a session, with an OP on another site', () => {
  const restore = ['iframe', 'top-level'] as const

  it('the page stays when the callback page is missing: a redirect would end there', async () => {
    rememberSession()
    answerAt(defaults.callbackUrl, () => new Response('', { status: 404, headers: html }))
    const client = openTab({ timeLimit: 0.2, renewal: { restore } })
    await until(() => session(client).status === 'anonymous')
    expect(session(client)).toMatchObject(mistake)
    expect(departures()).toEqual([])
  })

  it('the page leaves when only frames cannot work', async () => {
    rememberSession()
    answerAt(
      defaults.callbackUrl,
      () => new Response('', { headers: { ...html, 'X-Frame-Options': 'DENY' } }),
    )
    openTab({ timeLimit: 0.2, renewal: { restore } })
    await until(() => departures().length === 1)
  })
})
