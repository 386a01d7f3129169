import type { Locator, Page } from '@playwright/test'
import { expect, greeting, signIn } from '../demo.ts'
import { watchLeaving } from '../support/leaving.ts'
import { holdLock } from '../support/locks.ts'
import {
  misbehavingElsewhere,
  misbehavingOp,
  type OpTrouble,
  type Trouble,
  test,
} from '../support/misbehaving-op.ts'
import { leavePagesUntouched } from '../support/untouched.ts'

const client = { timeLimit: 2 }
const sites = {
  'on another site': { ...misbehavingElsewhere, client },
  'on the same site': { op: misbehavingOp, client },
}

const signInButton = (page: Page): Locator => page.getByRole('button', { name: 'Sign in' })

/** Reloads the page of a person who is signed in, as far as the page's own sign that it cannot tell. */
async function reloadWithoutOp(page: Page, opTrouble: OpTrouble, trouble: Trouble): Promise<void> {
  opTrouble.set(trouble)
  await page.reload()
  await expect(page.getByText('Pennyworth').first()).toBeVisible()
  await expect(signInButton(page)).toBeVisible()
}

/** What a browser tells a page that comes back to the person, without the person having done anything in it. */
const comebacks = {
  online: () => dispatchEvent(new Event('online')),
  focused: () => dispatchEvent(new Event('focus')),
  visible: () => document.dispatchEvent(new Event('visibilitychange')),
}

for (const [where, demoOptions] of Object.entries(sites))
  test.describe(`an OP ${where}`, () => {
    test.use({ demoOptions })
    test.beforeEach(({ context }) => leavePagesUntouched(context))

    for (const trouble of ['down', 'hanging', 'busy'] satisfies Trouble[])
      test(`that is ${trouble}, ${where}, leaves the app on screen over a reload`, async ({
        page,
        demo,
        opTrouble,
      }) => {
        await signIn(page, demo)
        const left = watchLeaving(page, demo.issuer)
        await reloadWithoutOp(page, opTrouble, trouble)
        expect(left).toEqual([])
        expect(page.url()).toBe(`${demo.url}/`)
        // It is not an end: the next load finds the session.
        opTrouble.set('none')
        await page.reload()
        await expect(greeting(page, 'josh')).toBeVisible()
      })

    for (const [how, comeBack] of Object.entries(comebacks))
      test(`that works again, ${where}, has the session back when the page is ${how} again`, async ({
        page,
        demo,
        opTrouble,
      }) => {
        await signIn(page, demo)
        // Another page holds the lock, so it is not by itself that this one tries again.
        const other = await page.context().newPage()
        await other.goto(`${demo.url}/demo/config.js`)
        await holdLock(other, `afresh:recovery:${demo.issuer} payments`)
        await reloadWithoutOp(page, opTrouble, 'down')
        opTrouble.set('none')
        // A try that is under way may be joined, and has met an OP that was down.
        await expect(async () => {
          await page.evaluate(comeBack)
          await expect(greeting(page, 'josh')).toBeVisible({ timeout: 3000 })
        }).toPass({ timeout: 15_000 })
        expect(page.url()).toBe(`${demo.url}/`)
      })
  })
