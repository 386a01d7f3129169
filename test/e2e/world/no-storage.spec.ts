import type { BrowserContext, Locator, Page } from '@playwright/test'
import { answer, blockPopups, expect, greeting, logIn, popupOf, test } from '../demo.ts'
import { inOwnBrowser } from '../support/own-browser.ts'
import { watchErrors } from '../support/page-errors.ts'

/** Either the person is in, or the page says why not. */
const isSettled = (page: Page): Locator =>
  greeting(page, 'josh').or(page.locator('.hero .outcome').filter({ hasText: /./ }))

/** On the callback page of a popup or a redirect, before its script runs. In a frame it shares the storage of the app. */
async function onCallbackPage(context: BrowserContext, work: () => void): Promise<void> {
  await context.addInitScript(
    `if (window === top && location.pathname.endsWith('/callback.html')) (${work})()`,
  )
}

function fillSessionStorage(): void {
  let size = 4_000_000
  for (let at = 0; size > 0; at++) {
    try {
      sessionStorage.setItem(`filled:${at}`, 'x'.repeat(size))
    } catch {
      size = Math.floor(size / 2)
    }
  }
}

function forbidSessionStorage(): void {
  Object.defineProperty(window, 'sessionStorage', {
    get: () => {
      throw new DOMException('Forbidden', 'SecurityError')
    },
  })
}

for (const [what, fault] of [
  ['full', fillSessionStorage],
  ['forbidden', forbidSessionStorage],
] as const) {
  test(`a redirect sign-in whose callback page finds sessionStorage ${what} ends in the app, and says how`, async ({
    page,
    context,
    demo,
  }) => {
    const errors = watchErrors(context)
    await onCallbackPage(context, fault)
    await blockPopups(page)
    await page.goto(demo.url)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await answer(page, 'Continue on this page').click()
    await logIn(page)
    await expect(isSettled(page)).toBeVisible()
    expect(page.url()).toBe(`${demo.url}/`)
    // No verifier stays behind.
    await expect
      .poll(() => page.evaluate(() => JSON.stringify({ ...sessionStorage }).includes('codeVerifier')))
      .toBe(false)
    expect(errors).toEqual([])
  })

  test(`a popup sign-in whose callback page finds sessionStorage ${what} works`, async ({
    page,
    context,
    demo,
  }) => {
    const errors = watchErrors(context)
    await onCallbackPage(context, fault)
    await page.goto(demo.url)
    const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
    await logIn(popup)
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(errors).toEqual([])
  })
}

test.describe('with site data blocked for the app', () => {
  /** The OP's cookies stay, or no person could sign in there. */
  const blocking = (origin: string): object => ({
    profile: { content_settings: { exceptions: { cookies: { [`${origin},*`]: { setting: 2 } } } } },
  })

  test.use({ demoOptions: { opHost: '127.0.0.1', client: { timeLimit: 3 } } })

  test('the app is on screen, a sign-in has an outcome, and nothing is left uncaught', async ({
    launchOptions,
    demo,
  }) => {
    await inOwnBrowser({ launchOptions, preferences: blocking(demo.url) }, async context => {
      const page = await context.newPage()
      const errors = watchErrors(context)
      await page.goto(demo.url)
      const signInButton = page.getByRole('button', { name: 'Sign in' })
      await expect(signInButton).toBeVisible()
      const isBlocked = page.evaluate(() => {
        try {
          return localStorage.length < 0
        } catch {
          return true
        }
      })
      expect(await isBlocked).toBe(true)
      const popup = await popupOf(page, signInButton)
      await logIn(popup)
      await expect(isSettled(page)).toBeVisible()
      await expect(page.getByText('Pennyworth').first()).toBeVisible()
      expect(errors).toEqual([])
    })
  })
})
