import { type BrowserContext, test as base, expect, type Locator, type Page } from '@playwright/test'
import { type Demo, type DemoOptions, startDemo } from '../../demo/demo.ts'

export { expect } from '@playwright/test'

interface Fixtures {
  readonly demoOptions: DemoOptions
  /** The real demo on the built package: an OP, an API and the app, each on a free port. */
  readonly demo: Demo
  readonly skipUnlessInstalled: undefined
}

export interface Installed {
  /** Why this browser's tests are skipped, or nothing. */
  readonly missing: string
}

interface WorkerFixtures extends Installed {
  readonly demos: Map<DemoOptions, Demo>
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  missing: ['', { option: true, scope: 'worker' }],
  skipUnlessInstalled: [
    async ({ missing }, use, { skip }) => {
      skip(missing !== '', missing)
      await use(undefined)
    },
    { auto: true },
  ],
  context: async ({ context, browser }, use, { annotations }) => {
    annotations.push({ type: 'browser', description: browser.version() })
    await use(context)
  },
  demoOptions: [{}, { option: true }],
  // Making the OP's key takes longer than some tests, so a worker does it once for each set of options.
  demos: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the parameter what a fixture needs
    async ({}, use) => {
      const demos = new Map<DemoOptions, Demo>()
      await use(demos)
      for (const demo of demos.values()) await demo.close()
    },
    { scope: 'worker' },
  ],
  demo: async ({ demoOptions, demos }, use) => {
    const demo = demos.get(demoOptions) ?? (await startDemo({ mode: 'built', ...demoOptions }))
    // Nothing that one test approves or proves is there for the next; its browser context knows no cookie.
    if (demos.has(demoOptions)) demo.restartApi()
    demos.set(demoOptions, demo)
    await use(demo)
  },
})

/** The OP cuts the tie between its pages and whoever opened them, as large providers do. */
export const cutsTies: DemoOptions = {
  op: {
    middleware: [
      async (ctx, next) => {
        ctx.set({ 'Cross-Origin-Opener-Policy': 'same-origin' })
        await next()
      },
    ],
  },
}

export const passwords = { josh: 'josh-pw', jane: 'jane-pw', mei: 'mei-pw' }
export type Person = keyof typeof passwords

let lastLogin = 0
const seconds = (): number => Math.floor(Date.now() / 1000)

/**
 * `auth_time` counts whole seconds, so a login in the same second as the one before proves nothing new: no person is
 * as fast as these tests.
 *
 * @param login resolves when the OP has seen it
 */
export async function oncePerSecond(login: () => Promise<unknown>): Promise<void> {
  await expect.poll(seconds, { intervals: [20] }).toBeGreaterThan(lastLogin)
  await login()
  lastLogin = seconds()
}

/** Fills in the OP's own form, wherever it is shown. */
export async function logIn(opPage: Page, person: Person = 'josh'): Promise<void> {
  await opPage.locator('[name=username]').fill(person)
  await opPage.locator('[name=password]').fill(passwords[person])
  await oncePerSecond(() =>
    Promise.all([
      opPage.waitForResponse(response => response.request().method() === 'POST'),
      opPage.getByRole('button', { name: 'Sign in' }).click(),
    ]),
  )
}

/** Clicks, and returns the popup that opens. */
export async function popupOf(page: Page, button: Locator): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), button.click()])
  return popup
}

/** Resolves once a popup has closed. One that asks nothing may be gone already, and no event comes any more. */
export async function closed(popup: Page): Promise<void> {
  if (!popup.isClosed()) await popup.waitForEvent('close')
}

export async function signIn(page: Page, demo: Demo, person: Person = 'josh'): Promise<void> {
  await page.goto(demo.url)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup, person)])
  await expect(greeting(page, person)).toBeVisible()
}

/** Here at once; then the page leaves to end the OP's session too, and comes back. */
export async function signOut(page: Page, { url }: Pick<Demo, 'url'>): Promise<void> {
  const isBack = page.waitForRequest(request => request.isNavigationRequest() && request.url() === `${url}/`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await isBack
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
}

export function greeting(page: Page, person: Person): Locator {
  return page.getByText(`Hi ${{ josh: 'Josh', jane: 'Jane', mei: 'Mei' }[person]}.`)
}

/** Chooses to be somebody else at the OP, and signs in as them. */
export async function beSomebodyElse(popup: Page, person: Person): Promise<void> {
  await popup.getByRole('button', { name: 'Use another account' }).click()
  await logIn(popup, person)
}

/** “Not you?”, as far as the other person's greeting. */
export async function switchTo(page: Page, person: Person): Promise<void> {
  const popup = await popupOf(page, page.getByRole('button', { name: 'Not you?' }))
  await Promise.all([popup.waitForEvent('close'), beSomebodyElse(popup, person)])
  await expect(greeting(page, person)).toBeVisible()
}

export const approveButton = (page: Page): Locator => page.getByRole('button', { name: 'Approve 250.00' })
export const prompt = (page: Page): Locator => page.getByRole('dialog')
export const answer = (page: Page, name: string | RegExp): Locator =>
  prompt(page).getByRole('button', { name })
export const outcome = (page: Page): Locator => page.locator('.details .outcome')

/** Waits for the person's address to be loaded first: it would get into the field in the middle of filling it in. */
export async function fillEmail(page: Page, address: string): Promise<void> {
  const field = page.getByLabel('E-mail')
  await expect(field).toHaveValue(/@pennyworth\.example$/)
  // In Firefox, `fill` adds to what is there.
  await field.evaluate((input: HTMLInputElement) => input.select())
  await field.pressSequentially(address)
}

/** Begins a step-up, as far as the OP's form in its popup. */
export async function stepUp(page: Page): Promise<Page> {
  await approveButton(page).click()
  return popupOf(page, answer(page, 'Continue'))
}

/** A browser that refuses popups: Playwright's own never does. */
export async function blockPopups(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.open = () => null
  })
}

/** A page that has not the focus while a popup is open: automation gives it to every page of Chromium. */
export async function leaveFocusToPopups(context: BrowserContext): Promise<void> {
  if (context.browser()?.browserType().name() !== 'chromium') return
  await context.addInitScript(() => {
    document.hasFocus = () => false
  })
}

/** With popups blocked: signs in by redirect and begins a step-up, as far as the offer to go on by redirect too. */
export async function stepUpWithoutPopups(page: Page, demo: Demo): Promise<void> {
  await blockPopups(page)
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await answer(page, 'Continue on this page').click()
  await logIn(page)
  await expect(greeting(page, 'josh')).toBeVisible()
  await approveButton(page).click()
  await answer(page, 'Continue').click()
}
