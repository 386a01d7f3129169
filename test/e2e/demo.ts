import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { type Demo, type DemoOptions, startDemo } from '../../demo/demo.ts'

export { expect } from '@playwright/test'

interface Fixtures {
  readonly demoOptions: DemoOptions
  /** The real demo on the built package: an OP, an API and the app, each on a free port. */
  readonly demo: Demo
}

export const test = base.extend<Fixtures>({
  demoOptions: [{}, { option: true }],
  demo: async ({ demoOptions }, use) => {
    const demo = await startDemo({ mode: 'built', ...demoOptions })
    await use(demo)
    await demo.close()
  },
})

export const passwords = { josh: 'josh-pw', jane: 'jane-pw' }
export type Person = keyof typeof passwords

/** Fills in the OP's own form, wherever it is shown. */
export async function logIn(opPage: Page, person: Person = 'josh'): Promise<void> {
  await opPage.locator('[name=username]').fill(person)
  await opPage.locator('[name=password]').fill(passwords[person])
  await opPage.getByRole('button', { name: 'Sign in' }).click()
}

/** Clicks, and returns the popup that opens. */
export async function popupOf(page: Page, button: Locator): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), button.click()])
  return popup
}

export async function signIn(page: Page, demo: Demo, person: Person = 'josh'): Promise<void> {
  await page.goto(demo.url)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup, person)])
  await expect(greeting(page, person)).toBeVisible()
}

export function greeting(page: Page, person: Person): Locator {
  return page.getByText(`Hi ${person === 'josh' ? 'Josh' : 'Jane'}.`)
}

export const approveButton = (page: Page): Locator => page.getByRole('button', { name: 'Approve 250.00' })
export const prompt = (page: Page): Locator => page.getByRole('dialog')
export const answer = (page: Page, name: string | RegExp): Locator =>
  prompt(page).getByRole('button', { name })
export const outcome = (page: Page): Locator => page.locator('.details .outcome')

/** Signs in, and goes as far as the OP's form in the popup of a step-up. */
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
