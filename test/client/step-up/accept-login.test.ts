// @vitest-environment jsdom
import type { AuthClient, Grant } from 'afresh'
import { describe, expect, it, vi } from 'vitest'
import type { Departure } from '../../../src/op/redirects.ts'
import {
  answer,
  type ClientOptions,
  createClient,
  departures,
  op,
  page,
  prompt,
  prompted,
  seconds,
  session,
  setUpPage,
  unload,
  until,
} from '../../support/client.ts'
import { holdRequests } from '../../support/hold.ts'
import type { AuthorizationAnswer } from '../../support/op.ts'
import type { Visit } from '../../support/page.ts'
import { payment } from '../../support/shop.ts'

let client: AuthClient

setUpPage()

/** Josh, whose login is too old for everything. */
async function signedIn(login: AuthorizationAnswer = {}, options: ClientOptions = {}): Promise<void> {
  client = createClient({ timeLimit: 5, ...options })
  page.popups.push({ claims: { auth_time: seconds() - 1000 }, ...login })
  await client.signIn()
}

/** A step-up for which the person signs in once more. */
async function stepUp(login: Visit = {}, action = 'email.change'): Promise<Grant> {
  const context = action.startsWith('payment') ? { ...payment } : undefined
  const grant = client.stepUp(action, { context })
  grant.catch(() => {})
  await prompted(client, 'step_up')
  page.popups.push(login)
  answer(client, 'continue')
  return grant
}

const popup = { access_token: 'popup' }
/** What the backend finds wrong with no browser knowing: the browser leaves signatures to it. */
const forged = { foreignKey: true }
const refusedToken = { code: 'step_up_denied', reason: 'invalid_token' }
const asks = (): Request[] => page.requests.filter(({ url }) => url.endsWith('/api/freshness'))
const frames = (): URL[] => page.visited.filter(({ searchParams }) => searchParams.get('prompt') === 'none')

describe('the login of a step-up', () => {
  it('becomes the session’s once the backend has taken it', async () => {
    await signedIn()
    await stepUp({ token: popup })
    expect(await client.getAccessToken()).toBe('popup')
  })

  it('leaves the session as it was when the backend refuses it, and the next step-up works', async () => {
    await signedIn()
    const before = session(client)
    await expect(stepUp({ token: popup, minting: forged })).rejects.toMatchObject(refusedToken)
    expect(session(client)).toEqual(before)
    expect(await client.getAccessToken()).toBe('at')
    await expect(stepUp()).resolves.toMatchObject({ expiresIn: 60 })
  })

  it('leaves the session as it was when the backend cannot answer', async () => {
    await signedIn()
    page.intercept = ({ url }) =>
      url.endsWith('/api/freshness') && asks().length === 2 ? new Response(null, { status: 503 }) : undefined
    await expect(stepUp({ token: popup })).rejects.toMatchObject({ code: 'network' })
    expect(await client.getAccessToken()).toBe('at')
  })

  it('leaves the session as it was when another person signs in, who is asked about', async () => {
    await signedIn()
    const grant = stepUp({ claims: { sub: 'jane' } })
    await prompted(client, 'account_mismatch')
    expect(asks()).toHaveLength(1)
    answer(client, 'cancel')
    await expect(grant).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
  })

  it('mends a session that the OP would not renew, and only when the backend has taken it', async () => {
    await signedIn()
    await client.renew().catch(() => {})
    expect(session(client)).toMatchObject({ renewal: { status: 'ended' } })
    await expect(stepUp({ minting: forged })).rejects.toMatchObject(refusedToken)
    expect(session(client)).toMatchObject({ renewal: { status: 'ended' } })
    await stepUp()
    expect(session(client)).toMatchObject({ renewal: { status: 'ok' } })
  })

  it('without a refresh token leaves the session the one that it has', async () => {
    await signedIn({ token: { refresh_token: 'rt' } })
    op.refreshAnswer = { claims: { auth_time: undefined } }
    await stepUp()
    await client.renew()
    expect(op.forms.at(-1)?.get('refresh_token')).toBe('rt')
  })

  it('without a refresh token goes on with the one that a renewal under way brings', async () => {
    await signedIn({ token: { refresh_token: 'rt' } })
    op.refreshAnswer = { claims: { auth_time: undefined }, token: { refresh_token: 'rt2' } }
    let isFirst = true
    const refresh = holdRequests(({ url }) => {
      const isHeld = isFirst && url.endsWith('/token')
      if (isHeld) isFirst = false
      return isHeld
    })
    const renewing = client.renew()
    await until(() => refresh.count === 1)
    await stepUp({ token: popup })
    refresh.release()
    await renewing
    expect(await client.getAccessToken()).toBe('popup')
    await client.renew()
    expect(op.forms.at(-1)?.get('refresh_token')).toBe('rt2')
  })

  it('signs no person in who signed out while it was proved', async () => {
    await signedIn()
    page.intercept = ({ url }) => {
      if (url.endsWith('/api/freshness') && asks().length === 2) void client.signOut()
      return undefined
    }
    await stepUp().catch(() => {})
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'signed_out' })
  })
})

describe('the login that a resource server asked for', () => {
  const header = { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", max_age="60"' }
  async function report(afterLogin: () => Response): Promise<Response> {
    await signedIn()
    page.intercept = request => {
      if (!request.url.endsWith('/reports')) return undefined
      const isNew = request.headers.get('Authorization') === 'Bearer popup'
      return isNew ? afterLogin() : new Response(null, { status: 401, headers: header })
    }
    const response = client.fetch('/reports')
    response.catch(() => {})
    await prompted(client, 'step_up')
    page.popups.push({ token: popup })
    answer(client, 'continue')
    return response
  }

  it.each([200, 404, 500])('becomes the session’s when its answer is %i', async status => {
    expect((await report(() => new Response(null, { status }))).status).toBe(status)
    expect(await client.getAccessToken()).toBe('popup')
  })

  it('becomes the session’s when the request fails on the way, since the server refused nothing', async () => {
    const failed = report(() => {
      throw new TypeError('Failed to fetch')
    })
    await expect(failed).rejects.toBeInstanceOf(TypeError)
    expect(await client.getAccessToken()).toBe('popup')
  })

  it('leaves the session as it was when it answers 401 once more', async () => {
    expect((await report(() => new Response(null, { status: 401, headers: header }))).status).toBe(401)
    expect(await client.getAccessToken()).toBe('at')
  })
})

describe('a session whose ID Token the backend refuses', () => {
  const framed = (login: AuthorizationAnswer = {}): AuthorizationAnswer => ({
    claims: { auth_time: seconds() - 10 },
    token: { access_token: 'framed' },
    ...login,
  })
  const signedInForged = (options?: ClientOptions): Promise<void> =>
    signedIn({ minting: forged, token: { refresh_token: 'rt' } }, options)

  it('gets another one from a hidden frame, and the backend is asked once more', async () => {
    await signedInForged()
    page.frame = framed()
    await expect(client.stepUp('email.change')).resolves.toMatchObject({ expiresIn: 60 })
    expect([asks().length, frames().length]).toEqual([2, 1])
    expect(op.forms.some(form => form.get('grant_type') === 'refresh_token')).toBe(false)
    expect(await client.getAccessToken()).toBe('framed')
    await expect(client.stepUp('email.change')).resolves.toMatchObject({ expiresIn: 60 })
    expect([asks().length, frames().length]).toEqual([3, 1])
  })

  it('gets another one for an action that then asks the person', async () => {
    await signedInForged()
    page.frame = framed()
    await expect(stepUp({}, 'payment.approve')).resolves.toMatchObject({ expiresIn: 60 })
  })

  it.each<[string, Visit, number]>([
    ['the frame has none', { error: 'login_required' }, 1],
    ['the backend refuses that of the frame too', framed({ minting: forged }), 2],
  ])('is told so, and asked about no more, where %s', async (_, frame, times) => {
    await signedInForged()
    page.frame = frame
    await expect(client.stepUp('email.change')).rejects.toMatchObject(refusedToken)
    expect([asks().length, frames().length]).toEqual([times, 1])
    expect(await client.getAccessToken()).toBe('at')
    expect(prompt(client)).toBeNull()
  })

  it('is told so where the OP cannot be asked in a frame', async () => {
    await signedInForged({ provider: { name: 'acme', iframe: false } })
    await expect(client.stepUp('email.change')).rejects.toMatchObject(refusedToken)
    expect(frames()).toEqual([])
  })

  it('is asked about when the frame brings another person', async () => {
    await signedInForged()
    page.frame = framed({ claims: { sub: 'jane' } })
    await expect(client.stepUp('email.change')).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(asks()).toHaveLength(1)
    expect(prompt(client)).toMatchObject({ type: 'account_mismatch', actual: { sub: 'jane' } })
  })

  it('keeps it at any other refusal', async () => {
    await signedIn()
    page.frame = framed()
    page.intercept = () => Response.json({ status: 'denied', error: 'binding_mismatch' }, { status: 403 })
    await expect(client.stepUp('email.change')).rejects.toMatchObject({ reason: 'binding_mismatch' })
    expect([asks().length, frames().length]).toEqual([1, 0])
  })

  it('gets another one where a full-page redirect had brought it', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await signedIn({}, { interaction: () => [page.visited.length === 0 ? 'popup' : 'redirect'] })
    client.stepUp('payment.approve', { context: { ...payment } }).catch(() => {})
    await prompted(client, 'step_up')
    answer(client, 'continue')
    await until(() => departures().length === 1)
    const [key, kept] = departures()[0] as [string, string]
    const { transaction }: Departure<unknown> = JSON.parse(kept)
    await unload(client)
    sessionStorage.setItem(key, kept)
    const response = op.authorize(transaction?.url ?? '', { minting: forged })
    sessionStorage.setItem('afresh:response', JSON.stringify(response))
    client = createClient({ timeLimit: 5 })
    client.mount()
    await until(() => client.store.getState().resumed !== null)
    await expect(client.resumeStepUp()).rejects.toMatchObject(refusedToken)
    page.frame = framed()
    await expect(stepUp({}, 'payment.approve')).resolves.toMatchObject({ expiresIn: 60 })
  })
})
