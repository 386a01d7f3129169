import type { Browser, Page } from '@playwright/test'
import type { Demo } from '../../../demo/demo.ts'
import { logIn, outcome, popupOf, stepUp } from '../demo.ts'
import { refuseSignIns } from '../support/refused-sign-ins.ts'

/** The devtools after a payment, light and wide; and after a sign-in that was refused, dark and narrow. */
export async function takeDevtoolsPictures(browser: Browser, demo: Demo, folder: string): Promise<void> {
  const page = await browser.newPage({ reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } })
  const popup = await startSignIn(page, demo)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  const proof = await stepUp(page)
  await Promise.all([proof.waitForEvent('close'), logIn(proof)])
  await outcome(page).filter({ hasText: 'Approved' }).waitFor()
  await openPanel(page, 'Timeline')
  await page.screenshot({ path: `${folder}devtools-1280.png` })
  await page.close()

  const narrow = await browser.newPage({ colorScheme: 'dark', viewport: { width: 360, height: 760 } })
  await refuseSignIns(narrow.context(), demo.issuer, 'invalid_scope', 'scope "bank" is unknown')
  await startSignIn(narrow, demo)
  await narrow.getByRole('button', { name: /something failed/ }).waitFor()
  await openPanel(narrow, 'Timeline')
  await narrow.screenshot({ path: `${folder}devtools-360.png` })
  await narrow.close()
}

async function startSignIn(page: Page, demo: Demo): Promise<Page> {
  await page.goto(`${demo.url}/?devtools`)
  return popupOf(page, page.getByRole('button', { name: 'Sign in' }))
}

async function openPanel(page: Page, tab: string): Promise<void> {
  await page.getByRole('button', { name: /^afresh: / }).click()
  await page.getByRole('tab', { name: tab }).click()
}
