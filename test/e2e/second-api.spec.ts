import { ownTokens } from '../../demo/apis.ts'
import { answer, blockPopups, expect, logIn, popupOf, prompt, signIn, test } from './demo.ts'

let tokens = 0

// Every other access token for this API claims an old login, so that no test has to wait a minute.
test.use({
  demoOptions: {
    statementMaxAge: 0,
    op: {
      configure: configuration => ({
        ...configuration,
        extraTokenClaims: (ctx, { aud }) => {
          const { authTime = 0 } = ctx.oidc.entities.AuthorizationCode ?? {}
          if (aud !== ownTokens.statements.audience) return { auth_time: authTime }
          return { auth_time: tokens++ % 2 === 0 ? authTime - 1000 : authTime }
        },
      }),
    },
  },
})
test.beforeEach(() => {
  tokens = 0
})

test('an API that only knows RFC 9470 gets the fresher login it asks for', { tag: '@every-browser' }, async ({
  page,
  demo,
}) => {
  const statuses: number[] = []
  page.on('response', response => {
    if (response.url().endsWith('/statements/november') && response.request().method() === 'GET')
      statuses.push(response.status())
  })
  await signIn(page, demo)
  await page.getByRole('button', { name: 'Open statement' }).click()
  const popup = await popupOf(page, answer(page, 'Continue'))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(page.getByText('Statement for November, for josh')).toBeVisible()
  expect(statuses).toEqual([401, 200])
})

test.describe('with popups blocked', () => {
  test.beforeEach(({ page }) => blockPopups(page))

  test('the request can be finished after coming back from the redirect', async ({ page, demo }) => {
    await page.goto(demo.url)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await answer(page, 'Continue on this page').click()
    await logIn(page)
    await page.getByRole('button', { name: 'Open statement' }).click()
    await answer(page, 'Continue').click()
    await answer(page, 'Continue on this page').click()
    await logIn(page)
    await expect(page.getByText('You were opening the statement.')).toBeVisible()
    await page.getByRole('button', { name: 'Finish' }).click()
    await expect(page.getByText('Statement for November, for josh')).toBeVisible()
  })
})

test('a person who cancels gets nothing, and everything stays as it was', async ({ page, demo }) => {
  await signIn(page, demo)
  await page.getByRole('button', { name: 'Open statement' }).click()
  await answer(page, 'Cancel').click()
  await expect(page.locator('[data-code="interaction_cancelled: dismissed"]')).toBeVisible()
  await expect(prompt(page)).toBeHidden()
})
