import type { Page } from '@playwright/test'
import type { Demo } from '../../demo/demo.ts'
import {
  answer,
  approveButton,
  expect,
  greeting,
  logIn,
  outcome,
  prompt,
  signIn,
  stepUp,
  stepUpWithoutPopups,
  test,
} from './demo.ts'

/** How a step-up that led nowhere must look: one typed outcome, the same session, nothing approved. */
async function expectNothingDone(page: Page, demo: Demo, code: string): Promise<void> {
  await expect(outcome(page)).toHaveAttribute('data-code', code)
  await expect(prompt(page)).toBeHidden()
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(await demo.bank.ledger()).toEqual([])
  // And it can be tried again.
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
}

test('a payment is not made when the person cancels the prompt', async ({ page, demo }) => {
  await signIn(page, demo)
  await approveButton(page).click()
  await answer(page, 'Cancel').click()
  await expectNothingDone(page, demo, 'interaction_cancelled: dismissed')
})

test('Escape cancels the prompt, and the focus is back on the button', async ({ page, demo }) => {
  await signIn(page, demo)
  await approveButton(page).focus()
  await page.keyboard.press('Enter')
  await expect(answer(page, 'Cancel')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(approveButton(page)).toBeFocused()
  await expectNothingDone(page, demo, 'interaction_cancelled: dismissed')
})

test('a payment is not made when the person closes the popup', { tag: '@every-browser' }, async ({
  page,
  demo,
}) => {
  await page.clock.install()
  await signIn(page, demo)
  const popup = await stepUp(page)
  await popup.locator('[name=username]').waitFor()
  // The page looks now and then where its popup is. Of one closed before it was seen at the OP, it cannot tell.
  await page.clock.fastForward(1000)
  await popup.close()
  await expectNothingDone(page, demo, 'interaction_cancelled: window_closed')
})

test('the popup closes when the person cancels on the page', async ({ page, demo }) => {
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), answer(page, 'Cancel').click()])
  await expectNothingDone(page, demo, 'interaction_cancelled: dismissed')
})

test('a payment is not made when the person cancels at the OP', async ({ page, demo }) => {
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), popup.getByRole('link', { name: 'Cancel' }).click()])
  await expectNothingDone(page, demo, 'authorization_failed: access_denied')
})

test.describe('with popups blocked', () => {
  test.beforeEach(({ page, demo }) => stepUpWithoutPopups(page, demo))

  test('the payment can be finished after coming back from the redirect', { tag: '@every-browser' }, async ({
    page,
    demo,
  }) => {
    await answer(page, 'Continue on this page').click()
    await logIn(page)
    await expect(page.getByRole('region', { name: 'Unfinished' })).toContainText(
      'Approve 250.00 to Northwind Paper',
    )
    expect(await demo.bank.ledger()).toEqual([])
    expect(page.url()).toBe(`${demo.url}/`)
    await page.getByRole('button', { name: 'Finish' }).click()
    await expect(outcome(page)).toContainText('Approved')
    expect(await demo.bank.ledger()).toMatchObject([{ paymentId: 'northwind', approvedBy: 'josh' }])
  })

  test('the payment can be given up after coming back', async ({ page, demo }) => {
    await answer(page, 'Continue on this page').click()
    await logIn(page)
    await page.getByRole('button', { name: 'Discard' }).click()
    await expect(page.getByText('You were approving')).toBeHidden()
    expect(await demo.bank.ledger()).toEqual([])
    await page.reload()
    await expect(greeting(page, 'josh')).toBeVisible()
    await expect(page.getByText('You were approving')).toBeHidden()
  })

  test('a redirect that is cancelled leaves everything as it was', async ({ page, demo }) => {
    await answer(page, 'Cancel').click()
    await expect(outcome(page)).toHaveAttribute('data-code', 'interaction_cancelled: dismissed')
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(await demo.bank.ledger()).toEqual([])
  })

  test('a cancel at the OP brings back the session and says why nothing was done', async ({ page, demo }) => {
    await answer(page, 'Continue on this page').click()
    await page.getByRole('link', { name: 'Cancel' }).click()
    await expect(greeting(page, 'josh')).toBeVisible()
    await expect(outcome(page)).toHaveAttribute('data-code', 'authorization_failed: access_denied')
    expect(await demo.bank.ledger()).toEqual([])
  })

  test('another person who comes back gets nothing before the question is answered', async ({
    page,
    demo,
  }) => {
    await answer(page, 'Continue on this page').click()
    await logIn(page, 'jane')
    await expect(prompt(page)).toContainText('You signed in as Jane Okafor')
    await expect(greeting(page, 'jane')).toBeHidden()
    await answer(page, 'Continue as Jane Okafor').click()
    await expect(greeting(page, 'jane')).toBeVisible()
    await expect(page.getByText('You were approving')).toBeHidden()
    expect(await demo.bank.ledger()).toEqual([])
  })
})

test('a second click while the step-up is under way changes nothing', async ({ page, demo }) => {
  await signIn(page, demo)
  const asked: string[] = []
  page.on('request', request => {
    if (request.url().endsWith('/api/freshness')) asked.push(request.postData() ?? '')
  })
  await approveButton(page).dblclick()
  await answer(page, 'Cancel').click()
  expect(asked).toHaveLength(1)
  expect(await demo.bank.ledger()).toEqual([])
})

test('the back button at the OP brings back a page where it can be tried again', async ({ page, demo }) => {
  await stepUpWithoutPopups(page, demo)
  await answer(page, 'Continue on this page').click()
  await page.locator('[name=username]').waitFor()
  await page.goBack()
  await expect(greeting(page, 'josh')).toBeVisible()
  await expect(prompt(page)).toBeHidden()
  await expect(page.getByText('You were approving')).toBeHidden()
  await approveButton(page).click()
  await expect(prompt(page)).toBeVisible()
  expect(await demo.bank.ledger()).toEqual([])
})

test('a part of the app that a deploy has removed causes a network error, and the payment works when it is back', async ({
  page,
  demo,
}) => {
  await signIn(page, demo)
  await page.route('**/step-up-*.js', route => route.fulfill({ status: 404 }))
  await approveButton(page).click()
  await expect(page.locator('[data-code="network"]')).toBeVisible()
  await page.unroute('**/step-up-*.js')
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  expect(await demo.bank.ledger()).toHaveLength(1)
})

test('a reload in the middle ends the step-up', async ({ page, demo }) => {
  await signIn(page, demo)
  await approveButton(page).click()
  await expect(prompt(page)).toBeVisible()
  await page.reload()
  await expect(greeting(page, 'josh')).toBeVisible()
  await expect(prompt(page)).toBeHidden()
  expect(await demo.bank.ledger()).toEqual([])
})
