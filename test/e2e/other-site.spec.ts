import { approveButton, expect, greeting, logIn, outcome, signIn, stepUp, test } from './demo.ts'

test.use({ demoOptions: { opHost: '127.0.0.1' } })

test('with the OP on another site signing in and approving work, and the page says what does not', async ({
  page,
  demo,
}) => {
  await signIn(page, demo)
  await expect(page.getByText('Demo ID is on another site')).toBeVisible()
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  await page.reload()
  await expect(greeting(page, 'josh').or(page.getByRole('button', { name: 'Sign in' }))).toBeVisible()
  await expect(approveButton(page)).toHaveCount(0)
})
