import type { Page } from '@playwright/test'
import { decodeProtectedHeader } from 'jose'
import { policies } from '../../../demo/api/guard.ts'
import type { Demo } from '../../../demo/demo.ts'
import { erpNet, otherApp } from '../../../demo/op/erp-net.ts'
import { providers } from '../../../demo/providers.ts'
import {
  answer,
  approveButton,
  expect,
  greeting,
  logIn,
  outcome,
  popupOf,
  prompt,
  signIn,
  signOut,
  stepUp,
  test,
} from '../demo.ts'
import {
  askForTokens,
  authorizationUrl,
  authorize,
  callApi,
  callbackOf,
  discovery,
  type Obtained,
  obtain,
  openStatement,
  refresh,
  watchRequests,
} from './authorize.ts'
import { testFlows } from './flows.ts'

const provider = providers['erp-net']()
testFlows({
  name: 'erp-net',
  // The flows move the browser's clock until an access token ends, and an ID Token of five minutes must outlast that.
  demo: providers['erp-net'](erpNet({ accessTokenTtl: 300 })),
  logIn,
  cannot: {
    'step-up by acr': 'documents no acr; asking for one fails before leaving the page',
    'sign-up': 'documents no request that asks for a new account',
  },
})

const seconds = (): number => Math.floor(Date.now() / 1000)

/** How many licence slots are taken, after a call of the API with these tokens. */
async function slots(page: Page, demo: Demo, tokens: Obtained): Promise<number> {
  return (await (await callApi(page, demo, tokens, 'licences')).json()).taken
}

/** The other app has what it had: its tokens are good, and get it new ones of the same session. */
async function keepsSession(page: Page, demo: Demo, before: Obtained): Promise<void> {
  expect((await callApi(page, demo, before, 'payments')).status()).toBe(200)
  const { idToken, accessToken } = await refresh(page, demo, before, otherApp)
  expect(idToken).toMatchObject({ sub: 'josh', sid: before.idToken?.sid })
  expect(accessToken.sid).toBe(before.idToken?.sid)
}

test.describe('erp-net', () => {
  test.use({ demoOptions: provider })

  test('the issuer is under /id, the endpoints under /id/connect/', async ({ page, demo }) => {
    const { authorization_endpoint, token_endpoint, end_session_endpoint, jwks_uri, issuer } =
      await discovery(page, demo)
    expect(issuer).toMatch(/\/id$/)
    for (const endpoint of [authorization_endpoint, token_endpoint, end_session_endpoint])
      expect(endpoint).toContain(`${issuer}/connect/`)
    expect(jwks_uri).toBe(`${issuer}/.well-known/openid-configuration/jwks`)
  })

  test('without the openid scope there is no ID Token', async ({ page, demo }) => {
    const { idToken } = await obtain(page, demo, { scope: 'read offline_access', nonce: '' }, () =>
      logIn(page),
    )
    expect(idToken).toBeUndefined()
  })

  test('the scopes are openid, profile, offline_access, read and update', async ({ page, demo }) => {
    const { scopes_supported: scopes } = await discovery(page, demo)
    expect([...(scopes ?? [])].sort()).toEqual(['offline_access', 'openid', 'profile', 'read', 'update'])
  })

  test('a scope that ERP.net does not have is refused', async ({ page, demo }) => {
    const response = await authorize(page, demo, { scope: 'openid email' })
    expect(response).toMatchObject({ error: 'invalid_scope', iss: demo.issuer })
  })

  test('ID Tokens last five minutes, and tell auth_time, sid, idp and amr, but no acr', async ({
    page,
    demo,
  }) => {
    const { idToken = {}, answer } = await obtain(page, demo, { nonce: 'n' }, () => logIn(page))
    expect((idToken.exp ?? 0) - (idToken.iat ?? 0)).toBe(300)
    expect(idToken).toMatchObject({ auth_time: expect.any(Number), sid: expect.any(String), nonce: 'n' })
    expect(idToken).toMatchObject({ idp: 'local', amr: ['pwd'] })
    expect(idToken.acr).toBeUndefined()
    expect(decodeProtectedHeader(answer.id_token ?? '').alg).toBe('RS256')
  })

  test('access tokens last an hour, and tell auth_time, sid and id', async ({ page, demo }) => {
    const { accessToken, idToken, answer } = await obtain(page, demo, {}, () => logIn(page))
    expect(answer.expires_in).toBe(3600)
    expect((accessToken.exp ?? 0) - (accessToken.iat ?? 0)).toBe(3600)
    expect(accessToken).toMatchObject({ auth_time: idToken?.auth_time, sid: idToken?.sid })
    expect(accessToken.id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    expect(idToken?.id).toBeUndefined()
  })

  test('an access token lists its scopes in an array, and the API lets it in', async ({ page, demo }) => {
    const tokens = await obtain(page, demo, { scope: 'openid read update' }, () => logIn(page))
    expect(tokens.accessToken.scope).toEqual(['read', 'update'])
    expect((await callApi(page, demo, tokens, 'payments')).status()).toBe(200)
  })

  test('refresh tokens rotate, and renew a session without a new auth_time', async ({ page, demo }) => {
    const first = await obtain(page, demo, { scope: 'openid offline_access' }, () => logIn(page))
    const second = await refresh(page, demo, first)
    expect(second.answer.refresh_token).not.toBe(first.answer.refresh_token)
    expect(second.idToken).toMatchObject({ auth_time: first.idToken?.auth_time, sid: first.idToken?.sid })
  })

  for (const [error, form] of [
    ['invalid_grant', { grant_type: 'authorization_code', code: 'c', code_verifier: 'v'.repeat(43) }],
    ['invalid_grant', { grant_type: 'refresh_token', refresh_token: 'expired' }],
    ['unsupported_grant_type', { grant_type: 'password' }],
    ['invalid_client', { grant_type: 'refresh_token', refresh_token: 'r', client_id: 'nobody' }],
  ] as const)
    test(`the token endpoint says ${error} to ${Object.keys(form).join(', ')}`, async ({ page, demo }) => {
      const redirect_uri = callbackOf(demo)
      const answer = await askForTokens(page, demo, { client_id: 'payments', redirect_uri, ...form })
      expect(answer.error).toBe(error)
    })

  test('a redirect URI that is not registered ends on a page that says invalid_redirect_uri', async ({
    page,
    demo,
  }) => {
    await page.goto(await authorizationUrl(page, demo, { redirect_uri: `${demo.url}/elsewhere` }))
    await expect(page.getByText('invalid_redirect_uri')).toBeVisible()
  })

  test('a first sign-in with prompt=login asks the person once', async ({ page, demo }) => {
    const { idToken } = await obtain(page, demo, { prompt: 'login' }, () => logIn(page))
    expect(idToken).toMatchObject({ sub: 'josh', auth_time: expect.any(Number) })
  })

  test('a licence slot is taken by the first API call of a session, not by signing in', async ({
    page,
    demo,
  }) => {
    const tokens = await obtain(page, demo, {}, () => logIn(page))
    expect(demo.licences.taken()).toBe(0)
    expect(await slots(page, demo, tokens)).toBe(1)
    expect(await slots(page, demo, tokens)).toBe(1)
  })

  test('a licence slot is free again twenty minutes after the last call', async ({ page, demo }) => {
    const tokens = await obtain(page, demo, {}, () => logIn(page))
    const before = seconds()
    await slots(page, demo, tokens)
    const after = seconds()
    expect(demo.licences.taken(before + 1199)).toBe(1)
    expect(demo.licences.taken(after + 1200)).toBe(0)
    await expect.poll(seconds, { intervals: [20] }).toBeGreaterThan(after)
    await slots(page, demo, tokens)
    expect(demo.licences.taken(after + 1200)).toBe(1)
  })

  test('prompt=login with the same credentials keeps the session and its licence slot (sid)', async ({
    page,
    demo,
  }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const second = await obtain(page, demo, { prompt: 'login' }, () => logIn(page))
    expect(second.idToken?.sid).toBe(first.idToken?.sid)
    expect(second.idToken?.auth_time).toBeGreaterThan(first.idToken?.auth_time as number)
    await slots(page, demo, first)
    expect(await slots(page, demo, second)).toBe(1)
  })

  test('prompt=login with other credentials makes a new session and slot (sid)', async ({ page, demo }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const second = await obtain(page, demo, { prompt: 'login' }, () => logIn(page, 'jane'))
    expect(second.idToken?.sub).toBe('jane')
    expect(second.idToken?.sid).not.toBe(first.idToken?.sid)
    await slots(page, demo, first)
    expect(await slots(page, demo, second)).toBe(2)
  })

  test('other apps keep their session, tokens and licence slot when this app’s person switches', async ({
    page,
    context,
    demo,
  }) => {
    await signIn(page, demo)
    const tab = await context.newPage()
    const other = await obtain(tab, demo, { client_id: otherApp, scope: 'openid offline_access' })
    expect(await slots(tab, demo, other)).toBe(1)
    const popup = await popupOf(page, page.getByRole('button', { name: 'Not you?' }))
    await Promise.all([popup.waitForEvent('close'), logIn(popup, 'jane')])
    await expect(greeting(page, 'jane')).toBeVisible()
    await keepsSession(tab, demo, other)
    await expect.poll(() => demo.licences.taken()).toBe(2)
  })

  test('other apps keep their sessions when this app signs out, since there is no global sign-out', async ({
    page,
    context,
    demo,
  }) => {
    await signIn(page, demo)
    const tab = await context.newPage()
    const other = await obtain(tab, demo, { client_id: otherApp, scope: 'openid offline_access' })
    await signOut(page, demo)
    await keepsSession(tab, demo, other)
  })

  test('a sign-out leaves for the endsession page, with id_token_hint and post_logout_redirect_uri', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo)
    const [request] = await Promise.all([
      page.waitForRequest(sent => sent.url().startsWith(`${demo.issuer}/connect/endsession?`)),
      signOut(page, demo),
    ])
    const { searchParams } = new URL(request.url())
    expect(searchParams.has('id_token_hint')).toBe(true)
    expect(searchParams.get('post_logout_redirect_uri')).toBe(callbackOf(demo))
  })

  test('an API can judge by access tokens, since they tell auth_time', async ({ page, demo }) => {
    await signIn(page, demo)
    await openStatement(page)
    await expect(page.getByText('Statement for November, for josh')).toBeVisible()
  })

  test('ERP.net refuses to be framed, so a reload asks by the whole page and never in a frame', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo)
    const framed: string[] = []
    page.on('request', request => {
      if (request.isNavigationRequest() && request.frame() !== page.mainFrame()) framed.push(request.url())
    })
    const sent = watchRequests(page)
    await page.reload()
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(sent.map(params => params.get('prompt'))).toEqual(['none'])
    expect(framed).toEqual([])
  })

  test('the login page cannot be framed', async ({ page, demo }) => {
    await signIn(page, demo)
    const popup = await stepUp(page)
    await expect(popup.locator('[name=username]')).toBeVisible()
    const response = await page.request.get(popup.url())
    expect(response.headers()['x-frame-options']).toBe('DENY')
  })

  test('a login by the return URL, which has lost the prompt, is denied as stale', async ({ page, demo }) => {
    await signIn(page, demo)
    const popup = await stepUp(page)
    await expect(popup.locator('[name=username]')).toBeVisible()
    const back = new URL(popup.url()).searchParams.get('ReturnUrl') ?? ''
    expect(back).not.toMatch(/prompt|max_age/)
    const url = new URL(back, demo.issuer).href
    await Promise.all([popup.waitForEvent('close'), popup.evaluate(href => location.assign(href), url)])
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: stale')
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(await demo.bank.ledger()).toEqual([])
  })
})

test.describe('erp-net, for an app that asks for read and offline_access', () => {
  test.use({ demoOptions: { ...provider, client: { scope: 'read offline_access' } } })

  test('erp-net: the client adds openid, since nothing could prove a login otherwise', async ({
    page,
    demo,
  }) => {
    const sent = watchRequests(page)
    await page.goto(demo.url)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect.poll(() => sent.at(-1)?.get('scope')).toBe('openid read offline_access')
  })
})

test.describe('erp-net, if access tokens tell no auth_time (documented in two ways)', () => {
  test.use({ demoOptions: providers['erp-net'](erpNet({ authTimeInAccessTokens: false })) })

  test('erp-net: an API that judges by access tokens gets one step-up and then the error', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo)
    const sent = watchRequests(page)
    await openStatement(page)
    await answer(page, 'Continue').click()
    await expect(page.locator('[data-code="insufficient_user_authentication"]')).toBeVisible()
    expect(sent).toHaveLength(1)
  })
})

test.describe('erp-net, if public clients get no refresh token (documented in two ways)', () => {
  const op = erpNet({ refreshTokens: false, accessTokenTtl: 60 })
  test.use({ demoOptions: providers['erp-net'](op) })

  test('erp-net: the person is asked when the access token ends', async ({ page, context, demo }) => {
    await context.clock.install({ time: new Date() })
    await signIn(page, demo)
    await context.clock.fastForward(50_000)
    await expect(prompt(page)).toContainText('Your session has ended')
    await expect(greeting(page, 'josh')).toBeVisible()
  })
})

test.describe('erp-net, for a person of another identity provider', () => {
  const op = erpNet({ isExternal: ({ username }) => username === 'jane' })
  test.use({ demoOptions: providers['erp-net'](op) })

  test('erp-net: prompt is not passed on, so a step-up asks no question, and the backend refuses (federated)', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo, 'jane')
    await approveButton(page).click()
    await answer(page, 'Continue').click()
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: federated')
    expect(await demo.bank.ledger()).toEqual([])
  })
})

const logins = new Map<string, string>()
const loginOf = ({ username }: { readonly username: string }): string => logins.get(username) ?? username

test.describe('erp-net, where a login name changes', () => {
  test.use({ demoOptions: { ...providers['erp-net'](erpNet({ loginOf })), guard: { actions: policies } } })
  test.afterEach(() => logins.clear())

  test('erp-net: sub is the login name, so with a new one the same person counts as another to a step-up', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo)
    await approveButton(page).click()
    const [popup] = await Promise.all([page.waitForEvent('popup'), answer(page, 'Continue').click()])
    logins.set('josh', 'josh.rivera')
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(prompt(page)).toContainText('You signed in as Josh Rivera')
    await answer(page, /^Back to/).click()
    await expect(outcome(page)).toHaveAttribute('data-code', 'account_mismatch')
    expect(await demo.bank.ledger()).toEqual([])
  })

  test('erp-net: the access token’s id stays when the login name, and so sub, changes', async ({
    page,
    demo,
  }) => {
    const before = await obtain(page, demo, {}, () => logIn(page))
    const jane = await obtain(page, demo, { prompt: 'login' }, () => logIn(page, 'jane'))
    logins.set('josh', 'josh.rivera')
    const after = await obtain(page, demo, { prompt: 'login' }, () => logIn(page))
    expect([before.accessToken.sub, after.accessToken.sub]).toEqual(['josh', 'josh.rivera'])
    expect(after.accessToken.id).toBe(before.accessToken.id)
    expect(jane.accessToken.id).not.toBe(before.accessToken.id)
  })
})
