// @vitest-environment jsdom
import { createFreshnessGuard } from 'afresh/server'
import { createAuthHandlers, type Evil } from 'afresh/testing/msw'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { testKey } from '../../support/keys.ts'
import { answerPrompt, openClient, setUpTabs } from './tab.ts'

const josh = { name: 'Josh', email: 'josh@example.com' }
const auth = createAuthHandlers({ issuer: 'https://op.example', clientId: 'payments', person: josh })
const { script, network } = auth
const server = setupServer(
  ...auth.handlers,
  http.get('*/auth/callback.html', () => HttpResponse.html('<title>callback</title>')),
  http.get('*/api/me', ({ request }) => HttpResponse.json(network.personOf(request))),
  http.post('*/api/payments', async ({ request }) => {
    const context = await request.clone().json()
    const stopped = await network.requireGrant(request, 'payment.approve', { context })
    return stopped ?? HttpResponse.json({ status: 'approved' })
  }),
)
const payment = { id: 'p1', cents: 25_000 }
const approve = { method: 'POST', body: JSON.stringify(payment) }

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
// As the handlers' own `fetch`: MSW replaces the global one when it listens.
setUpTabs()
beforeEach(() => auth.reset())
afterAll(() => server.close())

const open = () => openClient(auth)

describe('an app whose network is MSW', () => {
  it('signs a person in, and calls its own backend as them', async () => {
    const client = open()
    await client.signIn()
    const answer = await client.fetch('/api/me')
    expect(await answer.json()).toEqual(josh)
  })

  it('uses a grant that it has asked for', async () => {
    const client = open()
    await client.signIn()
    const grant = await client.stepUp('payment.approve', { context: payment })
    expect(await (await grant.fetch('/api/payments', approve)).json()).toEqual({ status: 'approved' })
  })

  it('is refused a grant that was used, or is for something else', async () => {
    const client = open()
    await client.signIn()
    const ask = () => client.stepUp('payment.approve', { context: payment })
    const headersOf = async (grant: Awaited<ReturnType<typeof ask>>) => {
      let headers = new Headers()
      server.use(
        http.post('*/api/look', ({ request }) => {
          headers = request.headers
          return HttpResponse.json({})
        }),
      )
      await grant.fetch('/api/look', { method: 'POST' })
      return headers
    }
    const headers = await headersOf(await ask())
    const call = (body: object) =>
      fetch('http://localhost:3000/api/payments', { method: 'POST', body: JSON.stringify(body), headers })
    expect((await call({ ...payment, cents: 1 })).status).toBe(401)
    expect((await call(payment)).status).toBe(200)
    expect((await call(payment)).status).toBe(401)
  })

  it('meets the challenge of a call without a grant', async () => {
    script.stepUp = 'prompt'
    const client = open()
    await client.signIn()
    const done = client.fetch('/api/payments', approve)
    await answerPrompt(client, 'step_up', 'continue')
    expect((await done).status).toBe(200)
  })

  it.each<[Evil, object]>([
    [{ idToken: 'nonce' }, { code: 'id_token_invalid', claim: 'nonce' }],
    [{ authorization: 'iss' }, { error: 'iss_mismatch' }],
    [{ token: 'invalid_grant' }, { error: 'invalid_grant' }],
    [{ token: 'no_answer' }, { code: 'network' }],
    [{ token: 'not_json' }, { code: 'network' }],
  ])('is not fooled at sign-in: %j', async (evil, refusal) => {
    const client = open()
    script.evil = evil
    await expect(client.signIn()).rejects.toMatchObject(refusal)
  })

  it.each<[Evil, object]>([
    [{ refusal: 'already_used' }, { code: 'step_up_denied', reason: 'already_used' }],
    [{ answer: 'temporarily_unavailable' }, { code: 'network' }],
    [{ answer: 'no_answer' }, { code: 'network' }],
    [{ answer: 'cross_site' }, { code: 'configuration_invalid' }],
  ])('is not fooled at a step-up: %j', async (evil, refusal) => {
    const client = open()
    await client.signIn()
    script.evil = evil
    await expect(client.stepUp('payment.approve', { context: payment })).rejects.toMatchObject(refusal)
  })

  it('is told that its grant was refused', async () => {
    script.stepUp = 'prompt'
    const client = open()
    await client.signIn()
    const action = client.action(
      'payment.approve',
      (body: object, { fetch }) => fetch('/api/payments', { method: 'POST', body: JSON.stringify(body) }),
      { context: (body: object) => body },
    )
    script.evil = { grant: 'refused' }
    const refused = expect(action.run(payment)).rejects.toMatchObject({ code: 'step_up_denied' })
    await answerPrompt(client, 'step_up', 'continue')
    await refused
  })
})

describe('the handlers', () => {
  it('leave other requests to others', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    await expect(fetch('https://op.example/unknown')).rejects.toThrow()
    await expect(fetch('http://localhost:3000/other/api/freshness', { method: 'POST' })).rejects.toThrow()
    expect(error).toHaveBeenCalledTimes(2)
    error.mockRestore()
  })

  it('lead a browser back from the pages of the OP', async () => {
    const url = new URL('https://op.example/authorize')
    url.search = new URLSearchParams({
      ...{ client_id: 'payments', response_type: 'code', scope: 'openid', state: 's1', nonce: 'n1' },
      ...{ code_challenge: 'c1', code_challenge_method: 'S256', response_mode: 'fragment' },
      redirect_uri: 'https://app.example/auth/callback.html',
    }).toString()
    const { status, headers } = await fetch(url, { redirect: 'manual' })
    expect(status).toBe(302)
    expect(headers.get('Location')).toMatch(
      /^https:\/\/app\.example\/auth\/callback\.html#code=.*&state=s1&iss=/,
    )
  })

  it('forget all when they are reset', async () => {
    const { access_token: token } = network.tokens(josh)
    const request = new Request('https://op.example/userinfo', {
      headers: { Authorization: `Bearer ${token}` },
    })
    script.evil = { answer: 'no_answer' }
    expect((await fetch(request)).status).toBe(200)
    auth.reset()
    expect((await fetch(request)).status).toBe(401)
    expect(script).toMatchObject({ person: josh, stepUp: 'grant', evil: null })
  })

  it.each<object>([
    { endpiont: '/api/freshness' },
    { issuer: 'op.example' },
    { clientId: '' },
    { endpoint: 'api/freshness' },
    { person: 'Josh' },
    { stepUp: 'granted' },
  ])('refuse options that cannot be: %j', options => {
    expect(() => createAuthHandlers({ issuer: 'https://op.example', clientId: 'a', ...options })).toThrow(
      expect.objectContaining({ code: 'configuration_invalid' }),
    )
  })
})

describe('a real guard whose OP is MSW', () => {
  const ask = async (idToken: string): Promise<Response> => {
    const guard = createFreshnessGuard({
      ...{ issuer: 'https://op.example', clientId: 'payments', audience: 'https://api.example' },
      ...{
        keys: [testKey(3)],
        actions: { pay: { maxAge: 300 } },
        store: 'memory',
        onError: () => {},
      },
    })
    return guard.handler(
      new Request('https://api.example/api/freshness', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ action: 'pay', id_token: idToken }),
      }),
    )
  }

  it('accepts the tokens that are signed', async () => {
    expect((await ask(await network.signedIdToken(josh))).status).toBe(200)
  })

  it('refuses those that are not', async () => {
    const answer = await ask(network.idToken(josh))
    expect(await answer.json()).toMatchObject({ status: 'denied', error: 'invalid_token' })
  })

  it('answers with 503 while there are no keys', async () => {
    script.evil = { keys: 'no_answer' }
    expect((await ask(await network.signedIdToken(josh))).status).toBe(503)
  })
})
