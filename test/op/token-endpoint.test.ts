import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TokenSet } from '../../src/core/tokens.ts'
import { createOpenIdProvider, type OpenIdProvider } from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { postForm } from '../../src/op/token-endpoint.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const clock = new ManualClock()
let server: ScriptedOp
/** The token and revocation endpoint of a test, at `/`, and another address, at `/elsewhere`. */
let endpoint: Server
let address: string
let answer: (response: ServerResponse, form: URLSearchParams) => void
let asked: string[]

const connect = (timeLimit: number): OpenIdProvider =>
  createOpenIdProvider({
    browser: pageBrowser,
    issuer: server.issuer,
    clientId: 'payments',
    scope: 'openid',
    callbackUrl: 'https://app.example/auth/callback.html',
    profile: { name: 'test' },
    now: clock.now,
    clockSkew: 30,
    timeLimit,
  })

beforeAll(async () => {
  server = await startOp(clock.now)
  endpoint = createServer(async (request: IncomingMessage, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const form = new URLSearchParams(await text(request))
    if (path === '/') answer(response, form)
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
  })
  await new Promise<void>(resolve => endpoint.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`
})
afterAll(async () => {
  endpoint.closeAllConnections()
  await new Promise(resolve => endpoint.close(resolve))
  await server.close()
})
beforeEach(() => {
  server.metadata = {}
  asked = []
})

async function signIn(): Promise<TokenSet> {
  const op = connect(10)
  const transaction = await op.begin({ kind: 'sign_in' })
  const params = server.authorize(transaction.url, { token: { refresh_token: 'rt' } })
  return (await op.redeem(transaction, params)).tokens
}

type Send = (op: OpenIdProvider, tokens: TokenSet) => Promise<unknown>
const requests: [string, Send][] = [
  [
    'code exchange',
    async op => {
      const transaction = await op.begin({ kind: 'sign_in' })
      return op.redeem(transaction, server.authorize(transaction.url))
    },
  ],
  ['refresh', (op, tokens) => op.refresh(tokens)],
  ['revocation', (op, tokens) => op.revoke(tokens)],
]

describe.each(requests)('a %s', (_, send) => {
  const attempt = async (timeLimit: number): Promise<unknown> => {
    const tokens = await signIn()
    server.metadata = { token_endpoint: address, revocation_endpoint: address }
    return send(connect(timeLimit), tokens)
  }

  it.each([301, 302, 303, 307, 308])('is sent to no other address after a %i', async status => {
    answer = response => response.writeHead(status, { Location: `${address}elsewhere` }).end()
    await expect(attempt(10)).rejects.toMatchObject({ code: 'network' })
    expect(asked).toEqual(['/'])
  })

  it('ends in a timeout when the body of the answer never ends', async () => {
    answer = response => response.writeHead(200, { 'Content-Type': 'application/json' }).write('{')
    await expect(attempt(0.1)).rejects.toMatchObject({ code: 'timeout' })
  })

  it('that is refused with an HTTP 400 without an error is final', async () => {
    answer = response => response.writeHead(400).end()
    await expect(attempt(10)).rejects.toMatchObject({ error: 'invalid_request' })
  })

  it('that is refused keeps every field of the error', async () => {
    const error = { error: 'invalid_grant', error_description: 'revoked', error_reason: 'r' }
    answer = response =>
      response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify(error))
    await expect(attempt(10)).rejects.toMatchObject({ error: 'invalid_grant', parameters: error })
  })

  it('that is refused does not repeat the secrets that were sent, which some OPs quote', async () => {
    answer = (response, form) => {
      const secrets = ['code', 'code_verifier', 'refresh_token', 'token'].flatMap(
        name => form.get(name) ?? [],
      )
      const error = { error: 'invalid_grant', error_description: `used: ${secrets}`, first: secrets[0] }
      response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify(error))
    }
    const error_description = expect.stringMatching(/^used: (…|…,…)$/)
    await expect(attempt(10)).rejects.toMatchObject({ parameters: { error_description, first: '…' } })
  })
})

it('a request that took too long is a timeout where the browser calls that an AbortError', async () => {
  const aborted = async (): Promise<never> => {
    throw new DOMException('The user aborted a request.', 'AbortError')
  }
  const atOnce = (work: () => void): (() => void) => {
    work()
    return () => {}
  }
  const browser = { fetch: aborted, clock: { ...pageBrowser.clock, setTimer: atOnce } }
  await expect(postForm(browser, address, {}, 10)).rejects.toMatchObject({ code: 'timeout' })
})
