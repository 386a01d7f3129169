import { beSomebodyElse, expect, greeting, popupOf, signIn } from '../demo.ts'
import { watchLeaving } from '../support/leaving.ts'
import { misbehavingOp, test } from '../support/misbehaving-op.ts'

test.use({
  demoOptions: {
    op: {
      ...misbehavingOp,
      configure: configuration => ({
        ...(misbehavingOp.configure?.(configuration) ?? configuration),
        issueRefreshToken: () => true,
      }),
    },
  },
})

test('a person who signs in while the former session is still being revoked stays signed in', async ({
  page,
  demo,
  opTrouble,
}) => {
  await signIn(page, demo)
  const left = watchLeaving(page, demo.issuer, '/session/end')
  const release = opTrouble.hold('/token/revocation')
  const revoking = page.waitForRequest(`${demo.issuer}/token/revocation`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await revoking
  const popup = await popupOf(page, page.getByRole('button', { name: 'Use another account' }))
  await Promise.all([popup.waitForEvent('close'), beSomebodyElse(popup, 'jane')])
  await expect(greeting(page, 'jane')).toBeVisible()
  const revoked = page.waitForResponse(`${demo.issuer}/token/revocation`)
  release()
  await revoked
  // Whatever the page does now, it does before this request has come back.
  await page.evaluate(() => fetch('/demo/config.js').then(response => response.text())).catch(() => {})
  // Their number alone, because such an address has an ID Token in it.
  expect(left.length).toBe(0)
  await page.reload()
  await expect(greeting(page, 'jane')).toBeVisible()
})
