// @vitest-environment jsdom
import { inspect } from 'node:util'
import { type AuthClient, isAuthError } from 'afresh'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Departure } from '../../src/op/redirects.ts'
import {
  type ClientOptions,
  closeTabs,
  departures,
  op,
  openTab,
  page,
  prompt,
  rememberSession,
  seconds,
  session,
  sessionRecord,
  setUpPage,
  unload,
  until,
} from '../support/client.ts'
import type { AuthorizationAnswer } from '../support/op.ts'
import { payment } from '../support/shop.ts'

/** Attacks on what the browser keeps and hears, each with what it must come to. docs/security/attacks.md says where others are. */

const [justNow, loggedInAt] = [seconds(), seconds() - 1000]

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

/** Josh, who signed in a while ago. */
async function signedIn(options: ClientOptions = {}): Promise<AuthClient> {
  const client = await nobody(options)
  page.popups.push({ claims: { auth_time: loggedInAt }, token: { refresh_token: 'rt' } })
  await client.signIn()
  return client
}

async function nobody(options: ClientOptions = {}): Promise<AuthClient> {
  const client = openTab(options)
  await until(() => session(client).status === 'anonymous')
  return client
}

/** What a tab hands to another, as whoever is of this origin can make it up. */
async function handed(claims: object, changes: object = {}): Promise<object> {
  const idToken = await op.mint({ auth_time: loggedInAt, ...claims }, { alg: 'RS256', foreignKey: true })
  const { iss, sub } = decodeJwt(idToken)
  const account = { iss, sub }
  const times = { epoch: sessionRecord().epoch, serial: 1000, accessTokenExpiresAt: seconds() + 300 }
  const tokens = { accessToken: 'forged', tokenType: 'Bearer', idToken, account, claims: decodeJwt(idToken) }
  return { ...tokens, ...times, ...changes }
}

/** Another script of this origin speaks on a channel; when this returns it was heard. */
async function say(name: string, ...messages: unknown[]): Promise<void> {
  const [channel, after] = [new BroadcastChannel(name), new BroadcastChannel(name)]
  const heard = new Promise<void>(resolve => {
    after.onmessage = ({ data }) => data?.type === 'end' && resolve()
  })
  for (const message of [...messages, { type: 'end' }]) channel.postMessage(message)
  await heard
  channel.close()
  after.close()
}
/** Answers each step-up prompt, as a person who goes on and on. */
function goesOn(client: AuthClient): void {
  client.store.subscribe(() => {
    const shown = prompt(client)
    if (shown?.type === 'step_up' && shown.window === 'none')
      queueMicrotask(() => client.answerPrompt(shown.id, 'continue'))
  })
}

/** Josh is asked for more, leaves the page for it and comes back to the next. */
async function leaveAndComeBack(
  start: (client: AuthClient) => Promise<unknown>,
  answer: AuthorizationAnswer = {},
): Promise<AuthClient> {
  const client = await signedIn({ interaction: () => (page.popups.length > 0 ? ['popup'] : ['redirect']) })
  goesOn(client)
  start(client).catch(() => {})
  await until(() => departures().length > 0)
  const [key, kept] = departures()[0] as [string, string]
  await unload(client)
  const { transaction }: Departure<unknown> = JSON.parse(kept)
  sessionStorage.setItem(key, kept)
  sessionStorage.setItem('afresh:response', JSON.stringify(op.authorize(transaction?.url ?? '', answer)))
  page.frame = {}
  const next = openTab()
  await until(() => session(next).status !== 'initializing')
  return next
}
const approve = (client: AuthClient): Promise<unknown> =>
  client.stepUp('payment.approve', { context: { ...payment }, input: payment })

const tabs = (): string => `afresh:tabs:${op.issuer} payments`
const news = async (claims: object, changes: object = {}): Promise<object> => ({
  type: 'session',
  tokens: await handed(claims, changes),
})

describe('local state forged: a message from another script of this origin', () => {
  it('that brings another person’s session makes the page ask, and nothing is sent meanwhile', async () => {
    const client = await signedIn()
    // However old it says it is.
    await say(tabs(), await news({ sub: 'jane' }, { serial: 0 }))
    expect(prompt(client)).toMatchObject({
      type: 'account_changed',
      from: { sub: 'josh' },
      to: { sub: 'jane' },
    })
    const before = page.requests.length
    await expect(client.stepUp('email.change')).rejects.toSatisfy(isAuthError)
    await expect(client.fetch('/api/email')).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(page.requests).toHaveLength(before)
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
  })

  it('that brings another person’s tokens under this one’s name makes the page ask as well', async () => {
    const client = await signedIn()
    const account = { iss: op.issuer, sub: 'josh' }
    await say(tabs(), await news({ sub: 'jane' }, { account, claims: decodeJwt(await op.mint()) }))
    expect(prompt(client)).toMatchObject({ type: 'account_changed', to: { sub: 'jane' } })
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'account_mismatch' })
  })

  it.each([
    ['the same person', () => signedIn()],
    ['an anonymous visitor', () => nobody()],
  ])('that says in the tab of %s that josh has just signed in yields no grant', async (_, load) => {
    const client = await load()
    await say(tabs(), await news({ auth_time: justNow }))
    expect(session(client)).toMatchObject({ account: { sub: 'josh' }, claims: { auth_time: justNow } })
    const denied = { code: 'step_up_denied', reason: 'invalid_token' }
    await expect(client.stepUp('email.change')).rejects.toMatchObject(denied)
    expect(page.shop.ledger).toEqual([])
  })

  it.each([
    ['nothing', async () => null],
    ['a text', async () => 'session'],
    ['another kind of message', async () => ({ type: 'from-the-future' })],
    ['no tokens', async () => ({ type: 'session' })],
    ['empty tokens', async () => ({ type: 'session', tokens: {} })],
    ['no ID Token', async () => news({}, { idToken: undefined })],
    ['an ID Token of another issuer', async () => news({ iss: 'https://evil.example' })],
    ['an ID Token of another client', async () => news({ aud: 'other' })],
    ['no access token', async () => news({}, { accessToken: undefined })],
    ['an access token that is no text', async () => news({}, { accessToken: { toString: 'at' } })],
    ['no type of it', async () => news({}, { tokenType: 7 })],
    ['a refresh token that is no text', async () => news({}, { refreshToken: ['rt'] })],
    ['no serial', async () => news({}, { serial: undefined })],
    ['a serial that is no number', async () => news({}, { serial: '1000' })],
    ['a serial that is NaN', async () => news({}, { serial: Number.NaN })],
    ['a serial after which none can come', async () => news({}, { serial: Number.MAX_SAFE_INTEGER })],
    ['a serial below zero', async () => news({}, { serial: -1 })],
    ['no epoch', async () => news({}, { epoch: undefined })],
    ['an epoch that is no whole number', async () => news({}, { epoch: 0.5 })],
    ['a lifetime that is no number', async () => news({}, { accessTokenExpiresAt: 'never' })],
    ['no lifetime', async () => news({}, { accessTokenExpiresAt: undefined })],
  ])('that brings %s is ignored, whether a person is signed in or not', async (_, message) => {
    const client = await nobody()
    const before = client.store.getState()
    await say(tabs(), await message())
    expect(client.store.getState()).toEqual(before)
    page.popups.push({})
    await client.signIn()
    const josh = client.store.getState()
    await say(tabs(), await message())
    expect(client.store.getState()).toEqual(josh)
    expect(await client.getAccessToken()).toBe('at')
  })

  it('that ends the session for an unknown reason ends it as a sign-out', async () => {
    const client = await signedIn()
    await say(tabs(), { type: 'ended', reason: { toString: 'idle' } })
    expect(session(client)).toEqual({ status: 'anonymous', reason: 'signed_out' })
  })

  it('that brings a session of its own leaves it open to real news that comes later', async () => {
    const client = await signedIn()
    await say(tabs(), await news({}, { more: 'of it' }))
    expect(await client.getAccessToken()).toBe('forged')
    await say(tabs(), await news({}, { serial: 1001, accessToken: 'real' }))
    expect(await client.getAccessToken()).toBe('real')
  })

  it('that answers a page’s search for a session is shown as the person of its tokens', async () => {
    const account = { iss: op.issuer, sub: 'josh' }
    const answer = { type: 'answer', tokens: await handed({ sub: 'jane' }, { account }) }
    const channel = new BroadcastChannel(tabs())
    channel.onmessage = ({ data }) => data.type === 'ask' && channel.postMessage(answer)
    // It can also pass for a tab.
    let leave = (): void => {}
    const gone = new Promise<void>(resolve => {
      leave = resolve
    })
    void page.locks?.request(`afresh:tab:${op.issuer} payments`, { mode: 'shared' }, () => gone)
    const client = openTab()
    await until(() => session(client).status === 'authenticated')
    leave()
    channel.close()
    expect(session(client)).toMatchObject({ account: { sub: 'jane' } })
  })

  it('that puts another code under the state of a sign-in signs no person in', async () => {
    const client = await nobody()
    page.popups.push('stay')
    const signingIn = client.signIn()
    signingIn.catch(() => {})
    await until(() => page.visited.at(-1)?.searchParams.get('prompt') === null)
    // A code from a request of the attacker's own.
    const url = new URL(page.visited.at(-1) ?? '')
    url.searchParams.set('code_challenge', 'x'.repeat(43))
    const stolen = op.authorize(url.href, { claims: { sub: 'mallory' } })
    await say(`afresh:${url.searchParams.get('state')}`, 7, null, {}, stolen)
    await expect(signingIn).rejects.toMatchObject({ code: 'authorization_failed', error: 'invalid_grant' })
    expect(session(client).status).toBe('anonymous')
  })
})

describe('local state forged', () => {
  const kept = (): string => `afresh:session:${op.issuer} payments`

  it('a login of just now that is made up in sessionStorage yields no grant', async () => {
    rememberSession()
    sessionStorage.setItem(kept(), JSON.stringify(await handed({ auth_time: seconds() })))
    const client = openTab({ storage: 'session' })
    await until(() => session(client).status === 'authenticated')
    const denied = { code: 'step_up_denied', reason: 'invalid_token' }
    await expect(client.stepUp('email.change')).rejects.toMatchObject(denied)
    expect(page.shop.ledger).toEqual([])
  })

  it('a session in sessionStorage with josh’s name on jane’s tokens shows jane', async () => {
    const account = { iss: op.issuer, sub: 'josh' }
    rememberSession()
    sessionStorage.setItem(kept(), JSON.stringify(await handed({ sub: 'jane' }, { account })))
    const client = openTab({ storage: 'session' })
    await until(() => session(client).status === 'authenticated')
    expect(session(client)).toMatchObject({ account: { sub: 'jane' }, claims: { sub: 'jane' } })
  })

  it.each([
    ['a session of another issuer', { iss: 'https://evil.example' }, {}],
    ['a session of another sign-in', {}, { epoch: 2 }],
    ['a session without an access token', {}, { accessToken: null }],
  ])('sessionStorage with %s signs no person in', async (_, claims, changes) => {
    rememberSession()
    sessionStorage.setItem(kept(), JSON.stringify(await handed(claims, changes)))
    const client = openTab({ storage: 'session', renewal: { restore: ['tabs', 'iframe'] } })
    await until(() => session(client).status === 'anonymous')
  })

  it.each(['{}', '7', '{', '[]', '{"idToken":"a.b.c"}'])(
    'sessionStorage with the text %s signs no person in',
    async text => {
      sessionStorage.setItem(kept(), text)
      const client = openTab({ storage: 'session' })
      await until(() => session(client).status === 'anonymous')
    },
  )

  it('a kept discovery document of another issuer is not used', async () => {
    const metadata = { issuer: 'https://evil.example', token_endpoint: 'https://evil.example/token' }
    sessionStorage.setItem(`afresh:metadata:${op.issuer}`, JSON.stringify({ at: seconds(), metadata }))
    const client = await signedIn()
    expect(session(client)).toMatchObject({ account: { iss: op.issuer } })
  })

  it('the state cannot be set, and a session that is made to look fresh is challenged all the same', async () => {
    const client = await signedIn()
    expect(Object.keys(client.store).sort()).toEqual(['getInitialState', 'getState', 'subscribe'])
    Object.assign((session(client) as { claims: object }).claims, { auth_time: seconds() })
    client.stepUp('email.change').catch(() => {})
    await until(() => prompt(client)?.type === 'step_up')
  })
})

it('prompt stripped: a login that comes back by redirect and is too old does not become the session', async () => {
  const old = { claims: { auth_time: loggedInAt }, token: { access_token: 'old' } }
  const client = await leaveAndComeBack(approve, old)
  expect(await client.getAccessToken()).toBe('at')
  await expect(client.resumeStepUp()).rejects.toMatchObject({ code: 'step_up_denied', reason: 'stale' })
})

describe('sub swapped', () => {
  it('the page asks if jane comes back by redirect in place of josh, and uses nothing of hers', async () => {
    const client = await leaveAndComeBack(approve, { claims: { sub: 'jane' } })
    expect(prompt(client)).toMatchObject({
      type: 'account_mismatch',
      expected: { sub: 'josh' },
      actual: { sub: 'jane' },
    })
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'account_mismatch' })
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'interaction_required' })
    await expect(client.resumeStepUp()).rejects.toMatchObject({ code: 'account_mismatch' })
  })

  it.each<[string, (client: AuthClient) => Promise<unknown>]>([
    ['he signs out', client => client.signOut()],
    ['jane signs in', client => client.signIn({ prompt: 'login' })],
  ])('what josh left unfinished is gone when %s', async (_, leave) => {
    const client = await leaveAndComeBack(approve)
    expect(client.store.getState().resumed).toMatchObject({ action: 'payment.approve', error: null })
    page.popups.push({ claims: { sub: 'jane' } })
    await leave(client)
    expect(client.store.getState().resumed).toBeNull()
    await expect(client.resumeStepUp()).rejects.toMatchObject({ code: 'configuration_invalid' })
  })
})

it('late answers: a sign-in that was given up does not leave the page any more', async () => {
  const client = await nobody({ interaction: ['redirect'] })
  const controller = new AbortController()
  const givenUp = client.signIn({ signal: controller.signal })
  controller.abort()
  await expect(givenUp).rejects.toMatchObject({ code: 'interaction_cancelled', reason: 'aborted' })
  void client.signIn({ loginHint: 'second' })
  await until(() => departures().length > 0)
  expect(departures().map(([, kept]) => kept.includes('login_hint=second'))).toEqual([true])
})

it.each(['//evil.example', 'https://evil.example/', 'javascript:alert(1)'])(
  'open redirect by returnTo: a sign-out back to %s is refused, and the session stays',
  async returnTo => {
    const client = await signedIn()
    await expect(client.signOut({ returnTo })).rejects.toMatchObject({ code: 'configuration_invalid' })
    expect(session(client).status).toBe('authenticated')
  },
)

describe('an endless loop of refusals', () => {
  const challenge = { status: 'challenged', nonce: 'n', prompt: 'login', expires_in: 600 }
  const insufficient = (more: string, body: unknown = null): Response =>
    Response.json(body, {
      status: 401,
      headers: { 'WWW-Authenticate': `Bearer error="insufficient_user_authentication"${more}` },
    })

  it('a backend that refuses every grant gets one proof, and its refusal stands', async () => {
    const client = await signedIn()
    goesOn(client)
    page.intercept = ({ url }) =>
      url.endsWith('/approve')
        ? insufficient('', { ...challenge, challenge: 'c' })
        : Response.json({ status: 'granted', grant: 'g', expires_in: 60 })
    page.popups.push({}, {}, {})
    const refused = client.fetch('/api/payments/approve', { method: 'POST', body: '{}' })
    await expect(refused).rejects.toMatchObject({ code: 'step_up_denied', response: { status: 401 } })
    expect(page.popups).toHaveLength(2)
    expect(prompt(client)).toBeNull()
  })

  it('a backend that finds no login strong enough causes a prompt that says so, and no second question', async () => {
    const client = await signedIn()
    goesOn(client)
    page.intercept = request =>
      request.headers.get('Content-Length') === null && page.popups.length < 2
        ? Response.json({ status: 'denied', error: 'acr_unmet' }, { status: 403 })
        : undefined
    page.popups.push({}, {})
    await expect(approve(client)).rejects.toMatchObject({ code: 'step_up_denied', reason: 'acr_unmet' })
    expect(prompt(client)).toMatchObject({ type: 'step_up_unmet', action: 'payment.approve' })
    expect(page.popups).toHaveLength(1)
  })

  it('a weaker login that comes back by redirect is not tried, and a prompt says so', async () => {
    page.intercept = ({ url }) => (url.endsWith('/reports') ? insufficient(', acr_values="gold"') : undefined)
    const client = await leaveAndComeBack(one => one.fetch('/reports'), { claims: { acr: 'bronze' } })
    await expect(client.resumeStepUp()).rejects.toMatchObject({ code: 'step_up_unmet' })
    expect(prompt(client)).toMatchObject({ type: 'step_up_unmet' })
  })

  it('a tab asks the OP by a full-page redirect once only', async () => {
    rememberSession()
    openTab()
    await until(() => departures().length > 0)
    closeTabs()
    // Whoever did not come back by way of the OP, but by the browser's own button.
    const client = await nobody()
    expect(session(client)).toMatchObject({ reason: 'login_required' })
    expect(departures()).toEqual([])
  })
})

it('a resource server cannot give a login a nonce of its choice: only the guard’s own origin can', async () => {
  const client = await signedIn({ freshness: { endpoint: `${op.issuer}/freshness` } })
  goesOn(client)
  const body = { status: 'challenged', challenge: 'c', nonce: 'of-the-attacker', expires_in: 600 }
  const header = 'Bearer error="insufficient_user_authentication"'
  page.intercept = () => Response.json(body, { status: 401, headers: { 'WWW-Authenticate': header } })
  page.popups.push({})
  await client.fetch('/reports')
  expect(page.visited.at(-1)?.searchParams.get('nonce')).toMatch(/^[\da-f-]{72}$/)
  expect(page.requests.some(({ url }) => url.endsWith('/freshness'))).toBe(false)
})

it('a front-channel logout that names no session ends none, even if ID Tokens name none', async () => {
  const client = await signedIn()
  await say('afresh:logout', { iss: op.issuer }, { iss: op.issuer, sid: null })
  expect(session(client).status).toBe('authenticated')
})

it('no token, code, verifier, challenge or grant reaches the logger or an error', async () => {
  const told: unknown[] = []
  const hear = (error: unknown): void => void told.push(error)
  const logger = (event: object): void => void told.push(event)
  const client = openTab({ logger })
  await until(() => session(client).status === 'anonymous')
  const tokens = { access_token: 'secret-at', refresh_token: 'secret-rt' }
  const visits = [
    { claims: { nonce: 'other' } },
    { token: { id_token: 'eyJ.eyJ.eyJ' } },
    { token: { token_type: 'N_A' } },
    { raw: { status: 400, type: 'application/json', body: '{"error":"invalid_grant","code":"code-0"' } },
    { response: { state: 'other' } },
    { response: { error: 'access_denied' } },
    { claims: { auth_time: loggedInAt } },
  ]
  for (const visit of visits) {
    page.popups.push({ ...visit, token: { ...tokens, ...('token' in visit ? visit.token : {}) } })
    await client.signIn().catch(hear)
  }
  page.frame = { claims: { sub: 'jane' }, token: tokens }
  op.refreshAnswer = { raw: { status: 200, type: 'text/html', body: 'secret-rt' } }
  await client.renew().catch(hear)
  op.refreshAnswer = {}
  page.frame = { error: 'login_required' }
  goesOn(client)
  page.popups.push({ claims: { auth_time: loggedInAt } }, {})
  await client.stepUp('email.change').catch(hear)
  const grant = await client.stepUp('email.change')
  await grant.fetch('/api/email', { method: 'POST' })
  await client.signOut()
  const has = (type: string): boolean => told.some(one => (one as { type?: string }).type === type)
  await until(() => ['proof.denied', 'freshness.granted', 'grant.used', 'session.signed_out'].every(has))
  expect(told.filter(one => one instanceof Error)).toHaveLength(8)
  const verifiers = op.forms.map(form => form.get('code_verifier') ?? '').filter(Boolean)
  const secrets = [...verifiers, 'eyJ', 'secret-', 'code-']
  const everything = inspect(told, { depth: null, showHidden: true, maxStringLength: null })
  expect(secrets.filter(secret => everything.includes(secret))).toEqual([])
})
