import { get } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../demo/listen.ts'
import { type Loopback, listenAt, PortError } from '../../src/doctor/loopback.ts'
import type { Finding } from '../../src/doctor/report.ts'
import { walk } from '../../src/doctor/walk.ts'
import { type AuthorizationAnswer, type ScriptedOp, startOp } from '../support/op.ts'

const now = () => Math.floor(Date.now() / 1000)
let op: ScriptedOp
let loopback: Loopback
let home: string
let ended: AbortController
let findings: Promise<Finding[]>

beforeEach(async () => {
  op = await startOp(now)
  home = `http://127.0.0.1:${await freePort()}`
  loopback = await listenAt(`${home}/auth/callback.html`)
  ended = new AbortController()
})
afterEach(async () => {
  ended.abort()
  await findings
  await loopback.close()
  await op.close()
})

function begin(more: object = {}): void {
  const endpoints = { authorization_endpoint: `${op.issuer}/authorize`, token_endpoint: `${op.issuer}/token` }
  findings = walk({
    metadata: { issuer: op.issuer, ...endpoints, jwks_uri: `${op.issuer}/jwks`, ...more },
    patient: { issuer: op.issuer, clientId: 'payments', origin: home, seconds: 2 },
    profile: { name: 'generic', options: [], findings: [], asksByAge: true },
    loopback,
    signal: ended.signal,
  })
}
const visit = (path: string): Promise<Response> => fetch(`${home}${path}`, { redirect: 'manual' })
const post = (path: string, origin = home): Promise<Response> =>
  fetch(`${home}${path}`, { method: 'POST', redirect: 'manual', headers: { Origin: origin } })

/** Signs in as the OP answers, as far as the finding on the page. */
async function signIn(answer?: AuthorizationAnswer): Promise<Response> {
  const request = (await visit('/doctor/go/sign-in')).headers.get('Location') ?? ''
  const back = await visit(`/auth/callback.html?${op.authorize(request, answer)}`)
  await expect.poll(async () => (await visit('/')).text()).toContain('class="finding"')
  return back
}
async function finish(): Promise<Record<string, string>> {
  await post('/doctor/finish')
  return Object.fromEntries((await findings).map(({ check, level }) => [check, level]))
}

describe('during the walk', () => {
  it('a code that comes back is redeemed, and its ID Token is verified', async () => {
    begin()
    await signIn()
    expect(await finish()).toMatchObject({ 'sign-in': 'good', iss: 'good' })
    expect(op.requests.jwks).toBe(1)
  })

  it.each<[string, AuthorizationAnswer]>([
    ['another’s signature', { minting: { foreignKey: true } }],
    ['no signature', { minting: { alg: 'none' } }],
    ['another nonce', { claims: { nonce: 'other' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['another audience', { claims: { aud: 'other' } }],
    ['no ID Token', { token: { id_token: undefined } }],
    ['a token of another type', { token: { token_type: 'mac' } }],
    ['another issuer in the answer', { response: { iss: 'https://evil.example' } }],
    ['no code', { response: { code: undefined } }],
    ['an error of the OP', { response: { code: undefined, error: 'access_denied' } }],
    ['an answer that is no JSON', { raw: { status: 200, type: 'text/html', body: '<h1>Hello</h1>' } }],
  ])('a sign-in with %s fails', async (_, answer) => {
    begin()
    await signIn(answer)
    expect((await finish())['sign-in']).toBe('fail')
  })

  it('an answer without iss fails where one is promised', async () => {
    begin({ authorization_response_iss_parameter_supported: true })
    await signIn({ response: { iss: undefined } })
    expect((await finish())['sign-in']).toBe('fail')
  })

  it('the sign-in fails when the keys cannot be fetched', async () => {
    begin({ jwks_uri: `http://127.0.0.1:${await freePort()}/jwks` })
    await signIn()
    expect((await finish())['sign-in']).toBe('fail')
  })

  it('offline_access is asked for where it is known, and left out when it was refused', async () => {
    begin({ scopes_supported: ['openid', 'offline_access'] })
    const scope = async (): Promise<string | null> =>
      new URL((await visit('/doctor/go/sign-in')).headers.get('Location') ?? '').searchParams.get('scope')
    expect(await scope()).toBe('openid offline_access')
    await signIn({ response: { code: undefined, error: 'invalid_scope' } })
    expect(await scope()).toBe('openid')
  })

  it('a refresh token is tried in the end', async () => {
    begin()
    await signIn({ token: { refresh_token: 'rt' } })
    expect((await finish())['refresh token']).toBe('good')
    expect(op.forms.map(form => form.get('grant_type'))).toEqual(['authorization_code', 'refresh_token'])
  })

  it('an answer with another state, or a second one, is never redeemed', async () => {
    begin()
    const request = (await visit('/doctor/go/sign-in')).headers.get('Location') ?? ''
    await visit('/auth/callback.html?state=forged&code=c')
    expect(op.requests.token).toBe(0)
    const answer = op.authorize(request)
    await visit(`/auth/callback.html?${answer}`)
    await visit(`/auth/callback.html?${answer}`)
    await expect.poll(async () => (await visit('/')).text()).toContain('class="finding"')
    expect(op.requests.token).toBe(1)
  })

  it('an answer is out of the address at once', async () => {
    begin()
    const back = await signIn()
    expect([back.status, back.headers.get('Location')]).toEqual([303, '/doctor/back'])
  })

  it('only a sign-in can be begun before a person has signed in', async () => {
    begin()
    expect((await visit('/doctor/go/max_age')).headers.get('Location')).toBe('/')
    expect((await visit('/doctor/go/nothing')).headers.get('Location')).toBe('/')
  })

  it('a step without an answer fails, and a late answer does not count', async () => {
    begin()
    const request = (await visit('/doctor/go/sign-in')).headers.get('Location') ?? ''
    await post('/doctor/gone/sign-in')
    await visit(`/auth/callback.html?${op.authorize(request)}`)
    expect((await finish())['sign-in']).toBe('fail')
    expect(op.requests.token).toBe(0)
  })

  it('the doctor ends when told to, with what is known', async () => {
    begin()
    ended.abort()
    expect((await findings).map(({ check, level }) => [check, level])).toEqual([
      ['sign-in', 'unknown'],
      ['re-authentication', 'unknown'],
    ])
  })

  it('the doctor ends by itself after ten minutes without an event', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    begin()
    let isOver = false
    void findings.then(() => {
      isOver = true
    })
    vi.advanceTimersByTime(599_999)
    await new Promise(setImmediate)
    expect(isOver).toBe(false)
    vi.advanceTimersByTime(1)
    vi.useRealTimers()
    expect(await findings).toHaveLength(2)
  })

  it('a form of another origin has no effect', async () => {
    begin()
    expect((await post('/doctor/finish', 'https://evil.example')).status).toBe(403)
    await signIn()
    expect((await finish())['sign-in']).toBe('good')
  })

  it('a request by another name of this machine is refused', async () => {
    begin()
    const status = new Promise(resolve => {
      get(home, { headers: { Host: 'evil.example' } }, response => resolve(response.resume().statusCode))
    })
    expect(await status).toBe(421)
  })

  it('the provider’s words are text on the page, never markup', async () => {
    begin()
    await signIn({ response: { code: undefined, error: '<img src=x>' } })
    const page = await (await visit('/')).text()
    expect(page).toContain('&lt;img src=x&gt;')
    expect(page).not.toContain('<img')
  })
})

it('the doctor says that a port is taken', async () => {
  begin()
  await expect(listenAt(`${home}/`)).rejects.toBeInstanceOf(PortError)
})
