import type { Page } from '@playwright/test'
import type { DemoOptions } from '../../demo/demo.ts'
import {
  answer,
  approveButton,
  expect,
  logIn,
  outcome,
  popupOf,
  prompt,
  signIn,
  stepUpWithoutPopups,
  test,
} from './demo.ts'
import { overflow, violations } from './support/looks.ts'

const pushing: DemoOptions = { pushedRequests: true }
test.use({ demoOptions: pushing })

async function expectGood(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    const where = `${colorScheme}, ${width} px`

    test(`axe finds nothing on the way to an approval: ${where}`, async ({ page, demo }) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await signIn(page, demo)
      await approveButton(page).click()
      await expect(prompt(page)).toContainText('Approve 250.00 to Northwind Paper')
      await expectGood(page)
      const popup = await popupOf(page, answer(page, 'Continue'))
      await popup.emulateMedia({ colorScheme })
      await popup.setViewportSize({ width, height: 800 })
      await expect(popup.getByText('250.00 to Northwind Paper')).toBeVisible()
      await expectGood(popup)
      await Promise.all([popup.waitForEvent('close'), logIn(popup)])
      await expect(page.getByText('Was shown at the provider')).toBeVisible()
      await page.getByRole('checkbox', { name: 'Let a script tamper' }).check()
      await page.getByLabel('What it does').selectOption('Strip the prompt')
      await page.getByRole('button', { name: 'Harbour Insurance' }).click()
      await page.getByRole('button', { name: 'Approve 1,840.00' }).click()
      await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: not_pushed')
      await expectGood(page)
    })

    test(`axe finds nothing on what is unfinished after a redirect: ${where}`, async ({ page, demo }) => {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await stepUpWithoutPopups(page, demo)
      await answer(page, 'Continue on this page').click()
      await logIn(page)
      await expect(page.getByRole('region', { name: 'Unfinished' })).toContainText('Northwind Paper')
      await expectGood(page)
    })
  }
}
