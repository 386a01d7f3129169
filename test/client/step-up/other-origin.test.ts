// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  answer,
  type ClientOptions,
  createClient,
  op,
  page,
  prompt,
  prompted,
  seconds,
  setUpPage,
} from '../../support/client.ts'
import { openShop, payment, type Shop } from '../../support/shop.ts'

// The API on an origin of its own, as a browser calls it: with `Sec-Fetch-Site`, and with cookies as SameSite=Strict
// and the request's credentials have it.
const neighbour = 'http://localhost:4000'
const stranger = 'https://api.example.net'
/** The names of the cookies that came along, for each request to the API. */
let cookiesSent: string[][]
let shop: Shop
let client: AuthClient

setUpPage()
beforeEach(() => {
  cookiesSent = []
  const clock = { time: 0, now: seconds, advance: () => {} }
  shop = openShop(op, clock, { origins: [location.origin] })
  const cookies = new Map<string, string>()
  const { fetch } = page
  page.fetch = async (input, init) => {
    const request = new Request(input, init)
    const { origin } = new URL(request.url)
    if (origin !== neighbour && origin !== stranger) return fetch(request)
    page.requests.push(request.clone())
    const isStrictKept = origin === neighbour && request.credentials === 'include'
    const headers = new Headers(request.headers)
    headers.set('Origin', location.origin)
    headers.set('Sec-Fetch-Site', origin === neighbour ? 'same-site' : 'cross-site')
    // The shop takes the person's name for an access token.
    if (headers.has('Authorization')) headers.set('Authorization', 'josh')
    cookiesSent.push(isStrictKept ? [...cookies.keys()] : [])
    if (isStrictKept && cookies.size > 0)
      headers.set('Cookie', Array.from(cookies, pair => pair.join('=')).join('; '))
    const { url, method } = request
    const response = await shop.app.request(new Request(url, { method, headers, body: await request.text() }))
    for (const line of response.headers.getSetCookie()) {
      expect(line).toContain('SameSite=Strict')
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      if (isStrictKept) cookies.set(name, value)
    }
    return response
  }
})

/** Josh, whose login is too old for everything, in an app whose API is there. */
async function signedIn(api: string, options: ClientOptions = {}): Promise<void> {
  client = createClient({
    freshness: { endpoint: `${api}/api/freshness` },
    api: { origins: [api] },
    ...options,
  })
  page.popups.push({ claims: { auth_time: seconds() - 1000 } })
  await client.signIn()
  page.popups.push({})
}

const body = JSON.stringify(payment)
const paths = (): string[] =>
  page.requests
    .map(({ url }) => new URL(url))
    .flatMap(({ origin, pathname }) => (origin === op.issuer ? [] : pathname))

describe('an API of the same site on an origin of its own', () => {
  it('keeps the cookie that comes with the 401 to a sensitive call, so its challenge can be met', async () => {
    await signedIn(neighbour)
    const paid = client.fetch(`${neighbour}/api/payments/approve`, { method: 'POST', body })
    await prompted(client, 'step_up')
    answer(client, 'continue')
    expect((await paid).status).toBe(200)
    expect(shop.ledger).toMatchObject([{ subject: 'josh', action: 'payment.approve' }])
    expect(cookiesSent.map(({ length }) => length)).toEqual([0, 1, 1])
  })

  it('keeps the cookie that comes with the answer to Ask', async () => {
    await signedIn(neighbour)
    const grant = client.stepUp('payment.approve', { context: { ...payment } })
    await prompted(client, 'step_up')
    answer(client, 'continue')
    const paid = await (await grant).fetch(`${neighbour}/api/payments/approve`, { method: 'POST', body })
    expect(paid.status).toBe(200)
    expect(cookiesSent.map(({ length }) => length)).toEqual([0, 1, 1])
  })

  it('keeps it also where the app does not send it access tokens', async () => {
    await signedIn(neighbour, { api: { origins: [] } })
    const grant = client.stepUp('payment.approve', { context: { ...payment } })
    await prompted(client, 'step_up')
    answer(client, 'continue')
    const headers = { Authorization: 'josh' }
    const paid = (await grant).fetch(`${neighbour}/api/payments/approve`, { method: 'POST', body, headers })
    expect((await paid).status).toBe(200)
  })
})

describe('an API on another site, whose cookie could not come back', () => {
  const setUp = { code: 'configuration_invalid', message: expect.stringMatching(/site.*`dpop`/) }
  const expectNoSignIn = (): void => {
    expect(prompt(client)).toBeNull()
    expect(page.visited).toHaveLength(1)
  }

  it('is a set-up error when it is asked, before the person signs in', async () => {
    await signedIn(stranger)
    await expect(client.stepUp('email.change')).rejects.toMatchObject(setUp)
    expect(paths()).toEqual(['/api/freshness'])
    expectNoSignIn()
  })

  it('is a set-up error of an action, and its state shows it', async () => {
    await signedIn(stranger)
    const action = client.action('email.change', () => 'done')
    await expect(action.run(null)).rejects.toMatchObject(setUp)
    expect(action.store.getState().state).toMatchObject({ status: 'failed', error: setUp })
    expectNoSignIn()
  })

  it('is told by its answer to a sensitive call without a grant, before the person signs in', async () => {
    await signedIn(stranger)
    const response = await client.fetch(`${stranger}/api/payments/approve`, { method: 'POST', body })
    expect([response.status, await response.json()]).toEqual([400, { status: 'failed', error: 'cross_site' }])
    expectNoSignIn()
  })

  it('is a set-up error when a proof is sent there', async () => {
    await signedIn(neighbour)
    const { request: answerAsk } = shop.app
    shop.app.request = (request, ...others) => {
      const { headers } = request as Request
      if (paths().length > 1) headers.set('Sec-Fetch-Site', 'cross-site')
      return answerAsk.call(shop.app, request, ...others)
    }
    const grant = client.stepUp('payment.approve', { context: { ...payment } })
    grant.catch(() => {})
    await prompted(client, 'step_up')
    answer(client, 'continue')
    await expect(grant).rejects.toMatchObject(setUp)
    expect(paths()).toEqual(['/api/freshness', '/api/freshness'])
  })
})
