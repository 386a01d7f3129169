import {
  answer,
  expect,
  fillEmail,
  greeting,
  logIn,
  outcome,
  popupOf,
  signIn,
  stepUpWithoutPopups,
  test,
} from './demo.ts'
import { watchLeaving } from './support/leaving.ts'

test.describe('with the OP on another site, where the browser keeps its cookies out of frames', () => {
  test.use({ demoOptions: { opHost: '127.0.0.1' } })

  test('a first-time visitor is not sent anywhere', async ({ page, demo }) => {
    const left = watchLeaving(page, demo.issuer)
    await page.goto(demo.url)
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    expect(left).toEqual([])
  })

  test('a reload keeps the session, by one visit of the whole page', async ({ page, demo }) => {
    await signIn(page, demo)
    const left = watchLeaving(page, demo.issuer)
    await page.reload()
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(left).toHaveLength(1)
    expect(new URL(left[0] ?? '').searchParams.get('prompt')).toBe('none')
    expect(page.url()).toBe(`${demo.url}/`)
    await page.reload()
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(left).toHaveLength(2)
  })

  test('a step-up that is cancelled at the OP says so, although the page then leaves once more for its session', async ({
    page,
    demo,
  }) => {
    await stepUpWithoutPopups(page, demo)
    await answer(page, 'Continue on this page').click()
    await page.getByRole('link', { name: 'Cancel' }).waitFor()
    const left = watchLeaving(page, demo.issuer)
    await page.getByRole('link', { name: 'Cancel' }).click()
    await expect(greeting(page, 'josh')).toBeVisible()
    await expect(outcome(page)).toHaveAttribute('data-code', 'authorization_failed: access_denied')
    expect(left.map(url => new URL(url).searchParams.get('prompt'))).toEqual(['none'])
    expect(await demo.bank.ledger()).toEqual([])
    // Said once: a reload brings back the session alone.
    await page.reload()
    await expect(greeting(page, 'josh')).toBeVisible()
    await expect(outcome(page)).not.toHaveAttribute('data-code')
  })

  test('an OP that has forgotten the person is asked once, and not again', async ({
    page,
    context,
    demo,
  }) => {
    await signIn(page, demo)
    const left = watchLeaving(page, demo.issuer)
    await context.clearCookies({ domain: '127.0.0.1' })
    await page.reload()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    // Nobody had asked for anything, so nothing has failed.
    await expect(page.locator('.hero .outcome')).toBeEmpty()
    await page.reload()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    expect(left).toHaveLength(1)
  })
})

test('a new tab has the session at once, and asks the OP nothing', async ({ page, context, demo }) => {
  await signIn(page, demo)
  const asked: string[] = []
  context.on('request', request => {
    if (request.url().startsWith(demo.issuer)) asked.push(request.url())
  })
  const second = await context.newPage()
  await second.goto(demo.url)
  await expect(greeting(second, 'josh')).toBeVisible()
  expect(asked).toEqual([])
})

test('a sign-in and a sign-out in one tab reach the other', async ({ page, context, demo }) => {
  const second = await context.newPage()
  await second.goto(demo.url)
  await expect(second.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await signIn(page, demo)
  await expect(greeting(second, 'josh')).toBeVisible()
  await second.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expect(second.getByRole('button', { name: 'Sign in' })).toBeVisible()
})

test('a token about to expire is renewed in silence', async ({ page, context, demo }) => {
  const time = new Date()
  await context.clock.install({ time })
  await signIn(page, demo)
  const renewed = page.waitForResponse(
    response => response.url() === `${demo.issuer}/token` && response.request().method() === 'POST',
  )
  await context.clock.fastForward(280_000)
  expect((await renewed).status()).toBe(200)
  await expect(greeting(page, 'josh')).toBeVisible()
})

test('a person whom the OP no longer knows is asked to sign in again on the same page', async ({
  page,
  context,
  demo,
}) => {
  await context.clock.install({ time: new Date() })
  await signIn(page, demo)
  await fillEmail(page, 'half@typed.example')
  await context.clearCookies()
  await context.clock.fastForward(280_000)
  await expect(page.getByRole('dialog')).toContainText('Your session has ended, Josh Rivera')
  const popup = await popupOf(page, page.getByRole('dialog').getByRole('button', { name: 'Continue' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByLabel('E-mail')).toHaveValue('half@typed.example')
})
