// @vitest-environment jsdom
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AuthClient } from 'afresh'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, op, page, setUpPage } from '../support/client.ts'
import { listen } from '../support/http.ts'

/** An origin of its own, over real HTTP, that notes what it is sent. */
interface Origin {
  readonly url: string
  readonly seen: IncomingMessage[]
  answer(request: IncomingMessage, response: ServerResponse): void
  close(): Promise<void>
}

async function openOrigin(answer: Origin['answer']): Promise<Origin> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    request.resume().on('end', () => origin.answer(request, response))
  })
  const origin: Origin = {
    url: await listen(server),
    seen,
    answer,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
  return origin
}

const granted = JSON.stringify({ status: 'granted', grant: 'the-grant', expires_in: 60 })
let api: Origin
let elsewhere: Origin
let client: AuthClient

setUpPage()
beforeAll(async () => {
  elsewhere = await openOrigin((_, response) => response.end('{}'))
  api = await openOrigin(() => {})
})
afterAll(() => Promise.all([elsewhere, api].map(one => one.close())))
beforeEach(() => {
  elsewhere.seen.length = 0
  api.answer = ({ url }, response) => {
    if (url === '/freshness') return response.end(granted)
    response.writeHead(307, { Location: `${elsewhere.url}/stolen` }).end()
  }
})

async function signIn(options: ClientOptions = {}): Promise<void> {
  client = createClient({ freshness: { endpoint: `${api.url}/freshness` }, ...options })
  page.popups.push({})
  await client.signIn()
}

describe('a redirect to another origin', () => {
  it.each([
    ['is none of the API’s', null],
    ['is one of the API’s', ['ours']],
    ['is one of the API’s, and so is the other', ['ours', 'theirs']],
  ])('is not followed by a grant where the guard’s origin %s', async (_, names) => {
    const origins = names?.map(name => (name === 'ours' ? api.url : elsewhere.url))
    await signIn(origins ? { api: { origins } } : {})
    const grant = await client.stepUp('payment.approve')
    await expect(grant.fetch(`${api.url}/pay`, { method: 'POST', body: '1' })).rejects.toBeInstanceOf(
      TypeError,
    )
    expect(api.seen.at(-1)?.headers['step-up-grant']).toBe('the-grant')
    expect(elsewhere.seen).toEqual([])
  })

  it('is not followed by a grant that the app puts into the header itself', async () => {
    await signIn()
    const request = { method: 'POST', headers: { 'Step-Up-Grant': 'the-grant' } }
    await expect(client.fetch(`${api.url}/pay`, request)).rejects.toBeInstanceOf(TypeError)
    expect(elsewhere.seen).toEqual([])
  })

  it('is not followed with the ID Token that the backend is shown', async () => {
    await signIn({ freshness: { endpoint: `${api.url}/moved` } })
    await expect(client.stepUp('payment.approve')).rejects.toMatchObject({ code: 'network' })
    expect(elsewhere.seen).toEqual([])
  })

  it('is not followed with the code and its verifier', async () => {
    op.metadata = { token_endpoint: `${api.url}/token` }
    await expect(signIn()).rejects.toMatchObject({ code: 'network' })
    op.metadata = {}
    expect(elsewhere.seen).toEqual([])
  })

  it('is followed by a request that carries nothing of ours', async () => {
    await signIn()
    expect((await client.fetch(`${api.url}/pictures`)).status).toBe(200)
    expect(elsewhere.seen).toHaveLength(1)
  })
})

describe('cookies', () => {
  const sent = (): RequestCredentials | undefined => page.requests.at(-1)?.credentials

  it('always go to the guard’s origin, so that the browser keeps the one that comes with a 401', async () => {
    await signIn()
    await client.fetch(`${api.url}/freshness`)
    expect(sent()).toBe('include')
    await client.signOut()
    await client.fetch(`${api.url}/freshness`, { credentials: 'omit' })
    expect(sent()).toBe('include')
  })

  it('go to the guard’s origin together with the token', async () => {
    await signIn({ api: { origins: [api.url] } })
    await client.fetch(`${api.url}/freshness`)
    expect(page.requests.at(-1)?.headers.get('Authorization')).toBe('Bearer at')
    expect(sent()).toBe('include')
  })

  it('go to other origins as the app says', async () => {
    await signIn({ api: { origins: [elsewhere.url] } })
    await client.fetch(`${elsewhere.url}/reports`)
    expect(sent()).toBe('same-origin')
    await client.fetch(`${op.issuer}/jwks`, { credentials: 'omit' })
    expect(sent()).toBe('omit')
  })
})
