// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest'
import {
  billing,
  listed,
  person,
  refreshes,
  refuse,
  reports,
  setUpApis,
  signedIn,
} from '../../support/apis.ts'
import { op, page, prompt, session, setUpPage, until } from '../../support/client.ts'
import { holdRequests } from '../../support/hold.ts'

setUpPage()
setUpApis()

const text = async (response: Promise<Response>): Promise<string> => (await (await response).json()).token

describe('a request', () => {
  it('carries the token of its origin’s API, and none to an origin that is not listed', async () => {
    const client = await signedIn()
    expect(await text(client.fetch(`${reports.url}/a`))).toBe('reports reports.read 1')
    expect(await text(client.fetch(`${billing.url}/b`))).toBe('billing billing.read 2')
    page.intercept = request => Response.json({ token: request.headers.get('Authorization') })
    expect(await text(client.fetch('/own'))).toBeNull()
  })

  it('carries the session’s token where its API has neither resource nor scope', async () => {
    const client = await signedIn({ api: [...listed().slice(0, 1), { origin: billing.url }] })
    expect(await text(client.fetch(billing.url))).toBe('at')
    expect(refreshes).toEqual([])
  })

  it('shares its token with every other request, also when fifty ask each API at once', async () => {
    const client = await signedIn()
    const calls = Array.from({ length: 50 }, (_, n) =>
      [reports, billing].map(({ url }) => client.fetch(`${url}/${n}`)),
    )
    await Promise.all(calls.flat())
    expect(refreshes).toEqual([
      { api: 'https://reports.example', scope: 'reports.read' },
      { api: 'https://billing.example', scope: 'billing.read' },
    ])
    expect(new Set(reports.tokens).size + new Set(billing.tokens).size).toBe(2)
  })
})

describe('getAccessToken', () => {
  it.each([
    [{}, 'at', 0],
    [{ resource: 'https://reports.example', scope: 'reports.read' }, 'reports reports.read 1', 1],
    [{ resource: 'https://billing.example' }, 'billing 1', 1],
    [{ scope: 'profile openid email' }, 'at', 0],
    [{ resource: '', scope: ' ' }, 'at', 0],
    [{ scope: 'reports.read' }, 'own reports.read 1', 1],
  ])('gives for %j the token %s', async (wanted, token, requests) => {
    const client = await signedIn()
    expect(await client.getAccessToken(wanted)).toBe(token)
    expect(await client.getAccessToken(wanted)).toBe(token)
    expect(refreshes).toHaveLength(requests)
  })

  it('renews the token of an API when it would not last, and leaves the session’s', async () => {
    const client = await signedIn()
    const [wanted] = listed()
    await client.getAccessToken({ ...wanted })
    const again = await client.getAccessToken({
      resource: wanted?.resource,
      scope: wanted?.scope,
      minValidity: 400,
    })
    expect(again).toBe('reports reports.read 2')
    expect(await client.getAccessToken()).toBe('at')
  })
})

describe('the token of an API', () => {
  it('stays when the session’s own is renewed', async () => {
    const client = await signedIn()
    await client.fetch(reports.url)
    await client.renew()
    expect(await client.getAccessToken()).toBe('own 2')
    await client.fetch(reports.url)
    expect(reports.tokens).toEqual(['reports reports.read 1', 'reports reports.read 1'])
  })

  it('is renewed when the API says that it is no longer good, and no other is', async () => {
    const client = await signedIn()
    reports.answer = token =>
      token.endsWith('1') ? { status: 401, challenge: 'Bearer error="invalid_token"' } : { status: 200 }
    expect((await client.fetch(reports.url)).status).toBe(200)
    expect(reports.tokens).toEqual(['reports reports.read 1', 'reports reports.read 2'])
    expect(await client.getAccessToken()).toBe('at')
  })

  it('is gone when another person signs in', async () => {
    const client = await signedIn()
    await client.fetch(reports.url)
    page.popups.push({ claims: { sub: 'jane' }, token: { refresh_token: 'rt1' } })
    await client.signIn()
    person.sub = 'jane'
    await client.fetch(reports.url)
    expect(reports.tokens).toEqual(['reports reports.read 1', 'reports reports.read 2'])
  })

  it('that comes after a sign-out is dropped', async () => {
    const client = await signedIn()
    // The person signs out while the OP is thinking.
    refuse(() => void client.signOut().catch(() => {}))
    const [wanted] = listed()
    const asked = client.getAccessToken({ resource: wanted?.resource, scope: wanted?.scope })
    await expect(asked).rejects.toMatchObject({ code: 'interaction_required' })
    expect(refreshes).toHaveLength(1)
    expect(session(client).status).toBe('anonymous')
    expect(prompt(client)).toBeNull()
  })

  it('that comes after the same person has signed out and in again is dropped', async () => {
    const client = await signedIn()
    let isFirst = true
    const held = holdRequests(({ url }) => {
      const isHeld = isFirst && url.endsWith('/token')
      if (isHeld) isFirst = false
      return isHeld
    })
    const [wanted] = listed()
    const asked = client.fetch(reports.url).catch(() => {})
    await until(() => held.count === 1)
    void client.signOut().catch(() => {})
    page.popups.push({ token: { refresh_token: 'rt1' } })
    await client.signIn()
    held.release()
    await asked
    await until(() => refreshes.length > 0)
    const token = await client.getAccessToken({ resource: wanted?.resource, scope: wanted?.scope })
    expect(token).toBe('reports reports.read 2')
  })

  it('is revoked at a sign-out without a refresh token', async () => {
    op.metadata = { revocation_endpoint: `${op.issuer}/revoke` }
    page.frame = { token: { access_token: 'at of a frame' } }
    const client = await signedIn({}, { token: { refresh_token: undefined } })
    await client.fetch(reports.url)
    op.forms.length = 0
    await client.signOut()
    expect(op.forms.map(form => form.get('token')).sort()).toEqual(['at', 'at of a frame'])
  })
})

it('an OP that is down ends the request as it ends one with the session’s token, and nothing is shown', async () => {
  const client = await signedIn()
  vi.spyOn(console, 'warn').mockReturnValue()
  refuse(() => undefined)
  op.down = true
  await expect(client.fetch(reports.url)).rejects.toMatchObject({ code: 'network' })
  op.down = false
  expect(prompt(client)).toBeNull()
  expect((await client.fetch(reports.url)).status).toBe(200)
})
