import type { Page } from '@playwright/test'
import { oneToken } from '../../../demo/apis.ts'
import type { Demo } from '../../../demo/demo.ts'
import { expect, greeting, logIn, popupOf, signIn, signOut, test } from '../demo.ts'
import { openOtherSite } from '../support/other-site.ts'
import { watchTokens } from '../support/sent-tokens.ts'

// The statement's token is at hand, so that nothing but the client keeps it back.
test.use({ demoOptions: { apis: oneToken } })

/** The page asks for a statement in the moment in which it is shown again, before anybody has told it anything. */
async function actAtOnceOnComeback(page: Page): Promise<void> {
  await page.evaluate(() => {
    addEventListener('pageshow', () => {
      const buttons = [...document.querySelectorAll('button')]
      buttons.find(({ textContent }) => textContent === 'Open statement')?.click()
    })
  })
}

/** Signs in, and opens a second tab; then the first is on another site. */
async function leaveSignedIn(page: Page, demo: Demo): Promise<{ second: Page; close(): Promise<void> }> {
  const other = await openOtherSite('Elsewhere')
  await signIn(page, demo)
  const second = await page.context().newPage()
  await second.goto(demo.url)
  await expect(greeting(second, 'josh')).toBeVisible()
  await actAtOnceOnComeback(page)
  await page.goto(other.url)
  return { second, close: other.close }
}

test('Back after a sign-out in another tab shows no person, and no token is sent', {
  tag: '@every-browser',
}, async ({ page, demo }) => {
  const { second, close } = await leaveSignedIn(page, demo)
  await signOut(second, demo)
  const sent = watchTokens(page.context())
  await page.goBack({ waitUntil: 'commit' })
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expect(greeting(page, 'josh')).toBeHidden()
  expect(sent).toEqual([])
  await close()
})

test('Back after another person has signed in does nothing in the name of the former one', {
  tag: '@every-browser',
}, async ({ page, demo }) => {
  const { second, close } = await leaveSignedIn(page, demo)
  await signOut(second, demo)
  const popup = await popupOf(second, second.getByRole('button', { name: 'Sign in' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup, 'jane')])
  await expect(greeting(second, 'jane')).toBeVisible()
  const sent = watchTokens(page.context())
  await page.goBack({ waitUntil: 'commit' })
  // Either she is shown, or the page asks whose it shall be.
  await expect(page.getByText('Jane').first()).toBeVisible()
  expect(sent).not.toContain('josh')
  await close()
})
