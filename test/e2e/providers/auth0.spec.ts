import { policies } from '../../../demo/api/guard.ts'
import { bankAudience } from '../../../demo/apis.ts'
import { auth0, multiFactor } from '../../../demo/op/auth0.ts'
import { providers } from '../../../demo/providers.ts'
import { answer, expect, greeting, logIn, outcome, popupOf, prompt, signIn, stepUp, test } from '../demo.ts'
import {
  authorize,
  callApi,
  enterCode,
  obtain,
  openStatement,
  refresh,
  signUp,
  watchRequests,
} from './authorize.ts'
import { testFlows } from './flows.ts'

const provider = providers.auth0()
testFlows({
  name: 'auth0',
  demo: provider,
  logIn,
  acr: {
    value: multiFactor,
    meet: async popup => {
      await logIn(popup, 'josh')
      await enterCode(popup)
    },
  },
  signUp,
})

test.describe('auth0', () => {
  test.use({ demoOptions: provider })

  const cases: [Record<string, string>, boolean][] = [
    [{ prompt: 'login' }, true],
    [{ max_age: '0' }, true],
    [{ prompt: 'login consent' }, true],
    [{}, false],
    [{ max_age: '300' }, false],
  ]
  for (const [params, told] of cases) {
    const request = new URLSearchParams(params).toString() || 'neither'
    test(`auth_time comes with prompt=login or max_age=0: ${request} ${told ? 'has' : 'lacks'} it`, async ({
      page,
      demo,
    }) => {
      const { idToken } = await obtain(page, demo, params, () => logIn(page))
      expect(idToken?.auth_time !== undefined).toBe(told)
    })
  }

  test('auth_time moves with prompt=login', async ({ page, demo }) => {
    const first = await obtain(page, demo, { prompt: 'login' }, () => logIn(page))
    const second = await obtain(page, demo, { prompt: 'login' }, () => logIn(page))
    expect(second.idToken?.auth_time).toBeGreaterThan(first.idToken?.auth_time as number)
  })

  test('a silent request without a session ends in login_required', async ({ page, demo }) => {
    expect(await authorize(page, demo, { prompt: 'none' })).toMatchObject({ error: 'login_required' })
  })

  test('without prompt=login Auth0 asks for the second factor at once, and for no password', async ({
    page,
    demo,
  }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const { idToken } = await obtain(page, demo, { acr_values: multiFactor }, () => enterCode(page))
    expect(idToken).toMatchObject({ acr: multiFactor, amr: ['mfa'] })
    expect(idToken?.auth_time).toBeUndefined()
  })

  test('amr tells of the second factor, and is gone after silent authentication', async ({ page, demo }) => {
    const wish = { acr_values: multiFactor, prompt: 'login' }
    const strong = await obtain(page, demo, wish, async () => {
      await logIn(page)
      await enterCode(page)
    })
    expect(strong.idToken).toMatchObject({ acr: multiFactor, amr: ['mfa'] })
    const silent = await obtain(page, demo, { prompt: 'none' })
    expect(silent.idToken?.sub).toBe('auth0|josh')
    expect(silent.idToken?.amr).toBeUndefined()
  })

  test('amr is gone after a refresh', async ({ page, demo }) => {
    const wish = { acr_values: multiFactor, scope: 'openid offline_access' }
    const strong = await obtain(page, demo, wish, async () => {
      await logIn(page)
      await enterCode(page)
    })
    expect(strong.idToken?.amr).toEqual(['mfa'])
    const refreshed = await refresh(page, demo, strong)
    expect(refreshed.idToken?.sub).toBe('auth0|josh')
    expect(refreshed.idToken?.amr).toBeUndefined()
  })

  test('a silent request that needs a second factor ends in login_required', async ({ page, demo }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const answer = await authorize(page, demo, { prompt: 'none', acr_values: multiFactor })
    expect(answer).toMatchObject({
      error: 'login_required',
      error_description: 'Multifactor authentication required',
    })
  })

  test('access tokens say nothing of the login', async ({ page, demo }) => {
    const request = { prompt: 'login', audience: bankAudience }
    const { accessToken } = await obtain(page, demo, request, () => logIn(page))
    expect(accessToken).toMatchObject({ aud: [bankAudience, `${demo.issuer}userinfo`], azp: 'payments' })
    expect(Object.keys(accessToken)).not.toContain('auth_time')
  })

  test('without an audience, an access token is for Auth0 alone, and the API refuses it', async ({
    page,
    demo,
  }) => {
    const tokens = await obtain(page, demo, {}, () => logIn(page))
    expect(tokens.answer.access_token).not.toContain('.')
    expect((await callApi(page, demo, tokens, 'payments')).status()).toBe(401)
  })

  test('auth0({ audience }) gives an access token that an API’s guard with auth0() admits', async ({
    page,
    demo,
  }) => {
    const statuses: number[] = []
    page.on('response', response => {
      if (response.url().endsWith('/api/payments')) statuses.push(response.status())
    })
    await signIn(page, demo)
    await expect(page.getByRole('button', { name: 'Northwind Paper' })).toBeVisible()
    expect(statuses).toEqual([200])
  })

  test('an API that judges by access tokens gets one step-up and then the error', async ({ page, demo }) => {
    await signIn(page, demo)
    const sent = watchRequests(page)
    await openStatement(page)
    const popup = await popupOf(page, answer(page, 'Continue'))
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(page.locator('[data-code="insufficient_user_authentication"]')).toBeVisible()
    // A hidden frame was asked first, and had no login that is recent enough.
    expect(sent.map(params => params.get('prompt'))).toEqual(['none', 'login'])
  })

  test('the issuer ends in a slash, and the tokens’ iss does too', async ({ page, demo }) => {
    const { idToken } = await obtain(page, demo, {}, () => logIn(page))
    expect(idToken?.iss).toBe(demo.issuer)
    expect(demo.issuer).toMatch(/\/$/)
  })

  test('the client steps up with prompt=login and max_age=0', async ({ page, demo }) => {
    await signIn(page, demo)
    const sent = watchRequests(page)
    const popup = await stepUp(page)
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
    expect(sent.map(params => [params.get('prompt'), params.get('max_age')])).toEqual([['login', '0']])
  })

  test('a federated connection moves auth_time without a question, and the backend refuses (federated)', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo, 'jane')
    await page.getByRole('button', { name: 'Approve 250.00' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click()
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: federated')
    expect(await demo.bank.ledger()).toEqual([])
  })

  test('a federated connection always says that the person has just signed in', async ({ page, demo }) => {
    const first = await obtain(page, demo, { prompt: 'login' }, () => logIn(page, 'jane'))
    const second = Math.floor(Date.now() / 1000)
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(second)
    const again = await obtain(page, demo, { prompt: 'login' })
    expect(again.idToken?.auth_time).toBeGreaterThan(first.idToken?.auth_time as number)
  })

  test('a federated connection passes where the policy has no localIdp rule, which is why the profile has one', async ({
    page,
    demo,
  }) => {
    demo.restartApi({ actions: policies })
    await signIn(page, demo, 'jane')
    // Whole seconds: the silent login must be newer than the first.
    const second = Math.floor(Date.now() / 1000)
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(second)
    await page.getByRole('button', { name: 'Approve 250.00' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click()
    await expect(outcome(page)).toContainText('Approved')
  })
})

let silentError: string | undefined
let refreshNeedsMfa = false

test.describe('auth0, when a silent request needs the person', () => {
  const op = auth0({ silentError: () => silentError, refreshNeedsMfa: () => refreshNeedsMfa })
  const demoOptions = providers.auth0(op)
  test.use({ demoOptions })
  test.afterEach(() => {
    silentError = undefined
    refreshNeedsMfa = false
  })

  for (const [error, words] of [
    ['login_required', 'Your session has ended'],
    ['consent_required', 'consent'],
    ['interaction_required', 'Your session has ended'],
  ] as const)
    test(`auth0: a renewal that ends in ${error} asks the person, who is still signed in`, async ({
      page,
      context,
      demo,
    }) => {
      await context.clock.install({ time: new Date() })
      await signIn(page, demo)
      silentError = error
      await context.clock.fastForward(280_000)
      await expect(prompt(page)).toContainText(words)
      await expect(greeting(page, 'josh')).toBeVisible()
    })

  test.describe(() => {
    test.use({ demoOptions: { ...demoOptions, client: { scope: 'openid profile email offline_access' } } })

    test('auth0: a refresh that ends in mfa_required is not the end, since the hidden frame renews', async ({
      page,
      context,
      demo,
    }) => {
      await context.clock.install({ time: new Date() })
      await signIn(page, demo)
      refreshNeedsMfa = true
      const sent = watchRequests(page)
      const refused = page.waitForResponse(response => response.status() === 403)
      const renewed = page.waitForResponse(
        response =>
          response.url() === `${demo.issuer}token` && response.ok() && response.request().method() === 'POST',
      )
      await context.clock.fastForward(280_000)
      expect((await (await refused).json()).error).toBe('mfa_required')
      await renewed
      expect(sent.map(params => params.get('prompt'))).toEqual(['none'])
      await expect(greeting(page, 'josh')).toBeVisible()
      await expect(prompt(page)).toBeHidden()
    })
  })
})
