import { expect, logIn, outcome, prompt, signIn, stepUp, test } from './demo.ts'

test('a payment that fails in the bank’s database leaves its grant good, and the retry needs no other sign-in', {
  tag: '@every-browser',
}, async ({ page, demo }) => {
  await demo.database.query(
    "CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
  )
  const grants: (string | undefined)[] = []
  const statuses: number[] = []
  await page.route('**/api/payments/northwind/approve', async route => {
    grants.push(route.request().headers()['step-up-grant'])
    if (grants.length === 2) {
      // The payment itself was written before its line in the ledger.
      expect(await demo.bank.find('northwind')).toMatchObject({ status: 'waiting' })
      await demo.database.query('DROP TRIGGER full')
    }
    await route.continue()
  })
  page.on('response', response => {
    if (response.url().endsWith('/approve')) statuses.push(response.status())
  })
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])

  await expect(outcome(page)).toContainText('Approved')
  await expect(prompt(page)).toBeHidden()
  expect(statuses).toEqual([500, 200])
  expect(grants).toEqual([expect.any(String), grants[0]])
  expect(await demo.bank.ledger()).toMatchObject([{ paymentId: 'northwind', approvedBy: 'josh' }])
  const used = await demo.database.query("SELECT key FROM afresh_freshness WHERE key LIKE 'grant:%'")
  expect(used).toHaveLength(1)
})
