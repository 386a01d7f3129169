import type { Page } from '@playwright/test'
import type { DemoOptions } from '../../demo/demo.ts'
import { answer, approveButton, expect, logIn, outcome, popupOf, prompt, signIn, test } from './demo.ts'

const pushing: DemoOptions = { pushedRequests: true }
const everyBrowser = { tag: '@every-browser' }
test.use({ demoOptions: pushing })

test.beforeEach(async ({ page, demo }) => signIn(page, demo))
test.afterEach(async ({ demo }) => expect(await demo.bank.ledger()).toEqual([]))

/** Lets the demo's script do something, and begins to approve the first payment. */
async function approveWhile(page: Page, name: string): Promise<void> {
  await page.getByRole('checkbox', { name: 'Let a script tamper' }).check()
  await page.getByLabel('What it does').selectOption(name)
  await approveButton(page).click()
}

/** The same, as far as the OP's page. The page's own prompt still shows the payment that the person means. */
async function approveAtOp(page: Page, name: string): Promise<Page> {
  await approveWhile(page, name)
  await expect(prompt(page)).toContainText('Approve 250.00 to Northwind Paper')
  return popupOf(page, answer(page, 'Continue'))
}

async function finish(popup: Page): Promise<void> {
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
}

/** How it ended: under the button, and in the list of what the bank's server decided. */
async function expectEnd(page: Page, code: string, words: string, server: string): Promise<void> {
  await expect(outcome(page)).toHaveAttribute('data-code', code)
  await expect(outcome(page)).toContainText(words)
  await expect(page.locator('.happened li.bank').last()).toContainText(server)
}

test('an amount that a script changes after the approval is refused', everyBrowser, async ({ page }) => {
  const popup = await approveAtOp(page, 'Change the amount after the approval')
  await expect(popup.getByText('250.00 to Northwind Paper', { exact: true })).toBeVisible()
  await finish(popup)
  await expectEnd(page, 'step_up_denied: grant_refused', 'is not what you approved', 'context_mismatch')
})

test(
  'the OP shows 9,250.00 where a script shows 250.00 and asks for more',
  everyBrowser,
  async ({ page }) => {
    const popup = await approveAtOp(page, 'Show one amount and ask for another')
    await expect(popup.getByText('9,250.00 to Northwind Paper')).toBeVisible()
    await popup.getByRole('link', { name: 'Cancel' }).click()
    await expectEnd(
      page,
      'authorization_failed: access_denied',
      'Nothing was done',
      'has told Demo ID what to ask',
    )
  },
)

test('who approves 9,250.00 at the OP all the same pays nothing, for there is no such payment', async ({
  page,
}) => {
  const popup = await approveAtOp(page, 'Show one amount and ask for another')
  await finish(popup)
  await expectEnd(page, 'payment_changed', 'Nothing was done', 'is satisfied, and gives a grant')
})

test('a page that a script keeps from having the bank ask gets no grant', everyBrowser, async ({ page }) => {
  await approveWhile(page, 'Strip the prompt')
  await expectEnd(page, 'step_up_denied: not_pushed', 'the bank did not send the question', 'not_pushed')
})

test(
  'a request for another payment is shown by the OP, and does not answer the first',
  everyBrowser,
  async ({ page }) => {
    const popup = await approveAtOp(page, 'Swap the request for another one')
    await expect(popup.getByText('1,840.00 to Harbour Insurance')).toBeVisible()
    await finish(popup)
    await expectEnd(page, 'step_up_denied: nonce_mismatch', 'it answers another question', 'nonce_mismatch')
  },
)

test(
  'a request of the script’s own shows no payment, and the bank cannot redeem its code',
  everyBrowser,
  async ({ page }) => {
    const popup = await approveAtOp(page, 'Send a request of its own')
    await expect(popup.getByLabel('Password')).toBeVisible()
    await expect(popup.getByRole('region', { name: 'asks you to approve' })).toBeHidden()
    await finish(popup)
    await expectEnd(page, 'step_up_denied: invalid_token', 'it is not valid', 'invalid_token')
  },
)
