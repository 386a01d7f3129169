import { answer, cutsTies, expect, logIn, outcome, popupOf, prompt, signIn, stepUp, test } from './demo.ts'

test.use({ demoOptions: cutsTies })

test('signing in and approving by popup work', { tag: '@every-browser' }, async ({ page, demo }) => {
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  expect(demo.bank.ledger()).toHaveLength(1)
})

test('a popup that is closed can be opened again, or given up', async ({ page, demo }) => {
  await signIn(page, demo)
  const popup = await stepUp(page)
  await popup.locator('[name=username]').waitFor()
  await expect(prompt(page)).toContainText('or open it again')
  await popup.close()
  const second = await popupOf(page, answer(page, 'Open again'))
  await second.locator('[name=username]').waitFor()
  await answer(page, 'Cancel').click()
  await expect(page.locator('[data-code="interaction_cancelled: dismissed"]')).toBeVisible()
  expect(demo.bank.ledger()).toEqual([])
})
