import type { Page } from '@playwright/test'
import type { Demo } from '../../demo/demo.ts'
import { answer, expect, fillEmail, greeting, logIn, popupOf, prompt, signIn, signOut, test } from './demo.ts'

/** Signs out on the OP's own pages, as a person does who has never heard of the app. */
async function signOutAtOp(page: Page, demo: Demo): Promise<void> {
  await page.goto(`${demo.issuer}/session/end`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('You are signed out')).toBeVisible()
}

/** Keeps the access token of the page's calls, for calls that a program makes with it. */
function watchToken(page: Page): () => string {
  let token = ''
  page.on('request', request => {
    if (request.url().includes('/api/ledger')) token = request.headers().authorization ?? token
  })
  return () => token
}

const callLedger = (demo: Demo, authorization: string): Promise<Response> =>
  fetch(`${demo.url}/api/ledger`, { headers: { Authorization: authorization } })

test('a sign-out at the OP ends the session at the API, whose access tokens are still good by their time', {
  tag: '@every-browser',
}, async ({ page, context, demo }) => {
  const token = watchToken(page)
  await signIn(page, demo)
  await expect.poll(token).not.toBe('')
  expect((await callLedger(demo, token())).status).toBe(200)

  await signOutAtOp(await context.newPage(), demo)
  const refused = await callLedger(demo, token())
  expect(refused.status).toBe(401)
  expect(refused.headers.get('WWW-Authenticate')).toContain('invalid_token')
})

for (const [tokens, demoOptions] of [
  ['bearer tokens', {}],
  ['tokens that are bound to a key', { dpop: true }],
] as const)
  test.describe(`after a sign-out at the OP, with ${tokens}`, () => {
    test.use({ demoOptions })

    test('the page asks its person to sign in again, and keeps what they were typing', {
      tag: '@every-browser',
    }, async ({ page, context, demo }) => {
      await signIn(page, demo)
      await fillEmail(page, 'half@typed.example')
      await signOutAtOp(await context.newPage(), demo)

      await page.bringToFront()
      await page.getByRole('button', { name: 'Change e-mail' }).click()
      await expect(prompt(page)).toContainText('Your session has ended, Josh Rivera')
      expect(await demo.bank.emailOf('josh')).toBe('josh@pennyworth.example')

      const popup = await popupOf(page, answer(page, 'Continue'))
      await Promise.all([popup.waitForEvent('close'), logIn(popup)])
      await expect(prompt(page)).toBeHidden()
      await expect(page.getByLabel('E-mail')).toHaveValue('half@typed.example')
      await page.getByRole('button', { name: 'Change e-mail' }).click()
      await expect(page.getByText('Changed.')).toBeVisible()
      expect(await demo.bank.emailOf('josh')).toBe('half@typed.example')
    })
  })

test('a sign-out in one browser leaves the person’s session in another', { tag: '@every-browser' }, async ({
  page,
  browser,
  demo,
}) => {
  const token = watchToken(page)
  await signIn(page, demo)
  const elsewhere = await browser.newContext()
  const other = await elsewhere.newPage()
  const otherToken = watchToken(other)
  await signIn(other, demo)
  await expect.poll(() => token() !== '' && otherToken() !== '').toBe(true)

  await signOut(other, demo)
  expect((await callLedger(demo, otherToken())).status).toBe(401)
  expect((await callLedger(demo, token())).status).toBe(200)
  await expect(greeting(page, 'josh')).toBeVisible()
  await elsewhere.close()
})
