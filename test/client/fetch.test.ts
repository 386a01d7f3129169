// @vitest-environment jsdom
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AuthClient, createAuthClient } from 'afresh'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { TestPage } from '../support/page.ts'

vi.mock('../../src/op/popup.ts', () => import('../support/windows.ts'))
vi.mock('../../src/op/windows.ts', () => import('../support/windows.ts'))

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
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin: Origin = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
  return origin
}

const granted = JSON.stringify({ status: 'granted', grant: 'the-grant', expires_in: 60 })
let op: ScriptedOp
let api: Origin
let elsewhere: Origin
let page: TestPage
let client: AuthClient

beforeAll(async () => {
  op = await startOp(() => Math.floor(Date.now() / 1000))
  elsewhere = await openOrigin((_, response) => response.end('{}'))
  api = await openOrigin(() => {})
})
afterAll(() => Promise.all([op, elsewhere, api].map(one => one.close())))
beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  page = new TestPage(op)
  elsewhere.seen.length = 0
  api.answer = ({ url }, response) => {
    if (url === '/freshness') return response.end(granted)
    response.writeHead(307, { Location: `${elsewhere.url}/stolen` }).end()
  }
})
afterEach(() => {
  client.dispose()
  vi.unstubAllGlobals()
})

async function signIn(options: Partial<Parameters<typeof createAuthClient>[0]> = {}): Promise<void> {
  client = createAuthClient({
    issuer: op.issuer,
    clientId: 'payments',
    freshness: { endpoint: `${api.url}/freshness` },
    ...options,
  })
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

  it('is followed by what carries nothing of ours', async () => {
    await signIn()
    expect((await client.fetch(`${api.url}/pictures`)).status).toBe(200)
    expect(elsewhere.seen).toHaveLength(1)
  })
})

describe('cookies', () => {
  const sent = (): RequestCredentials | undefined => page.requests.at(-1)?.credentials

  it('go to the guard’s origin always, so that the one which comes with a 401 is kept', async () => {
    await signIn()
    await client.fetch(`${api.url}/freshness`)
    expect(sent()).toBe('include')
    await client.signOut()
    await client.fetch(`${api.url}/freshness`, { credentials: 'omit' })
    expect(sent()).toBe('include')
  })

  it('go there with the token as well', async () => {
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
