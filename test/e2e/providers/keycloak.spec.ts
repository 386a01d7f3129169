import type { Page } from '@playwright/test'
import { decodeProtectedHeader } from 'jose'
import { keycloak } from '../../../demo/op/keycloak.ts'
import { providers } from '../../../demo/providers.ts'
import {
  answer,
  logIn as enterNameAndPassword,
  expect,
  greeting,
  oncePerSecond,
  type Person,
  passwords,
  popupOf,
  prompt,
  test,
} from '../demo.ts'
import { authorizationUrl, authorize, discovery, enterCode, obtain, refresh, signUp } from './authorize.ts'
import { testFlows } from './flows.ts'

/** With a session, Keycloak fixes the user name, and there is the password only to fill in. */
async function logIn(opPage: Page, person: Person = 'josh'): Promise<void> {
  const name = opPage.locator('[name=username]')
  if (await name.isEditable()) return enterNameAndPassword(opPage, person)
  await opPage.locator('[name=password]').fill(passwords[person])
  await oncePerSecond(() =>
    Promise.all([
      opPage.waitForResponse(response => response.request().method() === 'POST'),
      opPage.getByRole('button', { name: 'Sign in' }).click(),
    ]),
  )
}

const provider = providers.keycloak()
testFlows({
  name: 'keycloak',
  demo: provider,
  logIn,
  acr: { value: 'gold', meet: enterCode },
  signUp,
  signsOutFirst: true,
  cannot: { 'wrong person': 'lets only the person of its session sign in again' },
})

test.describe('keycloak', () => {
  test.use({ demoOptions: provider })

  test('the endpoints are under the realm’s path', async ({ page, demo }) => {
    const { issuer, ...document } = await discovery(page, demo)
    expect(issuer).toMatch(/\/realms\/demo$/)
    expect(document).toMatchObject({
      authorization_endpoint: `${issuer}/protocol/openid-connect/auth`,
      token_endpoint: `${issuer}/protocol/openid-connect/token`,
      end_session_endpoint: `${issuer}/protocol/openid-connect/logout`,
      jwks_uri: `${issuer}/protocol/openid-connect/certs`,
    })
  })

  test('“Not you?” says that the session ends, by keyboard alone, and Escape keeps the session', async ({
    page,
    demo,
  }) => {
    await page.setViewportSize({ width: 360, height: 640 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(demo.url)
    const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    const notYou = page.getByRole('button', { name: 'Not you?' })
    await notYou.focus()
    await page.keyboard.press('Enter')
    await expect(prompt(page)).toContainText('Josh Rivera is signed out first')
    await expect(prompt(page)).toBeInViewport({ ratio: 1 })
    await page.keyboard.press('Escape')
    await expect(prompt(page)).toBeHidden()
    await expect(notYou).toBeFocused()
    await expect(greeting(page, 'josh')).toBeVisible()

    await page.keyboard.press('Enter')
    await expect(answer(page, 'Cancel')).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(answer(page, 'Sign out and go on')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.locator('[name=username]')).toBeEditable()
  })

  test('discovery lists the levels of the realm’s login, and not the client’s own names for them', async ({
    page,
    demo,
  }) => {
    expect(await discovery(page, demo)).toMatchObject({
      acr_values_supported: ['1', '2'],
      prompt_values_supported: ['none', 'login', 'consent', 'create'],
    })
  })

  test('an ID Token names the clients of the audience mapper besides the client, which is azp', async ({
    page,
    demo,
  }) => {
    const { idToken } = await obtain(page, demo, {}, () => logIn(page))
    expect(idToken).toMatchObject({ aud: ['payments', 'account'], azp: 'payments', acr: 'silver', typ: 'ID' })
    expect(idToken?.auth_time).toBeGreaterThan(0)
  })

  test('an access token is a JWT by its header and Bearer by its payload', async ({ page, demo }) => {
    const { accessToken, answer } = await obtain(page, demo, {}, () => logIn(page))
    expect(decodeProtectedHeader(answer.access_token ?? '').typ).toBe('JWT')
    expect(accessToken).toMatchObject({ typ: 'Bearer', azp: 'payments', acr: 'silver' })
    expect(accessToken.aud).toContain('account')
    expect(accessToken.nonce).toBeUndefined()
  })

  for (const request of [{ prompt: 'login' }, { max_age: '0' }])
    test(`only the person of the session can sign in again: ${Object.keys(request)}`, async ({
      page,
      demo,
    }) => {
      const first = await obtain(page, demo, {}, () => logIn(page))
      const second = await obtain(page, demo, request, async () => {
        await expect(page.locator('[name=username]')).toHaveValue('josh')
        await expect(page.locator('[name=username]')).not.toBeEditable()
        // Another person's name and password do not get past the server either.
        await page.locator('[name=username]').evaluate(field => {
          field.removeAttribute('readonly')
        })
        await enterNameAndPassword(page, 'jane')
        await expect(page.getByRole('alert')).toContainText('do not match')
        await logIn(page)
      })
      expect(second.idToken?.sub).toBe(first.idToken?.sub)
      expect(second.idToken?.auth_time).toBeGreaterThan(first.idToken?.auth_time as number)
    })

  test('a higher level asks for the second factor only, and moves auth_time', async ({ page, demo }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const second = await obtain(page, demo, { acr_values: 'gold' }, () =>
      oncePerSecond(() => enterCode(page)),
    )
    expect(second.idToken?.acr).toBe('gold')
    expect(second.idToken?.auth_time).toBeGreaterThan(first.idToken?.auth_time as number)
  })

  test('a silent request for a higher level ends in interaction_required', async ({ page, demo }) => {
    await obtain(page, demo, {}, () => logIn(page))
    expect(await authorize(page, demo, { prompt: 'none', acr_values: 'gold' })).toMatchObject({
      error: 'interaction_required',
    })
  })

  test('an essential acr that does not exist ends on a page of Keycloak', async ({ page, demo }) => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['platinum'] } } })
    const response = await page.goto(await authorizationUrl(page, demo, { claims }))
    expect(response?.status()).toBe(400)
    await expect(page.getByText('Invalid parameter: claims')).toBeVisible()
  })

  test('a refresh brings an ID Token with the same auth_time, and no offline_access is needed', async ({
    page,
    demo,
  }) => {
    const first = await obtain(page, demo, {}, () => logIn(page))
    const second = await refresh(page, demo, first)
    expect(second.idToken).toMatchObject({ auth_time: first.idToken?.auth_time, sub: first.idToken?.sub })
    expect(second.answer.access_token).not.toBe(first.answer.access_token)
  })
})

test.describe('keycloak, before release 25', () => {
  test.use({ demoOptions: providers.keycloak(keycloak({ nonceInAccessTokens: true })) })

  test('access tokens carry the nonce of the request, also after a refresh', async ({ page, demo }) => {
    const first = await obtain(page, demo, { nonce: 'n-0S6' }, () => logIn(page))
    expect(first.accessToken.nonce).toBe('n-0S6')
    expect((await refresh(page, demo, first)).accessToken.nonce).toBe('n-0S6')
  })
})
