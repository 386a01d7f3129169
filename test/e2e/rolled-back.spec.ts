import { expect, logIn, outcome, prompt, signIn, stepUp, test } from './demo.ts'

test('a payment that fails in the bank’s database leaves its grant good, and the retry needs no other sign-in', async ({
  page,
  demo,
}) => {
  await demo.database.query(
    "CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
  )
  const calls: { readonly grant: string | undefined; readonly status: number }[] = []
  await page.route('**/api/payments/northwind/approve', async route => {
    const response = await route.fetch()
    calls.push({ grant: route.request().headers()['step-up-grant'], status: response.status() })
    // The payment itself was written before its line in the ledger.
    if (response.status() === 500) {
      expect(await demo.bank.find('northwind')).toMatchObject({ status: 'waiting' })
      await demo.database.query('DROP TRIGGER full')
    }
    await route.fulfill({ response })
  })
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])

  await expect(outcome(page)).toContainText('Approved')
  await expect(prompt(page)).toBeHidden()
  expect(calls.map(({ status }) => status)).toEqual([500, 200])
  expect(calls[0]?.grant).toBeDefined()
  expect(calls[1]?.grant).toBe(calls[0]?.grant)
  expect(await demo.bank.ledger()).toMatchObject([{ paymentId: 'northwind', approvedBy: 'josh' }])
  const used = await demo.database.query("SELECT key FROM afresh_freshness WHERE key LIKE 'grant:%'")
  expect(used).toHaveLength(1)
})
