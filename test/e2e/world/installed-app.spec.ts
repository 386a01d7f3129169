import type { Page } from '@playwright/test'
import { expect, greeting, logIn, test } from '../demo.ts'
import { inOwnBrowser } from '../support/own-browser.ts'

/** What a browser says of itself in which a popup shares nothing with the page, or cannot come back to it. */
const inApp = {
  'the browser inside an Android app':
    'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A.240105.004; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36',
  'the browser inside Instagram on an iPhone':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 320.0.0.0',
  'the browser inside Facebook on an iPhone':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/450.0.0.0]',
}

/** Signs in with the page itself; a popup fails the test. */
async function signInOnThisPage(page: Page, url: string): Promise<void> {
  const popups: Page[] = []
  page.on('popup', popup => popups.push(popup))
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/interaction\//)
  await logIn(page)
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(popups).toEqual([])
}

test('an installed app signs in with the page itself', async ({ launchOptions, demo }) => {
  await inOwnBrowser({ launchOptions, args: [`--app=${demo.url}`] }, async context => {
    const [page = await context.newPage()] = context.pages()
    await signInOnThisPage(page, demo.url)
    expect(await page.evaluate(() => matchMedia('(display-mode: standalone)').matches)).toBe(true)
  })
})

for (const [name, userAgent] of Object.entries(inApp))
  test.describe(name, () => {
    test.use({ userAgent })

    test(`signs in with the page itself in ${name}`, async ({ page, demo }) => {
      await signInOnThisPage(page, demo.url)
    })
  })
