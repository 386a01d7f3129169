import { decodeProtectedHeader } from 'jose'
import { entra, tenant } from '../../../demo/op/entra.ts'
import { entraApis, entraScopes } from '../../../demo/op/entra-apis.ts'
import { strongContext } from '../../../demo/op/entra-requests.ts'
import { providers } from '../../../demo/providers.ts'
import { beSomebodyElse, expect, logIn, outcome, signIn, stepUp, test } from '../demo.ts'
import {
  askForTokens,
  authorizationUrl,
  authorize,
  callbackOf,
  discovery,
  enterCode,
  obtain,
  openStatement,
  refresh,
} from './authorize.ts'
import { testFlows } from './flows.ts'

let revoked = false
test.afterEach(() => {
  revoked = false
})

// Tokens of five minutes, because the flows move the browser's clock until one ends.
const provider = providers.entra(entra({ accessTokenTtl: 300, revoked: () => revoked }))
testFlows({
  name: 'entra',
  demo: provider,
  logIn,
  switchTo: beSomebodyElse,
  forget: async ({ context }) => {
    revoked = true
    await context.clearCookies()
  },
  // max_age is not honoured, so the step-up asks for the password too.
  acr: {
    value: strongContext,
    meet: async popup => {
      await logIn(popup)
      await enterCode(popup)
    },
  },
  cannot: { 'sign-up': 'documents no request that asks for a new account' },
})

const seconds = (): number => Math.floor(Date.now() / 1000)
const bankScope = `openid profile offline_access ${entraScopes.bank}`
const asksFor = (acrs: object): string => JSON.stringify({ id_token: { acrs } })

test.describe('entra', () => {
  test.use({ demoOptions: provider })

  test('issuer and endpoints have the tenant in their paths', async ({ page, demo }) => {
    const { issuer, ...document } = await discovery(page, demo)
    const { origin } = new URL(demo.issuer)
    expect(issuer).toBe(`${origin}/${tenant}/v2.0`)
    expect(document).toMatchObject({
      authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
      token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
      end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
      jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    })
  })

  test('the discovery document of common names a template as issuer', async ({ page, demo }) => {
    const { origin } = new URL(demo.issuer)
    const response = await page.request.get(`${origin}/common/v2.0/.well-known/openid-configuration`)
    expect(await response.json()).toMatchObject({
      issuer: `${origin}/{tenantid}/v2.0`,
      authorization_endpoint: `${origin}/common/oauth2/v2.0/authorize`,
    })
  })

  test('answers have no iss, and discovery promises none', async ({ page, demo }) => {
    const answer = await authorize(page, demo, {}, () => logIn(page))
    expect(Object.keys(answer).sort()).toEqual(['code', 'state'])
    expect(await discovery(page, demo)).not.toHaveProperty('authorization_response_iss_parameter_supported')
  })

  test('iat and nbf lie 300 seconds back, and auth_time does not', async ({ page, demo }) => {
    const before = seconds()
    const { idToken = {}, accessToken } = await obtain(page, demo, { scope: bankScope }, () => logIn(page))
    const after = seconds()
    for (const { iat = 0, nbf } of [idToken, accessToken]) {
      expect(iat).toBeGreaterThanOrEqual(before - 300)
      expect(iat).toBeLessThanOrEqual(after - 300)
      expect(nbf).toBe(iat)
    }
    expect(idToken.auth_time).toBeGreaterThanOrEqual(before)
  })

  test('each registration has another sub for a person, and oid and tid are the same in all', async ({
    page,
    demo,
  }) => {
    const first = await obtain(page, demo, { scope: bankScope }, () => logIn(page))
    const second = await refresh(page, demo, first, 'payments', `openid ${entraScopes.statements}`)
    const tokens = [first.idToken, first.accessToken, second.accessToken]
    expect(new Set(tokens.map(claims => claims?.sub)).size).toBe(3)
    expect(new Set(tokens.map(claims => `${claims?.tid} ${claims?.oid}`)).size).toBe(1)
    expect(first.idToken).toMatchObject({ tid: tenant, oid: expect.stringMatching(/^[\da-f-]{36}$/) })
    expect(second.idToken?.sub).toBe(first.idToken?.sub)
  })

  test('an access token is for one API, whose scopes are in scp without its name', async ({ page, demo }) => {
    const { accessToken, answer } = await obtain(
      page,
      demo,
      { scope: `${bankScope} ${entraScopes.statements}` },
      () => logIn(page),
    )
    expect(decodeProtectedHeader(answer.access_token ?? '').typ).toBe('JWT')
    expect(accessToken).toMatchObject({
      aud: entraApis.bank.clientId,
      scp: 'payments',
      azp: 'payments',
      ver: '2.0',
    })
    expect(accessToken).not.toHaveProperty('scope')
  })

  test('a token without a scope of an API is for Microsoft Graph', async ({ page, demo }) => {
    const { accessToken } = await obtain(page, demo, { scope: 'openid profile' }, () => logIn(page))
    expect(accessToken.aud).toBe('00000003-0000-0000-c000-000000000000')
  })

  test('a refresh token is good for all APIs, also for those that the sign-in did not name', async ({
    page,
    demo,
  }) => {
    const first = await obtain(page, demo, { scope: bankScope }, () => logIn(page))
    const { accessToken } = await refresh(page, demo, first, 'payments', entraScopes.statements)
    expect(accessToken).toMatchObject({ aud: entraApis.statements.clientId, scp: 'read' })
    expect((await refresh(page, demo, first)).accessToken.aud).toBe(entraApis.bank.clientId)
  })

  test('a refresh can name offline_access again', async ({ page, demo }) => {
    const first = await obtain(page, demo, { scope: bankScope }, () => logIn(page))
    const scope = `${entraScopes.statements} offline_access`
    const { accessToken } = await refresh(page, demo, first, 'payments', scope)
    expect(accessToken.aud).toBe(entraApis.statements.clientId)
  })

  test('the client gets the token for the second API by its refresh token', async ({ page, demo }) => {
    await signIn(page, demo)
    const asked = page.waitForRequest(/\/oauth2\/v2\.0\/token$/)
    await openStatement(page)
    await expect(page.getByText('Statement for November')).toBeVisible()
    const form = new URLSearchParams((await asked).postData() ?? '')
    expect(form.get('grant_type')).toBe('refresh_token')
    expect((await (await asked).response())?.status()).toBe(200)
  })

  test('a refresh token comes with offline_access only', async ({ page, demo }) => {
    const { answer } = await obtain(page, demo, { scope: 'openid profile' }, () => logIn(page))
    expect(answer.refresh_token).toBeUndefined()
  })

  test('an authentication context asks for the second factor, and is in acrs of both tokens', async ({
    page,
    demo,
  }) => {
    const plain = await obtain(page, demo, { scope: bankScope }, () => logIn(page))
    expect(plain.accessToken.acrs).toBeUndefined()
    const claims = asksFor({ essential: true, value: strongContext })
    const strong = await obtain(page, demo, { scope: bankScope, claims }, () => enterCode(page))
    for (const token of [strong.idToken, strong.accessToken])
      expect(token).toMatchObject({ acrs: [strongContext], auth_time: plain.idToken?.auth_time })
    const silent = await obtain(page, demo, { prompt: 'none', claims })
    expect(silent.idToken?.acrs).toEqual([strongContext])
  })

  test('a silent request for an authentication context ends in interaction_required', async ({
    page,
    demo,
  }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const claims = asksFor({ values: [strongContext] })
    expect(await authorize(page, demo, { prompt: 'none', claims })).toMatchObject({
      error: 'interaction_required',
    })
  })

  test('a step-up passes although iat lies back, and the bank knows the person by tid and oid', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo)
    const popup = await stepUp(page)
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
    expect(await demo.bank.ledger()).toMatchObject([
      { approvedBy: `${tenant}.5b0f6c1e-3d1a-4c57-9f0b-6a2f8f6f0a01`, paymentId: 'northwind' },
    ])
  })

  test('max_age is not documented, and asks no person', async ({ page, demo }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const second = await obtain(page, demo, { max_age: '0' })
    expect(second.idToken?.auth_time).toBe(first.idToken?.auth_time)
  })

  test('select_account does not go with a login_hint', async ({ page, demo }) => {
    const answer = await authorize(page, demo, { prompt: 'select_account', login_hint: 'josh' })
    expect(answer.error).toBe('invalid_request')
  })

  test('domain_hint is taken', async ({ page, demo }) => {
    const answer = await authorize(page, demo, { domain_hint: 'example.com' }, () => logIn(page))
    expect(answer.code).toBeDefined()
  })

  test('revoked refresh tokens end in invalid_grant', async ({ page, demo }) => {
    const { answer } = await obtain(page, demo, { scope: bankScope }, () => logIn(page))
    revoked = true
    const { refresh_token = '' } = answer
    const form = { grant_type: 'refresh_token', client_id: 'payments', refresh_token }
    expect((await askForTokens(page, demo, form)).error).toBe('invalid_grant')
  })

  test('a redirect URI that is not registered is not redirected to', async ({ page, demo }) => {
    await page.goto(await authorizationUrl(page, demo, { redirect_uri: `${callbackOf(demo)}/elsewhere` }))
    await expect(page.getByText('invalid_redirect_uri')).toBeVisible()
  })
})

test.describe('entra, without the optional claim', () => {
  test.use({ demoOptions: providers.entra(entra({ authTime: false })) })

  test('tokens do not say when the person signed in', async ({ page, demo }) => {
    const { idToken, accessToken } = await obtain(page, demo, { scope: bankScope }, () => logIn(page))
    for (const token of [idToken, accessToken]) expect(token).not.toHaveProperty('auth_time')
  })
})
