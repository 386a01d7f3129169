import type { Page } from '@playwright/test'
import type { Demo } from '../../../demo/demo.ts'
import {
  answer,
  cutsTies,
  expect,
  greeting,
  leaveFocusToPopups,
  logIn,
  popupOf,
  prompt,
  test,
} from '../demo.ts'

// A second monitor, developer tools in a window of their own: the page has not the focus when its popup is closed.
test.beforeEach(({ context }) => leaveFocusToPopups(context))

/** Closes the sign-in's popup. The page cannot tell that from a popup whose tie is cut, so it offers another one. */
async function closeAndOpenAgain(page: Page, demo: Demo): Promise<void> {
  await page.goto(demo.url)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
  await popup.locator('[name=username]').waitFor()
  await popup.close()
  await expect(prompt(page)).toBeVisible()
  const second = await popupOf(page, answer(page, 'Open again'))
  await Promise.all([second.waitForEvent('close'), logIn(second)])
  await expect(greeting(page, 'josh')).toBeVisible()
  await expect(prompt(page)).toBeHidden()
}

test('a sign-in popup that is closed while the page has no focus can be opened again', async ({
  page,
  demo,
}) => {
  await closeAndOpenAgain(page, demo)
})

test('a sign-in whose popup is closed while the page has no focus can be given up', async ({
  page,
  demo,
}) => {
  await page.goto(demo.url)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
  await popup.locator('[name=username]').waitFor()
  await popup.close()
  await answer(page, 'Cancel').click()
  await expect(page.locator('.hero .outcome')).toHaveText('You stopped. Nothing was done.')
})

test.describe('with an OP that cuts the tie to its pages', () => {
  test.use({ demoOptions: cutsTies })

  test('a sign-in popup that is closed can be opened again', async ({ page, demo }) => {
    await closeAndOpenAgain(page, demo)
  })
})
