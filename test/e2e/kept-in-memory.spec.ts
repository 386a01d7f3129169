import { findChromium } from '../setup/chromium.ts'
import { answer, approveButton, expect, greeting, prompt, stepUpWithoutPopups, test } from './demo.ts'

// Playwright switches off what people have: pages that the browser keeps in memory for Back.
const executablePath = findChromium()
test.use({
  launchOptions: {
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    ...(executablePath && { executablePath }),
  },
})

test('Back to a page that was kept in memory finds no verifier, and the step-up can be tried again', async ({
  page,
  demo,
}) => {
  await stepUpWithoutPopups(page, demo)
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      document.documentElement.dataset.persisted = String(persisted)
    })
  })
  await answer(page, 'Continue on this page').click()
  await page.locator('[name=username]').waitFor()
  // What was kept is not loaded again.
  await page.goBack({ waitUntil: 'commit' })
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.dataset.persisted)).toBe('true')
  await expect
    .poll(() => page.evaluate(() => JSON.stringify({ ...sessionStorage })))
    .not.toMatch(/codeVerifier/)
  await expect(prompt(page)).toBeHidden()
  await approveButton(page).click()
  await expect(prompt(page)).toBeVisible()
  expect(demo.bank.ledger()).toEqual([])
})
