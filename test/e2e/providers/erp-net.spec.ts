import { policies } from '../../../demo/api/api.ts'
import { erpNet } from '../../../demo/op/erp-net.ts'
import { providers } from '../../../demo/providers.ts'
import {
  answer,
  approveButton,
  expect,
  greeting,
  logIn,
  outcome,
  prompt,
  signIn,
  stepUp,
  test,
} from '../demo.ts'
import { authorize, discovery, obtain, watchRequests } from './authorize.ts'
import { testFlows } from './flows.ts'

const provider = providers['erp-net']()
testFlows({
  name: 'erp-net',
  demo: provider,
  logIn,
  cannot: {
    'step-up by acr': 'documents no acr; asking for one fails before leaving the page',
    'sign-up': 'documents no request that asks for a new account',
  },
})

test.describe('erp-net', () => {
  test.use({ demoOptions: provider })

  test('the issuer is under /id, the endpoints under /id/connect/', async ({ page, demo }) => {
    const { authorization_endpoint, token_endpoint, end_session_endpoint, issuer } = await discovery(
      page,
      demo,
    )
    expect(issuer).toMatch(/\/id$/)
    for (const endpoint of [authorization_endpoint, token_endpoint, end_session_endpoint])
      expect(endpoint).toContain(`${issuer}/connect/`)
  })

  test('without the openid scope there is no ID Token', async ({ page, demo }) => {
    const { idToken } = await obtain(page, demo, { scope: 'read offline_access', nonce: '' }, () =>
      logIn(page),
    )
    expect(idToken).toBeUndefined()
  })

  test('a scope that it does not have is refused', async ({ page, demo }) => {
    expect(await authorize(page, demo, { scope: 'openid email' })).toMatchObject({ error: 'invalid_scope' })
  })

  test('ID Tokens last five minutes, and tell auth_time, sid, idp and amr, but no acr', async ({
    page,
    demo,
  }) => {
    const { idToken = {} } = await obtain(page, demo, {}, () => logIn(page))
    expect((idToken.exp ?? 0) - (idToken.iat ?? 0)).toBe(300)
    expect(idToken).toMatchObject({ auth_time: expect.any(Number), sid: expect.any(String) })
    expect(idToken).toMatchObject({ idp: 'local', amr: ['pwd'] })
    expect(idToken.acr).toBeUndefined()
  })

  test('prompt=login with the same credentials keeps the session and its licence slot (sid)', async ({
    page,
    demo,
  }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const second = await obtain(page, demo, { prompt: 'login' }, () => logIn(page))
    expect(second.idToken?.sid).toBe(first.idToken?.sid)
    expect(second.idToken?.auth_time).toBeGreaterThan(first.idToken?.auth_time as number)
  })

  test('prompt=login with other credentials makes a new session and slot (sid)', async ({ page, demo }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const second = await obtain(page, demo, { prompt: 'login' }, () => logIn(page, 'jane'))
    expect(second.idToken?.sub).toBe('jane')
    expect(second.idToken?.sid).not.toBe(first.idToken?.sid)
  })

  test('it refuses to be framed, so a reload asks by the whole page and never in a frame', async ({
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

  test('its login page cannot be framed', async ({ page, demo }) => {
    await signIn(page, demo)
    const popup = await stepUp(page)
    await expect(popup.locator('[name=username]')).toBeVisible()
    const response = await page.request.get(popup.url())
    expect(response.headers()['x-frame-options']).toBe('DENY')
  })

  test('a person who opens the login page’s return URL, which has lost the prompt, is not asked: stale', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo)
    const popup = await stepUp(page)
    await expect(popup.locator('[name=username]')).toBeVisible()
    const back = new URL(popup.url()).searchParams.get('ReturnUrl') ?? ''
    expect(back).not.toMatch(/prompt|max_age/)
    const url = new URL(back, demo.issuer).href
    await Promise.all([popup.waitForEvent('close'), popup.evaluate(href => location.assign(href), url)])
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: stale')
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(demo.bank.ledger()).toEqual([])
  })
})

test.describe('erp-net, for an app that asks for read and offline_access', () => {
  test.use({ demoOptions: { ...provider, client: { scope: 'read offline_access' } } })

  test('erp-net: the client adds openid, else nothing could prove a login', async ({ page, demo }) => {
    const sent = watchRequests(page)
    await page.goto(demo.url)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect.poll(() => sent.at(-1)?.get('scope')).toBe('openid read offline_access')
  })
})

const logins = new Map<string, string>()
const loginOf = ({ username }: { readonly username: string }): string => logins.get(username) ?? username

test.describe('erp-net, where a login name changes', () => {
  test.use({ demoOptions: { ...providers['erp-net'](erpNet({ loginOf })), guard: { actions: policies } } })
  test.afterEach(() => logins.clear())

  test('erp-net: sub is the login name: with a new one the same person is somebody else to a step-up', async ({
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
    expect(demo.bank.ledger()).toEqual([])
  })
})
