import type { BrowserContext, Page } from '@playwright/test'
import type { Demo } from '../../../demo/demo.ts'
import { openBarePage, whoIsIn } from '../bare/bare-page.ts'
import { expect, greeting, signIn } from '../demo.ts'
import { watchLeaving } from '../support/leaving.ts'
import { holdLock } from '../support/locks.ts'
import { misbehavingElsewhere, misbehavingOp, type OpTrouble, test } from '../support/misbehaving-op.ts'
import { leavePagesUntouched } from '../support/untouched.ts'

const client = { timeLimit: 2 }
const signInButton = (page: Page) => page.getByRole('button', { name: 'Sign in' })

interface Asked {
  now: number
  readonly at: number[]
}

/** When the pages asked the OP who is signed in, in milliseconds of their own clock. */
function watchAsking(context: BrowserContext, issuer: string): Asked {
  const asked: Asked = { now: 0, at: [] }
  context.on('request', request => {
    if (request.url().startsWith(`${issuer}/`)) asked.at.push(asked.now)
  })
  return asked
}

const step = 5000

/** Lets the pages' clock go on in steps, with time for what they do in between. */
async function letPass(page: Page, milliseconds: number, asked: Asked): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += step) {
    asked.now += step
    await page.context().clock.fastForward(step)
  }
}

test.describe('an OP on the same site', () => {
  test.use({ demoOptions: { op: misbehavingOp, client } })

  /** A page that was loaded while the OP was down, and that no other tab and no timer helps. */
  async function openLost(page: Page, demo: Demo, opTrouble: OpTrouble): Promise<Page> {
    await page.context().clock.install()
    await signIn(page, demo)
    await page.goto(`${demo.url}/demo/config.js`)
    await holdLock(page, `afresh:recovery:${demo.issuer} payments`)
    opTrouble.set('down')
    const bare = await openBarePage(page.context(), demo, client)
    expect(await whoIsIn(bare)).toBe('anonymous')
    opTrouble.set('none')
    return bare
  }

  test('the next call of the app finds the session when the OP works again', async ({
    page,
    demo,
    opTrouble,
  }) => {
    const bare = await openLost(page, demo, opTrouble)
    // An app that calls all the time does not ask the OP all the time.
    await bare.clock.fastForward(10_000)
    const status = await bare.evaluate(() =>
      window.bare.client.fetch('/api/ledger').then(({ status }) => status),
    )
    expect(status).toBe(200)
    expect(await whoIsIn(bare)).toBe('josh')
  })

  test('restore() finds the session when the OP works again', async ({ page, demo, opTrouble }) => {
    const bare = await openLost(page, demo, opTrouble)
    await bare.evaluate(() => window.bare.client.restore())
    expect(await whoIsIn(bare)).toBe('josh')
  })

  test('several tabs that could not ask the OP try again by themselves, one of them at a time and at most a minute apart', async ({
    page,
    context,
    demo,
    opTrouble,
  }) => {
    await context.clock.install()
    await signIn(page, demo)
    opTrouble.set('down')
    const second = await context.newPage()
    await Promise.all([page.reload(), second.goto(demo.url)])
    await expect(signInButton(page)).toBeVisible()
    await expect(signInButton(second)).toBeVisible()

    const asked = watchAsking(context, demo.issuer)
    await letPass(page, 600_000, asked)
    const tries = [...new Set(asked.at)]
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0))
    // A try takes time of its own, and is seen a step or two late.
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000 + 3 * step)
    expect(tries.length).toBeGreaterThan(8)
    // Two tabs with a rhythm each would come to twice as many.
    expect(tries.length).toBeLessThan(26)

    opTrouble.set('none')
    // A try that is under way when the clock jumps has run out of time.
    await expect(async () => {
      await context.clock.fastForward(61_000)
      await expect(greeting(page, 'josh')).toBeVisible({ timeout: 5000 })
    }).toPass({ timeout: 25_000 })
    await expect(greeting(second, 'josh')).toBeVisible()
  })
})

test.describe('an OP on another site', () => {
  test.use({ demoOptions: { ...misbehavingElsewhere, client } })

  test('a page that the person has used does not leave by itself when the OP works again', async ({
    page,
    demo,
    opTrouble,
  }) => {
    await signIn(page, demo)
    opTrouble.set('down')
    await page.reload()
    await expect(signInButton(page)).toBeVisible()
    await page.getByText('Pay the bills.').click()
    const left = watchLeaving(page, demo.issuer)
    opTrouble.set('none')
    const frameAnswered = page.waitForRequest(request => request.url().includes('/auth/callback.html'))
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await frameAnswered
    await expect(signInButton(page)).toBeVisible()
    expect(left).toEqual([])
  })

  test('a page that was loaded offline has the session back when the network is', async ({
    page,
    context,
    demo,
  }) => {
    await leavePagesUntouched(context)
    await signIn(page, demo)
    // The app itself comes from the browser's cache, as that of a progressive web app does.
    const { port } = new URL(demo.issuer)
    await page.route(new RegExp(`:${port}/`), route => route.abort('internetdisconnected'))
    await page.reload()
    await expect(signInButton(page)).toBeVisible()
    await context.setOffline(true)
    await page.unrouteAll()
    await context.setOffline(false)
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(page.url()).toBe(`${demo.url}/`)
  })
})
