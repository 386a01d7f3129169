import { answer, approveButton, expect, greeting, prompt, stepUpWithoutPopups, test } from '../demo.ts'
import { noteComebacks, wasKept } from '../support/kept-pages.ts'

test('Back to a page that was kept in memory finds no verifier, and the step-up can be tried again', async ({
  page,
  demo,
}) => {
  await stepUpWithoutPopups(page, demo)
  await noteComebacks(page)
  await answer(page, 'Continue on this page').click()
  await page.locator('[name=username]').waitFor()
  // What was kept is not loaded again.
  await page.goBack({ waitUntil: 'commit' })
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(await wasKept(page)).toBe(true)
  await expect
    .poll(() => page.evaluate(() => JSON.stringify({ ...sessionStorage })))
    .not.toMatch(/codeVerifier/)
  await expect(prompt(page)).toBeHidden()
  await approveButton(page).click()
  await expect(prompt(page)).toBeVisible()
  expect(await demo.bank.ledger()).toEqual([])
})
