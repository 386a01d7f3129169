import type { Page } from '@playwright/test'
import type { OpPlace, RunningOp } from '../../../../demo/op/op.ts'
import { findLemonLdap } from '../../../setup/providers.ts'
import {
  closed,
  expect,
  greeting,
  oncePerSecond,
  outcome,
  type Person,
  popupOf,
  stepUp,
  test,
} from '../../demo.ts'
import { type ProviderUnderTest, signIn, testFlows } from '../flows.ts'
import { testDoctor } from './doctor.ts'
import { type LemonLdapOptions, startLemonLdap } from './lemonldap.ts'

const plackup = findLemonLdap()
test.use({
  missing: plackup ? '' : 'LemonLDAP::NG is not installed (liblemonldap-ng-portal-perl and starman)',
})

const start =
  (options: LemonLdapOptions) =>
  (place: OpPlace): Promise<RunningOp> =>
    startLemonLdap(plackup ?? '', place, options)

const provider: ProviderUnderTest = {
  name: 'LemonLDAP::NG 2.16',
  demo: {
    startOp: start({ forceAuthnInterval: 0 }),
    client: { storage: 'session', renewal: { via: ['iframe'], restore: ['tabs'] } },
  },
  logIn,
  ends: { login_required: 'timeout' },
  cannot: {
    'step-up by acr': 'knows how strong a login was, and cannot be asked for more',
    'sign-up': 'has no request that asks for a new account',
  },
}
testFlows(provider)
testDoctor(provider, { 'prompt=login': 'good', max_age: 'good', 're-authentication': 'good' })

test.describe(() => {
  test.use({ demoOptions: { startOp: start({}) } })

  test('LemonLDAP::NG: asked in a hidden frame, it shows a page that refuses framing, and the next login answers that request', async ({
    page,
    demo,
  }) => {
    await page.goto(demo.url)
    await expect(page.getByText('in a hidden frame who is signed in, and got no answer')).toBeVisible({
      timeout: 20_000,
    })
    const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
    await Promise.all([popup.waitForEvent('close'), logIn(popup, 'josh')])
    await expect(greeting(page, 'josh')).toBeVisible()
  })
})

test.describe(() => {
  const demoOptions = { ...provider.demo, startOp: start({ forceAuthnInterval: 3600 }) }
  test.use({ demoOptions })

  test('LemonLDAP::NG: soon after a login it answers prompt=login without asking, and the guard denies that as stale', async ({
    page,
    context,
    demo,
  }) => {
    await signIn({ page, context, demo, provider })
    const popup = await stepUp(page)
    await closed(popup)
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: stale')
    expect(await demo.bank.ledger()).toEqual([])
  })
})

for (const [userInfo, name] of [
  [true, 'Josh'],
  [false, 'josh'],
] as const)
  test.describe(() => {
    const { client } = provider.demo
    const startOp = start({ forceAuthnInterval: 0, namesInIdTokens: false })
    test.use({ demoOptions: { startOp, client: { ...client, userInfo } } })

    test(`LemonLDAP::NG: with names at the userinfo endpoint only, a client with userInfo ${userInfo} greets ${name}`, async ({
      page,
      context,
      demo,
    }) => {
      await signIn({ page, context, demo, provider })
      await expect(page.getByText(new RegExp(`Hi ${name}\\.`))).toBeVisible()
    })
  })

/** Its demonstration backend takes a person's name for the password. */
async function logIn(popup: Page, person: Person): Promise<void> {
  const renew = popup.locator('#upgrd button')
  const name = popup.locator('[name=user]')
  await renew.or(name).first().waitFor()
  if (await renew.isVisible()) await renew.click()
  await name.fill(person)
  await popup.locator('[name=password]').fill(person)
  await oncePerSecond(() =>
    Promise.all([
      popup.waitForResponse(response => response.request().method() === 'POST'),
      popup.locator('form button[type=submit].btn-success').click(),
    ]),
  )
  // When a second ends between the login and the request that it was for, that login is too old, and it asks again.
  const asksAgain = await renew.waitFor().then(
    () => true,
    () => false,
  )
  if (asksAgain) return logIn(popup, person)
  // In the same second it would answer the next request without asking.
  await oncePerSecond(async () => {})
}
