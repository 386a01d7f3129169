import { expect, logIn, test } from '../demo.ts'
import { framing, openOtherSite } from '../support/other-site.ts'

test.use({ demoOptions: { embeddedBy: ['http://127.0.0.1:*'] } })

test('an app that another site frames signs the person in by popup, though its storage is kept apart', async ({
  page,
  demo,
}) => {
  const site = await openOtherSite(framing(demo.url))
  await page.goto(site.url)
  const app = page.frameLocator('iframe')
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    app.getByRole('button', { name: 'Sign in' }).click(),
  ])
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(app.getByText('Hi Josh.')).toBeVisible()
  await expect(app.getByRole('button', { name: 'Approve 250.00' })).toBeVisible()
  await site.close()
})

test('a popup of a framed app that is closed ends the sign-in with a word, and it can be tried again', async ({
  page,
  demo,
}) => {
  const site = await openOtherSite(framing(demo.url))
  await page.goto(site.url)
  const app = page.frameLocator('iframe')
  const signInButton = app.getByRole('button', { name: 'Sign in' })
  const [popup] = await Promise.all([page.waitForEvent('popup'), signInButton.click()])
  await popup.locator('[name=username]').waitFor()
  await popup.close()
  const isOver = app.locator('.hero .outcome').filter({ hasText: /./ })
  await expect(isOver.or(app.getByRole('dialog'))).toBeVisible()
  await site.close()
})
