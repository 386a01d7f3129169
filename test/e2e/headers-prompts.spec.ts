import { policies } from '../../demo/api/guard.ts'
import type { DemoOptions } from '../../demo/demo.ts'
import type { OpenerPolicy } from '../../demo/headers.ts'
import { withAccounts } from '../../demo/op/accounts.ts'
import { redirectError } from '../../demo/op/location.ts'
import {
  answer,
  approveButton,
  blockPopups,
  expect,
  greeting,
  leaveFocusToPopups,
  logIn,
  outcome,
  popupOf,
  prompt,
  signIn,
  stepUp,
  switchTo,
} from './demo.ts'
import { test } from './refused.ts'

/** The error that the OP answers to what is asked in silence. */
let silentError: string | undefined
test.beforeEach(() => {
  silentError = undefined
})

const demoOf = (openerPolicy: OpenerPolicy): DemoOptions => ({
  openerPolicy,
  client: { session: { idle: 600 } },
  op: {
    ...withAccounts,
    middleware: [
      async (ctx, next) => {
        const isSilent = ctx.path === '/auth' && new URLSearchParams(ctx.querystring).get('prompt') === 'none'
        if (isSilent && silentError !== undefined) redirectError(ctx, '', { error: silentError })
        else await next()
      },
    ],
  },
})

/** Milliseconds until an access token is about to end. */
const almostAll = 280_000

for (const openerPolicy of ['same-origin-allow-popups', 'same-origin'] as const)
  test.describe(`under the headers, with ${openerPolicy} for openers`, () => {
    test.use({ demoOptions: demoOf(openerPolicy) })
    if (openerPolicy === 'same-origin') test.beforeEach(({ context }) => leaveFocusToPopups(context))
    test.afterEach(({ refused }) => expect(refused).toEqual([]))

    test('a session begins in a popup, is found again in a hidden frame and renewed in one', {
      tag: '@every-browser',
    }, async ({ page, context, demo }) => {
      await context.clock.install({ time: new Date() })
      await signIn(page, demo)
      await page.reload()
      await expect(greeting(page, 'josh')).toBeVisible()
      const renewed = page.waitForResponse(
        response => response.url() === `${demo.issuer}/token` && response.request().method() === 'POST',
      )
      await context.clock.fastForward(almostAll)
      expect((await renewed).status()).toBe(200)
      await expect(prompt(page)).toBeHidden()
    })

    test('the prompt popup_blocked sends the page itself to the OP, and a payment is approved after it', {
      tag: '@every-browser',
    }, async ({ page, demo }) => {
      await blockPopups(page)
      await page.goto(demo.url)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(prompt(page)).toHaveAttribute('data-prompt', 'popup_blocked')
      await answer(page, 'Continue on this page').click()
      await logIn(page)
      await expect(greeting(page, 'josh')).toBeVisible()
      await approveButton(page).click()
      await answer(page, 'Continue').click()
      await answer(page, 'Continue on this page').click()
      await logIn(page)
      await page.getByRole('button', { name: 'Finish' }).click()
      await expect(outcome(page)).toContainText('Approved')
      expect(await demo.bank.ledger()).toHaveLength(1)
    })

    test('the prompt step_up works', { tag: '@every-browser' }, async ({ page, demo }) => {
      await signIn(page, demo)
      const popup = await stepUp(page)
      await expect(prompt(page)).toHaveAttribute('data-prompt', 'step_up')
      await Promise.all([popup.waitForEvent('close'), logIn(popup)])
      await expect(outcome(page)).toContainText('Approved')
      expect(await demo.bank.ledger()).toHaveLength(1)
    })

    test('the prompt account_mismatch works', async ({ page, demo }) => {
      await signIn(page, demo)
      const popup = await stepUp(page)
      await Promise.all([popup.waitForEvent('close'), logIn(popup, 'jane')])
      await expect(prompt(page)).toHaveAttribute('data-prompt', 'account_mismatch')
      await answer(page, 'Continue as Jane Okafor').click()
      await expect(greeting(page, 'jane')).toBeVisible()
      expect(await demo.bank.ledger()).toEqual([])
    })

    test('the prompt step_up_unmet works', async ({ page, demo }) => {
      demo.restartApi({
        actions: {
          ...policies,
          'payment.approve': { maxAge: 300, acrValues: ['urn:none'], context: 'required' },
        },
      })
      await signIn(page, demo)
      await approveButton(page).click()
      // The login is fresh enough, so the popup closes by itself.
      await answer(page, 'Continue').click()
      await expect(prompt(page)).toHaveAttribute('data-prompt', 'step_up_unmet')
      await answer(page, 'OK').click()
      await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: acr_unmet')
      expect(await demo.bank.ledger()).toEqual([])
    })

    test('the prompt session_ended works', async ({ page, context, demo }) => {
      await context.clock.install({ time: new Date() })
      await signIn(page, demo)
      await context.clearCookies()
      await context.clock.fastForward(almostAll)
      await expect(prompt(page)).toHaveAttribute('data-prompt', 'session_ended')
      const popup = await popupOf(page, answer(page, 'Continue'))
      await Promise.all([popup.waitForEvent('close'), logIn(popup)])
      await expect(prompt(page)).toBeHidden()
      await expect(greeting(page, 'josh')).toBeVisible()
    })

    test('the prompt consent_required works', async ({ page, context, demo }) => {
      await context.clock.install({ time: new Date() })
      await signIn(page, demo)
      silentError = 'consent_required'
      await context.clock.fastForward(almostAll)
      await expect(prompt(page)).toHaveAttribute('data-prompt', 'consent_required')
      const redeemed = page.waitForResponse(`${demo.issuer}/token`)
      // The OP's owner has consented already, so the popup closes by itself.
      await answer(page, 'Continue').click()
      expect((await redeemed).status()).toBe(200)
      await expect(prompt(page)).toBeHidden()
      await expect(greeting(page, 'josh')).toBeVisible()
    })

    test('the prompt account_changed works', async ({ page, context, demo }) => {
      await signIn(page, demo)
      const second = await context.newPage()
      await second.goto(demo.url)
      await expect(greeting(second, 'josh')).toBeVisible()
      await switchTo(page, 'jane')
      await expect(prompt(second)).toHaveAttribute('data-prompt', 'account_changed')
      await answer(second, 'Continue as Jane Okafor').click()
      await expect(greeting(second, 'jane')).toBeVisible()
    })

    test('the prompt idle_warning works', async ({ page, context, demo }) => {
      await context.clock.install({ time: new Date() })
      await signIn(page, demo)
      await context.clock.fastForward(560_000)
      await expect(prompt(page)).toHaveAttribute('data-prompt', 'idle_warning')
      await answer(page, 'Stay signed in').click()
      await expect(prompt(page)).toBeHidden()
      await context.clock.fastForward(100_000)
      await expect(greeting(page, 'josh')).toBeVisible()
    })
  })
