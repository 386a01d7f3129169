// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defaults } from '../../src/client/defaults.ts'
import { departures, openTab, page, rememberSession, session, setUpPage, until } from '../support/client.ts'

setUpPage()
beforeEach(() => {
  page.frame = 'stay'
})

const html = { 'Content-Type': 'text/html' }

/** What `callbackUrl` answers with. */
function answerAt(path: string, answer: () => Response): void {
  page.intercept = ({ url }) => (new URL(url).pathname === path ? answer() : undefined)
}

/** A page that is loaded in a browser that had a session, as far as its outcome. */
async function outcomeOf(timeLimit: number): Promise<unknown> {
  rememberSession()
  const client = openTab({ timeLimit, renewal: { restore: ['iframe'] } })
  await until(() => session(client).status === 'anonymous')
  return session(client)
}

const mistake = { reason: 'failed', error: { code: 'configuration_invalid' } }
const silence = { reason: 'timeout', error: { code: 'timeout' } }

describe('a frame that gets no answer', () => {
  it.each<[string, () => Response, object]>([
    ['is missing', () => new Response('', { status: 404, headers: html }), mistake],
    ['is the app', () => new Response('<title>app</title>', { headers: html }), mistake],
    [
      'cannot be framed',
      () => new Response('', { headers: { ...html, 'X-Frame-Options': 'DENY' } }),
      mistake,
    ],
    ['is as it should be', () => new Response('', { headers: html }), silence],
    ['fails for now', () => new Response('', { status: 503, headers: html }), silence],
    ['cannot be reached', () => Response.error(), silence],
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
    expect(new Set(probes.map(({ url }) => new URL(url).pathname))).toEqual(
      new Set(['/', defaults.callbackUrl]),
    )
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
