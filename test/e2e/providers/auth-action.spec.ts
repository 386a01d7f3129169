import { decodeProtectedHeader } from 'jose'
import { authAction } from '../../../demo/op/auth-action.ts'
import { providers } from '../../../demo/providers.ts'
import { answer, approveButton, expect, logIn, outcome, popupOf, signIn, stepUp, test } from '../demo.ts'
import { authorize, discovery, obtain, signUp, watchRequests } from './authorize.ts'
import { testFlows } from './flows.ts'

const provider = providers['auth-action']()
testFlows({
  name: 'auth-action',
  demo: provider,
  logIn,
  signUp,
  ends: {
    'step-up by prompt': 'step_up_denied: auth_time_missing',
    'step-up by max_age': 'step_up_denied: auth_time_missing',
  },
  cannot: {
    'step-up by acr': 'documents no acr; asking for one fails before leaving the page',
  },
})

test.describe('auth-action', () => {
  test.use({ demoOptions: provider })

  for (const prompt of ['none', 'consent', 'select_account', 'create', 'login consent']) {
    test(`prompt=${prompt} comes back as an error that names login and signup, and the value`, async ({
      page,
      demo,
    }) => {
      expect(await authorize(page, demo, { prompt })).toMatchObject({
        error_description: 'prompt must be one of: login, signup',
        prompt,
        iss: demo.issuer,
      })
    })
  }

  test('discovery lists the two prompts', async ({ page, demo }) => {
    const { prompt_values_supported: values } = await discovery(page, demo)
    expect(values).toEqual(['login', 'signup'])
  })

  test('without prompt=login an existing session is used', async ({ page, demo }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const { idToken } = await obtain(page, demo, {})
    expect(idToken?.sub).toBe('josh')
  })

  for (const [what, params] of [
    ['a request without it', { code_challenge: '', code_challenge_method: '' }],
    ['the method plain', { code_challenge_method: 'plain' }],
  ] as const)
    test(`PKCE with S256 is mandatory: ${what} is refused`, async ({ page, demo }) => {
      const response = await authorize(page, demo, params)
      expect(response.error).toBe('invalid_request')
    })

  test('people are sent to /oauth2/authorize, and ID Tokens are signed with RS256', async ({
    page,
    demo,
  }) => {
    const { authorization_endpoint: endpoint } = await discovery(page, demo)
    expect(endpoint).toBe(`${demo.issuer}oauth2/authorize`)
    const { answer } = await obtain(page, demo, {}, () => logIn(page))
    expect(decodeProtectedHeader(answer.id_token ?? '').alg).toBe('RS256')
  })

  test('the issuer ends in a slash, and the tokens’ iss does too', async ({ page, demo }) => {
    const { idToken } = await obtain(page, demo, {}, () => logIn(page))
    expect(demo.issuer).toMatch(/\/$/)
    expect(idToken?.iss).toBe(demo.issuer)
  })

  test('the backend denies a login without auth_time, and the page says why', async ({ page, demo }) => {
    await signIn(page, demo)
    const popup = await stepUp(page)
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: auth_time_missing')
    await expect(outcome(page)).toContainText('it does not say when you signed in')
    expect(await demo.bank.ledger()).toEqual([])
  })
})

test.describe('auth-action, with tokens in memory', () => {
  test.use({ demoOptions: { ...provider, client: {} } })

  test('auth-action: a reload asks nothing in silence, neither in a frame nor by the whole page', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo)
    const sent = watchRequests(page)
    await page.reload()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    expect(sent).toEqual([])
  })
})

test.describe('auth-action, in German', () => {
  test.use({ demoOptions: { ...provider, client: { uiLocales: 'de' } } })

  test('auth-action: ui_locales holds for the whole flow', async ({ page, demo }) => {
    await page.goto(demo.url)
    const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
    const html = popup.locator('html')
    await expect(html).toHaveAttribute('lang', 'de')
    await popup.locator('[name=username]').fill('josh')
    await popup.locator('[name=password]').fill('wrong')
    await popup.getByRole('button', { name: 'Sign in' }).click()
    await expect(popup.getByRole('alert')).toBeVisible()
    await expect(html).toHaveAttribute('lang', 'de')
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  })
})

test.describe('auth-action, if ID Tokens have auth_time (not documented)', () => {
  test.use({ demoOptions: providers['auth-action'](authAction({ authTime: true })) })

  test('auth-action: a step-up succeeds', async ({ page, demo }) => {
    await signIn(page, demo)
    const popup = await stepUp(page)
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
  })
})

test.describe('auth-action, if prompt=login only names the screen (not documented)', () => {
  test.use({
    demoOptions: providers['auth-action'](authAction({ authTime: true, promptLogin: 'names-the-screen' })),
  })

  test('auth-action: the person is not asked, and the backend denies (stale)', async ({ page, demo }) => {
    await signIn(page, demo)
    await approveButton(page).click()
    await answer(page, 'Continue').click()
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: stale')
    expect(await demo.bank.ledger()).toEqual([])
  })
})
