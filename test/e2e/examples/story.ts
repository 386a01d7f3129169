import AxeBuilder from '@axe-core/playwright'
import { isInstalled } from '../../setup/examples.ts'
import { answer, blockPopups, expect, greeting, logIn, prompt, signOut, switchTo } from '../demo.ts'
import type { ExampleApp } from './apps.ts'
import {
  approvals,
  approve,
  approveAs,
  button,
  expectPayments,
  holdLoads,
  row,
  sendAgain,
  signIn,
} from './payments-page.ts'
import { test } from './serving.ts'
import { watch } from './watching.ts'

/**
 * The tests that every app passes.
 *
 * Each app has one file, and its tests run one after the other: two builds at once would write to the same folder.
 */
export function testApp(app: ExampleApp): void {
  const { path = '/', mostCommits = 6 } = app
  test.describe.configure({ mode: 'default' })
  test.use({ app })
  test.skip(!isInstalled(app.name), 'it is not installed')

  test.describe(app.name, () => {
    test('signs in, is still signed in after a reload, steps up, switches the person, signs out', async ({
      page,
      built,
    }) => {
      const watched = await watch(page)
      const { complaints, loads, approvals: sent } = watched
      await page.goto(built.origin + path)
      await signIn(page, 'josh')
      await expectPayments(page)
      expect(complaints).toEqual([])

      await test.step('a reload', async () => {
        loads.length = 0
        await page.reload()
        await expect(greeting(page, 'josh')).toBeVisible()
        await expectPayments(page)
        await page.waitForLoadState('networkidle')
        expect(loads).toHaveLength(1)
        expect(complaints).toEqual([])
        const versions = await watched.versions()
        expect(versions.map(version => version.split('.')[0])).toEqual(app.react === null ? [] : [app.react])
        expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
        expect(await watched.commits()).toBeLessThanOrEqual(mostCommits)
      })

      await test.step('a step-up that the person stops', async () => {
        await approve(page, 'ACME').click()
        await answer(page, 'Cancel').click()
        await expect(prompt(page)).toBeHidden()
        await expect(approve(page, 'ACME')).toBeFocused()
        await expect(row(page, 'ACME').getByRole('status')).toHaveText('You stopped. Nothing was done.')
        expect(sent).toHaveLength(0)
        expect((await approvals(page, loads)).ACME).toBeNull()
      })

      await test.step('a step-up with proof, which is good once', async () => {
        await approveAs(page, 'ACME', 'josh')
        await expect(approve(page, 'ACME')).toBeHidden()
        expect(sent).toHaveLength(1)
        expect(await approvals(page, loads)).toMatchObject({ ACME: 'josh', Initech: null })
        const again = await sendAgain(page, sent, { cents: 25_000, to: 'ACME' })
        expect(again.status()).toBe(401)
      })

      await test.step('another person', async () => {
        loads.length = 0
        const release = await holdLoads(page)
        await switchTo(page, 'jane')
        // What was loaded for the former person is gone.
        await expect(row(page, 'ACME')).toHaveCount(0)
        release()
        await expectPayments(page)
        expect(loads).toHaveLength(1)
        await approveAs(page, 'Initech', 'jane')
        expect(await approvals(page, loads)).toMatchObject({ ACME: 'josh', Initech: 'jane' })
      })

      await test.step('the end', async () => {
        await signOut(page, { url: built.origin })
        await page.reload()
        await expect(button(page, 'Sign in')).toBeVisible()
        await expect(row(page, 'ACME')).toHaveCount(0)
      })
      expect(complaints).toEqual([])
    })

    test('signs in and steps up on a page that may open no popup, and waits for a last click', async ({
      page,
      built,
    }) => {
      await blockPopups(page)
      const { complaints, loads, approvals: sent } = await watch(page)
      await page.goto(built.origin + path)
      await button(page, 'Sign in').click()
      await answer(page, 'Continue on this page').click()
      await logIn(page, 'mei')
      await expectPayments(page)

      for (const [to, choice] of [
        ['Globex', 'Discard'],
        ['Hooli', 'Finish'],
      ] as const) {
        await approve(page, to).click()
        await answer(page, 'Continue').click()
        await answer(page, 'Continue on this page').click()
        await logIn(page, 'mei')
        await expect(row(page, to).getByRole('button', { name: 'Finish' })).toBeVisible()
        expect(sent).toHaveLength(0)
        await row(page, to).getByRole('button', { name: choice }).click()
      }
      await expect(row(page, 'Hooli')).toContainText('Approved by mei')
      await expect(approve(page, 'Globex')).toBeVisible()
      expect(await approvals(page, loads.slice(-1))).toMatchObject({ Globex: null, Hooli: 'mei' })
      expect(complaints).toEqual([])
    })

    test('is developed without a warning', async ({ page, dev }) => {
      const { complaints } = await watch(page)
      await page.goto(dev.origin + path)
      await signIn(page, 'josh')
      await expectPayments(page)
      await page.reload()
      await expectPayments(page)
      await approveAs(page, 'ACME', 'josh')
      expect(complaints).toEqual([])
    })
  })
}
