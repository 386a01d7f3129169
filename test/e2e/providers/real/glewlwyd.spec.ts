import type { Page } from '@playwright/test'
import type { OpPlace } from '../../../../demo/op/op.ts'
import { findGlewlwyd, type GlewlwydPrograms } from '../../../setup/providers.ts'
import { expect, oncePerSecond, type Person, passwords, test } from '../../demo.ts'
import { type ProviderUnderTest, signIn, testFlows } from '../flows.ts'
import { startGlewlwyd } from './glewlwyd.ts'

const programs = findGlewlwyd()
test.use({ missing: programs ? '' : 'Glewlwyd is not installed (glewlwyd and sqlite3)' })

const startOp = (place: OpPlace) => startGlewlwyd(programs as GlewlwydPrograms, place)

const provider: ProviderUnderTest = {
  name: 'Glewlwyd 2.7',
  demo: { startOp, client: { storage: 'session' } },
  logIn,
  leave: page => page.getByRole('button', { name: 'Logout' }).click(),
  forget: async ({ page, context, demo }) => {
    // What the person can do at Glewlwyd: the app's refresh tokens, and the session.
    const tokens = await (await page.request.get(`${demo.issuer}/token`)).json()
    for (const { token_hash: hash, enabled } of tokens) {
      const answer =
        enabled && (await page.request.delete(`${demo.issuer}/token/${encodeURIComponent(hash)}`))
      if (answer) expect(answer.ok()).toBe(true)
    }
    await context.clearCookies()
  },
  ends: {
    'step-up by prompt': 'step_up_denied: stale',
    'step-up by max_age': 'step_up_denied: stale',
  },
  cannot: {
    'step-up by acr': 'has no acr',
    'sign-up': 'has no request that asks for a new account',
  },
}
testFlows(provider)

test.describe(() => {
  test.use({ demoOptions: { startOp, client: { renewal: { via: ['iframe'] } } } })

  test('Glewlwyd: prompt=none is answered with the last ID Token as hint, and refused without it', async ({
    page,
    context,
    demo,
  }) => {
    await context.clock.install({ time: new Date() })
    await signIn({ page, context, demo, provider })
    const renewed = page.waitForResponse(response => response.url() === `${demo.issuer}/token`)
    await context.clock.fastForward(280_000)
    expect((await renewed).ok()).toBe(true)
    await expect(page.getByText('Renewed the session silently')).toBeVisible()
    await page.reload()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  })
})

async function logIn(popup: Page, person: Person): Promise<void> {
  const goOn = popup.getByRole('button', { name: 'Continue' })
  const name = popup.locator('#username')
  await goOn.or(name).first().waitFor()
  if (await goOn.isVisible()) await goOn.click()
  // The page puts the person in who has signed in before, when it has loaded that, over whoever is there.
  await expect(async () => {
    // To be as recent as `max_age` wants is for the person who has signed in, and for nobody else.
    if (await name.isEnabled()) await name.fill(person)
    await popup.locator('#password').fill(passwords[person])
    await oncePerSecond(async () => {
      const [answer] = await Promise.all([
        popup.waitForResponse(response => response.request().method() === 'POST'),
        popup.locator('#loginbut').click(),
      ])
      expect(answer.ok()).toBe(true)
    })
  }).toPass()
  // It says who has signed in, unless it leaves at once.
  await goOn.click().catch(() => {})
}
