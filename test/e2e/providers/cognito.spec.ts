import { decodeProtectedHeader } from 'jose'
import { cognito } from '../../../demo/op/cognito.ts'
import { providers } from '../../../demo/providers.ts'
import { expect, logIn, signIn, signOut, test } from '../demo.ts'
import { authorize, callbackOf, discovery, obtain, refresh } from './authorize.ts'
import { testFlows } from './flows.ts'

// Tokens of five minutes, because the flows move the browser's clock until one ends.
const provider = providers.cognito(cognito({ accessTokenTtl: 300 }))
testFlows({
  name: 'cognito',
  demo: provider,
  logIn,
  cannot: {
    'step-up by acr': 'documents no acr; asking for one fails before leaving the page',
    'sign-up': 'documents a page for new accounts, and no request that asks for one',
  },
})

test.describe('cognito', () => {
  test.use({ demoOptions: provider })

  test('the endpoints are at another address than the issuer', async ({ page, demo }) => {
    const { issuer, ...document } = await discovery(page, demo)
    const { origin } = new URL(demo.issuer)
    expect(issuer).toMatch(/\/eu-west-1_Pennyworth$/)
    expect(document).toMatchObject({
      authorization_endpoint: `${origin}/oauth2/authorize`,
      token_endpoint: `${origin}/oauth2/token`,
      end_session_endpoint: `${origin}/logout`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
    })
  })

  test('answers have no iss, and discovery promises none', async ({ page, demo }) => {
    const answer = await authorize(page, demo, {}, () => logIn(page))
    expect(Object.keys(answer).sort()).toEqual(['code', 'state'])
    expect(await discovery(page, demo)).not.toHaveProperty('authorization_response_iss_parameter_supported')
  })

  test('an access token names its client and no audience', async ({ page, demo }) => {
    const { accessToken, idToken, answer } = await obtain(page, demo, {}, () => logIn(page))
    expect(decodeProtectedHeader(answer.access_token ?? '').typ).toBeUndefined()
    expect(accessToken).toMatchObject({
      client_id: 'payments',
      token_use: 'access',
      scope: 'openid profile email',
      username: 'josh',
      sub: idToken?.sub,
      auth_time: idToken?.auth_time,
    })
    expect(accessToken).not.toHaveProperty('aud')
  })

  test('an access token has the resource that was asked for as its audience', async ({ page, demo }) => {
    const resource = 'https://solar-system.example.com'
    const first = await obtain(page, demo, { resource }, () => logIn(page))
    expect(first.accessToken.aud).toBe(resource)
    expect((await refresh(page, demo, first)).accessToken.aud).toBe(resource)
  })

  test('an ID Token says that it is one, and always tells auth_time', async ({ page, demo }) => {
    const { idToken } = await obtain(page, demo, {}, () => logIn(page))
    expect(idToken).toMatchObject({ token_use: 'id', aud: 'payments', auth_time: expect.any(Number) })
    expect(idToken?.['cognito:username']).toBe(idToken?.sub)
    expect(idToken).not.toHaveProperty('acr')
  })

  test('prompt=login asks again and moves auth_time', async ({ page, demo }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const second = await obtain(page, demo, { prompt: 'login' }, () => logIn(page))
    expect(second.idToken?.auth_time).toBeGreaterThan(first.idToken?.auth_time as number)
  })

  for (const params of [{ prompt: 'select_account' }, { prompt: 'consent' }, { max_age: '0' }])
    test(`${new URLSearchParams(params)} has no effect on the pool’s own people`, async ({ page, demo }) => {
      const first = await obtain(page, demo, {}, () => logIn(page))
      const second = await obtain(page, demo, params)
      expect(second.idToken?.auth_time).toBe(first.idToken?.auth_time)
    })

  test('a silent request without a session ends in login_required', async ({ page, demo }) => {
    expect(await authorize(page, demo, { prompt: 'none' })).toMatchObject({ error: 'login_required' })
  })

  test('a refresh token stays as it is, and brings a new ID Token of the same login', async ({
    page,
    demo,
  }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const second = await refresh(page, demo, first)
    expect(second.answer.refresh_token).toBeUndefined()
    expect(second.idToken).toMatchObject({ auth_time: first.idToken?.auth_time, token_use: 'id' })
    expect((await refresh(page, demo, first)).answer.access_token).toBeDefined()
  })

  test('/logout takes client_id and logout_uri, asks nothing and gives no state back', async ({
    page,
    demo,
  }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const { origin } = new URL(demo.issuer)
    const query = new URLSearchParams({
      client_id: 'payments',
      logout_uri: callbackOf(demo),
      state: 'of the app',
    })
    const back = page.waitForRequest(request => request.url().startsWith(callbackOf(demo)))
    await page.goto(`${origin}/logout?${query}`)
    expect((await back).url()).toBe(callbackOf(demo))
    expect(await authorize(page, demo, { prompt: 'none' })).toMatchObject({ error: 'login_required' })
  })

  test('the client signs out by /logout, and knows the answer that has no state', async ({ page, demo }) => {
    await signIn(page, demo)
    const sent = page.waitForRequest(request => new URL(request.url()).pathname === '/logout')
    await signOut(page, demo)
    const { searchParams } = new URL((await sent).url())
    expect(Object.fromEntries(searchParams)).toEqual({ client_id: 'payments', logout_uri: callbackOf(demo) })
    await expect(page.getByRole('alert')).toBeHidden()
    await expect(page).toHaveURL(`${demo.url}/`)
  })

  test('/logout does not know the parameters of the specification', async ({ page, demo }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const { origin } = new URL(demo.issuer)
    const query = new URLSearchParams({ post_logout_redirect_uri: callbackOf(demo), state: 's' })
    const response = await page.goto(`${origin}/logout?${query}`)
    expect(response?.status()).toBe(400)
  })
})

test.describe('cognito, with refresh token rotation', () => {
  test.use({ demoOptions: providers.cognito(cognito({ rotates: true })) })

  test('a refresh brings another refresh token', async ({ page, demo }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const { refresh_token } = (await refresh(page, demo, first)).answer
    expect(refresh_token).toBeDefined()
    expect(refresh_token).not.toBe(first.answer.refresh_token)
  })
})
