import type { DemoOptions } from '../../demo/demo.ts'
import {
  answer,
  cutsTies,
  expect,
  leaveFocusToPopups,
  logIn,
  outcome,
  popupOf,
  prompt,
  signIn,
  stepUp,
  test,
} from './demo.ts'

test.use({ demoOptions: cutsTies })

test.beforeEach(({ context }) => leaveFocusToPopups(context))

test('signing in and approving by popup work', { tag: '@every-browser' }, async ({ page, demo }) => {
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  expect(await demo.bank.ledger()).toHaveLength(1)
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
  expect(await demo.bank.ledger()).toEqual([])
})

/** The OP sends people on to somebody else's pages, and only those cut the tie. */
const cutsTiesLater: DemoOptions = {
  op: {
    middleware: [
      async (ctx, next) => {
        if (ctx.path !== '/elsewhere') return next()
        ctx.set({ 'Cross-Origin-Opener-Policy': 'same-origin' })
        ctx.type = 'html'
        ctx.body = `<!doctype html><title>Elsewhere</title><a href="${new URLSearchParams(ctx.querystring).get('back')}">Back</a>`
      },
    ],
  },
}

test.describe('where only a later page cuts the tie', () => {
  test.use({ demoOptions: cutsTiesLater })

  test('the step-up waits for the popup', { tag: '@every-browser' }, async ({ page, demo }) => {
    await signIn(page, demo)
    const popup = await stepUp(page)
    await popup.locator('[name=username]').waitFor()
    const back = popup.url()
    await popup.evaluate(url => location.assign(`/elsewhere?back=${encodeURIComponent(url)}`), back)
    await expect(prompt(page)).toContainText('or open it again')
    await popup.getByRole('link', { name: 'Back' }).click()
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
  })
})

test.describe('where the app cuts the tie', () => {
  test.use({ demoOptions: { openerPolicy: 'same-origin' } })

  test('what the popup shows cannot move the app’s tab, and the payment is approved', {
    tag: '@every-browser',
  }, async ({ page, demo }) => {
    await signIn(page, demo)
    const popup = await stepUp(page)
    await popup.locator('[name=username]').waitFor()
    expect(await popup.evaluate(() => opener)).toBeNull()
    await expect(prompt(page)).toContainText('or open it again')
    await popup.close()
    const second = await popupOf(page, answer(page, 'Open again'))
    await Promise.all([second.waitForEvent('close'), logIn(second)])
    await expect(outcome(page)).toContainText('Approved')
    expect(page.url()).toBe(`${demo.url}/`)
  })
})
