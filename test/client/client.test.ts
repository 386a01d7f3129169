// @vitest-environment jsdom
import { type AuthClient, createAuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defaults } from '../../src/client/defaults.ts'
import { resolveOptions } from '../../src/client/resolved-options.ts'
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
  until,
} from '../support/client.ts'
import { startOp } from '../support/op.ts'
import { payment } from '../support/shop.ts'

let client: AuthClient

setUpPage()
beforeEach(() => {
  client = createClient()
})

async function signedIn(): Promise<void> {
  page.popups.push({ claims: { auth_time: seconds() - 1000 } })
  await client.signIn()
}
const context = { ...payment }

describe('when the page loads', () => {
  it('the client restores a live session of the OP in a frame', async () => {
    page.frame = {}
    client.mount()
    await until(() => session(client).status === 'authenticated')
    expect(page.visited[0]?.searchParams.get('prompt')).toBe('none')
    expect(page.openWindows).toBe(0)
  })

  it.each([
    [{ error: 'login_required' }, 'login_required'],
    [{ error: 'server_error' }, 'failed'],
    [{ claims: { iss: 'https://evil.example' } }, 'failed'],
  ])('the frame’s answer %j makes the session anonymous for the reason %s', async (frame, reason) => {
    page.frame = frame
    client.mount()
    await until(() => session(client).status === 'anonymous')
    expect(session(client)).toMatchObject({ reason })
    expect(page.openWindows).toBe(0)
  })

  it('a signed-out page loads the callback page in advance, and a signed-in one does not', async () => {
    const callbacks = () => page.requests.filter(({ url }) => url.endsWith('/auth/callback.html'))
    client.mount()
    await until(() => callbacks().length === 1)
    // A tab that has just heard that the OP knows no person would say so.
    client.dispose()
    page.frame = {}
    const second = createClient()
    second.mount()
    await until(() => session(second).status === 'authenticated')
    second.dispose()
    expect(callbacks()).toHaveLength(1)
  })

  it('an OP that never answers makes the session anonymous for the reason timeout', async () => {
    page.frame = 'stay'
    client = createClient({ timeLimit: 0.2 })
    client.mount()
    await until(() => session(client).status === 'anonymous')
    expect(session(client)).toMatchObject({ reason: 'timeout', error: { code: 'timeout' } })
  })

  it('an app that is loaded in its own hidden frame says so at once, and opens no frame there', async () => {
    page.frame = 'stay'
    client = createClient({ timeLimit: 60 })
    client.mount()
    await until(() => page.visited.length === 1)
    const response = `code=c&state=${page.visited[0]?.searchParams.get('state')}`
    history.replaceState(null, '', `${defaults.callbackUrl}#${response}`)
    const load = () => createAuthClient({ issuer: op.issuer, clientId: 'payments' })
    expect(load).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
    expect(location.hash).toBe('')
    history.replaceState(null, '', '/')
    await until(() => session(client).status === 'anonymous')
    expect(session(client)).toMatchObject({ error: { code: 'configuration_invalid' } })
    expect(page.visited).toHaveLength(1)
    expect(op.forms).toEqual([])
  })

  it('a person whose clock is 90 s slow is signed in by the time of the app’s own server', async () => {
    page.intercept = ({ url }) => {
      if (new URL(url).pathname !== defaults.callbackUrl) return undefined
      return new Response('', { headers: { Date: new Date((seconds() + 90) * 1000).toUTCString() } })
    }
    page.frame = { claims: { iat: seconds() + 90, exp: seconds() + 390 } }
    client = createClient()
    client.mount()
    await until(() => session(client).status !== 'initializing')
    expect(session(client)).toMatchObject({ status: 'authenticated' })
  })

  it('a person whose clock is 90 s slow hears of the clock where no server tells the time', async () => {
    page.frame = { claims: { iat: seconds() + 90 } }
    client = createClient()
    client.mount()
    await until(() => session(client).status === 'anonymous')
    const { error } = session(client) as { error?: unknown }
    expect(error).toMatchObject({ code: 'id_token_invalid', claim: 'iat', reason: 'future' })
    expect(Math.abs(Number((error as { clockAhead?: unknown }).clockAhead) + 90)).toBeLessThan(5)
  })

  it('a login that answers the request of the frame that got no answer signs in', async () => {
    page.frame = 'stay'
    client = createClient({ timeLimit: 0.2 })
    client.mount()
    await until(() => session(client).status === 'anonymous')
    page.popups.push({ earlier: { claims: { sub: 'jane' } } })
    await client.signIn()
    expect(session(client)).toMatchObject({ status: 'authenticated', account: { sub: 'jane' } })
    expect(page.openWindows).toBe(0)
  })

  it('a login that answers an earlier request is held to what the sign-in asks for', async () => {
    page.frame = 'stay'
    client = createClient({ timeLimit: 0.2 })
    client.mount()
    await until(() => session(client).status === 'anonymous')
    page.popups.push({ earlier: { claims: { auth_time: 1 } } })
    await expect(client.signIn({ maxAge: 60 })).rejects.toMatchObject({
      code: 'id_token_invalid',
      reason: 'too_old',
    })
    expect(session(client).status).toBe('anonymous')
  })

  it('a resumeStepUp that came too early leaves the session to be found', async () => {
    page.frame = {}
    await expect(client.resumeStepUp()).rejects.toMatchObject({ code: 'configuration_invalid' })
    client.mount()
    await until(() => session(client).status === 'authenticated')
  })

  it('a client that is mounted twice asks once', async () => {
    client.mount()()
    client.mount()
    await until(() => session(client).status === 'anonymous')
    expect(page.visited).toHaveLength(1)
  })
})

describe('signing in', () => {
  it('opens its popup within the call, once the page has loaded', async () => {
    client.mount()
    await vi.dynamicImportSettled()
    page.popups.push('stay')
    const before = page.openWindows
    void client.signIn()
    expect(page.openWindows).toBe(before + 1)
  })

  it('gives the account, and the token only to getAccessToken', async () => {
    page.popups.push({ claims: { name: 'Josh' } })
    expect(await client.signIn()).toEqual({ iss: op.issuer, sub: 'josh', name: 'Josh' })
    expect(await client.getAccessToken()).toBe('at')
    expect(JSON.stringify(client.store.getState())).not.toMatch(/"at"|eyJ/)
  })

  it.each([
    ['close', { code: 'interaction_cancelled', reason: 'window_closed' }],
    [{ error: 'access_denied' }, { code: 'authorization_failed', error: 'access_denied' }],
    [{ claims: { nonce: 'other' } }, { code: 'id_token_invalid' }],
  ] as const)('rejects after %j and leaves the session anonymous', async (visit, error) => {
    client.mount()
    await until(() => session(client).status === 'anonymous')
    page.popups.push(visit)
    await expect(client.signIn()).rejects.toMatchObject(error)
    expect(session(client)).toMatchObject({ status: 'anonymous', error })
    expect(page.openWindows).toBe(0)
  })

  it('refuses an older login than maxAge allows', async () => {
    page.popups.push({ claims: { auth_time: seconds() - 1000 } })
    await expect(client.signIn({ maxAge: 60 })).rejects.toMatchObject({
      claim: 'auth_time',
      reason: 'too_old',
    })
  })

  it('rejects with a typed error where the popup is blocked and redirects are not allowed', async () => {
    client = createClient({ interaction: ['popup'] })
    await expect(client.signIn()).rejects.toMatchObject({ code: 'popup_blocked' })
  })

  it('asks what to do about a popup that is lost, and opens it again', async () => {
    page.popups.push('lose', {})
    const pending = client.signIn()
    await prompted(client, 'sign_in')
    answer(client, 'continue')
    expect(await pending).toMatchObject({ sub: 'josh' })
    expect(prompt(client)).toBeNull()
    expect(page.openWindows).toBe(0)
  })

  it('opens a popup where redirects come first but the tab cannot keep anything', async () => {
    client = createClient({ interaction: ['redirect', 'popup'] })
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    page.popups.push({})
    expect(await client.signIn()).toMatchObject({ sub: 'josh' })
  })

  it('leaves the page where redirects come first', async () => {
    client = createClient({ interaction: ['redirect', 'popup'] })
    client.signIn().catch(() => {})
    await until(() => departures().length === 1)
    expect(page.openWindows).toBe(0)
    expect(Object.keys({ ...sessionStorage })).not.toContain('afresh:probe')
  })

  it('closes its popup when it is aborted', async () => {
    page.popups.push('stay')
    const controller = new AbortController()
    const pending = client.signIn({ signal: controller.signal })
    controller.abort()
    await expect(pending).rejects.toMatchObject({ code: 'interaction_cancelled', reason: 'aborted' })
    expect(page.openWindows).toBe(0)
  })

  it('opens no popup when it is aborted before', async () => {
    page.popups.push({})
    const aborted = client.signIn({ signal: AbortSignal.abort() })
    expect(page.popups).toHaveLength(1)
    await expect(aborted).rejects.toMatchObject({ code: 'interaction_cancelled', reason: 'aborted' })
  })

  it('is refused by a client that is disposed of', async () => {
    client.dispose()
    page.popups.push({})
    await expect(client.signIn()).rejects.toMatchObject({ code: 'interaction_cancelled', reason: 'aborted' })
    expect([session(client).status, page.popups.length]).toEqual(['anonymous', 1])
  })

  it.each(['https://evil.example/', '//evil.example', 'javascript:alert(1)'])(
    'refuses to come back to %s',
    async to => {
      await expect(client.signIn({ returnTo: to })).rejects.toMatchObject({ code: 'configuration_invalid' })
      expect(page.openWindows).toBe(0)
    },
  )
})

describe('a step-up', () => {
  const approve = async (): Promise<Response> => {
    const grant = await client.stepUp('payment.approve', { context })
    return grant.fetch('/api/payments/approve', { method: 'POST', body: JSON.stringify(payment) })
  }

  it('asks, lets the person confirm, proves, and the grant does it once', async () => {
    await signedIn()
    page.popups.push({})
    const pending = approve()
    await prompted(client, 'step_up')
    answer(client, 'continue')
    expect((await pending).status).toBe(200)
    expect(page.shop.ledger).toMatchObject([{ subject: 'josh', action: 'payment.approve' }])
    expect(page.visited.at(-1)?.searchParams.get('prompt')).toBe('login')
    expect(prompt(client)).toBeNull()
  })

  it('needs no prompt when the backend is satisfied', async () => {
    page.popups.push({})
    await client.signIn()
    const grant = await client.stepUp('email.change')
    expect((await grant.fetch('/api/email', { method: 'POST' })).status).toBe(200)
  })

  it('whose login the OP did not repeat is refused by the backend, and stays out of the session', async () => {
    await signedIn()
    const before = session(client)
    page.popups.push({ claims: { auth_time: seconds() - 1000 } })
    const pending = approve()
    await prompted(client, 'step_up')
    answer(client, 'continue')
    await expect(pending).rejects.toMatchObject({ code: 'step_up_denied', reason: 'stale' })
    expect(session(client)).toEqual(before)
  })

  it.each([
    ['close', { code: 'interaction_cancelled', reason: 'window_closed' }],
    [{ error: 'access_denied' }, { code: 'authorization_failed' }],
    [{ error: 'unmet_authentication_requirements' }, { code: 'step_up_unmet' }],
  ] as const)('that ends with %j leaves the session as it was', async (visit, error) => {
    await signedIn()
    const before = session(client)
    page.popups.push(visit)
    const pending = approve()
    await prompted(client, 'step_up')
    answer(client, 'continue')
    await expect(pending).rejects.toMatchObject(error)
    expect(session(client)).toEqual(before)
    expect(page.openWindows).toBe(0)
  })

  it('shows its window to a person who continues once more', async () => {
    await signedIn()
    page.popups.push('stay', {})
    const pending = approve()
    await prompted(client, 'step_up')
    answer(client, 'continue')
    answer(client, 'continue')
    expect(page).toMatchObject({ shown: 1, openWindows: 1 })
    answer(client, 'cancel')
    await expect(pending).rejects.toMatchObject({ reason: 'dismissed' })
  })

  it('opens its window again where the first cannot be shown', async () => {
    await signedIn()
    page.popups.push('stay', {})
    page.canShow = false
    const pending = approve()
    await prompted(client, 'step_up')
    answer(client, 'continue')
    answer(client, 'continue')
    expect((await pending).status).toBe(200)
    expect(page.openWindows).toBe(0)
  })

  it('can open its window again when the first is lost', async () => {
    await signedIn()
    page.popups.push('lose', {})
    const pending = approve()
    await prompted(client, 'step_up')
    answer(client, 'continue')
    await until(() => prompt(client)?.type === 'step_up' && JSON.stringify(prompt(client)).includes('lost'))
    answer(client, 'continue')
    expect((await pending).status).toBe(200)
  })

  it.each(['cancel', 'switch'] as const)(
    'that another person answers asks, and the answer %s is followed',
    async choice => {
      await signedIn()
      page.popups.push({ claims: { sub: 'jane' } })
      const pending = approve()
      await prompted(client, 'step_up')
      answer(client, 'continue')
      await prompted(client, 'account_mismatch')
      expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
      answer(client, choice)
      await expect(pending).rejects.toMatchObject({ code: 'account_mismatch' })
      expect(session(client)).toMatchObject({ account: { sub: choice === 'cancel' ? 'josh' : 'jane' } })
      expect(page.shop.ledger).toEqual([])
    },
  )

  it('ends when the person signs out', async () => {
    await signedIn()
    const ended = expect(approve()).rejects.toMatchObject({
      code: 'interaction_cancelled',
      reason: 'signed_out',
    })
    await prompted(client, 'step_up')
    await client.signOut()
    await ended
  })

  it.each([
    ['no person signed in', {}, 'interaction_required'],
    ['no backend', { freshness: undefined }, 'configuration_invalid'],
  ])('is refused at once with %s', async (_, options, code) => {
    client = createClient(options as never)
    await expect(client.stepUp('payment.approve', { context })).rejects.toMatchObject({ code })
  })

  it.each([
    ['an action the backend does not know', 'unknown', context, 'configuration_invalid'],
    ['a context that is no JSON', 'payment.approve', { at: new Date() }, 'configuration_invalid'],
  ])('is a configuration error with %s', async (_, action, about, code) => {
    await signedIn()
    await expect(client.stepUp(action, { context: about })).rejects.toMatchObject({ code })
  })

  it('rejects with a network error while its backend cannot reach the OP', async () => {
    await signedIn()
    op.down = true
    await expect(approve()).rejects.toMatchObject({ code: 'network' })
    op.down = false
  })

  it.each([
    [408, 'request_timeout'],
    [429, 'too_many_challenges'],
    [503, 'temporarily_unavailable'],
  ])(
    'rejects with a network error when the backend answers %i, since it may work later',
    async (status, error) => {
      await signedIn()
      page.intercept = () => Response.json({ status: 'failed', error }, { status })
      await expect(approve()).rejects.toMatchObject({ code: 'network' })
    },
  )
})

describe('client.fetch', () => {
  it('sends the token to the own origin and to no other', async () => {
    await signedIn()
    page.intercept = () => new Response()
    await client.fetch('/api/email', { method: 'POST' })
    await client.fetch(`${op.issuer}/jwks`)
    const [own, other] = page.requests.slice(-2)
    expect(own?.headers.get('Authorization')).toBe('Bearer at')
    expect(other?.headers.has('Authorization')).toBe(false)
  })

  it('sends no token while no person is signed in', async () => {
    // The shop turns a stranger away; only what was sent counts here.
    await client.fetch('/api/email', { method: 'POST' }).catch(() => {})
    expect(page.requests.at(-1)?.headers.has('Authorization')).toBe(false)
  })

  it('rejects for an address that is none, like fetch, with a grant and without', async () => {
    page.popups.push({})
    await client.signIn()
    const grant = await client.stepUp('email.change')
    for (const send of [client.fetch, grant.fetch]) {
      const sent = send('http://[')
      await expect(sent).rejects.toBeInstanceOf(TypeError)
    }
  })

  it('shows a grant to the freshness endpoint’s origin only', async () => {
    page.popups.push({})
    await client.signIn()
    const grant = await client.stepUp('email.change')
    await grant.fetch(`${op.issuer}/jwks`)
    expect(page.requests.at(-1)?.headers.has('Step-Up-Grant')).toBe(false)
    await grant.fetch('/api/email', { method: 'POST' })
    expect(page.requests.at(-1)?.headers.has('Step-Up-Grant')).toBe(true)
  })
})

describe('renewal', () => {
  it('happens once for all callers', async () => {
    await signedIn()
    page.frame = { token: { access_token: 'at2' } }
    const asked = await Promise.all([1, 2, 3].map(() => client.getAccessToken({ minValidity: 9999 })))
    expect(asked).toEqual(['at2', 'at2', 'at2'])
    expect(page.visited).toHaveLength(2)
  })

  it('that brings back another person is refused', async () => {
    await signedIn()
    page.frame = { claims: { sub: 'jane' } }
    await expect(client.renew()).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
  })

  it('that answers after sign-out is dropped', async () => {
    await signedIn()
    page.frame = {}
    const renewing = client.renew()
    await until(() => page.visited.length === 2)
    await client.signOut()
    await renewing
    expect(session(client)).toEqual({ status: 'anonymous', reason: 'signed_out' })
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'interaction_required' })
  })
})

it('two issuers on one page whose answers cannot be told apart are a configuration error', async () => {
  const other = await startOp(seconds)
  const second = createClient({ issuer: other.issuer })
  const refused = { code: 'configuration_invalid' }
  client.mount()
  second.mount()
  page.popups.push({}, {})
  await expect(client.signIn()).rejects.toMatchObject(refused)
  await expect(second.signIn()).rejects.toMatchObject(refused)
  second.dispose()
  await other.close()
  page.popups.push({})
  await expect(client.signIn()).resolves.toMatchObject({ sub: 'josh' })
})

it('signing out needs no network', async () => {
  await signedIn()
  op.down = true
  await client.signOut().catch(() => {})
  op.down = false
  expect(session(client)).toEqual({ status: 'anonymous', reason: 'signed_out' })
})

it.each(['https://api.example', 'https://api.example/', 'HTTPS://API.example:8443', 'http://localhost:3000'])(
  'createAuthClient takes the API origin %s',
  one => {
    expect(createClient({ api: { origins: [one] } })).toBeDefined()
  },
)

it.each([
  [{ issuer: 'login.example' }],
  [{ issuer: 'javascript:alert(1)' }],
  [{ freshness: { endpoint: 'http://[' } }],
  [{ freshness: { endpoint: 'javascript:alert(1)' } }],
  [{ clientId: '' }],
  [{ interaction: [] }],
  [{ clockSkew: Number.NaN }],
  [{ timeLimit: 0 }],
  [{ callbackUrl: 'https://evil.example/callback' }],
])('createAuthClient refuses %j', options => {
  expect(() => createClient(options)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
})

it.each([
  ['storage', { storage: 'local' }],
  ['tabs', { tabs: 'alone' }],
  ['idTokenSignature', { idTokenSignature: 'both' }],
  ['renewal.via', { renewal: { via: ['refresh', 'frame'] } }],
  ['renewal.restore', { renewal: { restore: ['redirect'] } }],
  ['interaction', { interaction: ['window'] }],
  ['clockSkew', { clockSkew: -1 }],
  ['timeLimit', { timeLimit: Number.NaN }],
  ['session.idle', { session: { idle: 0 } }],
  ['session.absolute', { session: { absolute: '600' } }],
  ['session.warnBefore', { session: { warnBefore: -60 } }],
])('createAuthClient names the option %s when it refuses it', (name, options) => {
  expect(() => createClient(options as ClientOptions)).toThrow(
    expect.objectContaining({
      code: 'configuration_invalid',
      message: expect.stringContaining(`\`${name}\``),
    }),
  )
})

it('an option that is undefined is one that is left out, also within session and renewal', () => {
  const untyped: object = {
    session: { idle: undefined, warnBefore: undefined },
    renewal: { via: undefined, restore: undefined },
  }
  const { session, renewal } = resolveOptions(
    { issuer: op.issuer, clientId: 'payments', ...untyped },
    page.page,
  )
  expect(session).toEqual({ warnBefore: defaults.warnBefore })
  expect(renewal).toEqual({ via: defaults.renewVia, restore: defaults.restore })
})

it.each([
  ...['*', 'https://*', '', '/', 'api.example', '//api.example', 'null', 'file:///x'],
  ...['https://api.example/v1', 'https://api.example?', 'https://api.example/#', 'https://josh@api.example'],
])('createAuthClient refuses the API origin %j', one => {
  const origins = ['https://api.example', one]
  expect(() => createClient({ api: { origins } })).toThrow(
    expect.objectContaining({ code: 'configuration_invalid' }),
  )
})
