import { policies } from '../../../../demo/api/guard.ts'
import {
  answer,
  approveButton,
  closed,
  expect,
  fillEmail,
  greeting,
  outcome,
  popupOf,
  prompt,
  test,
} from '../../demo.ts'
import { signIn } from '../flows.ts'
import { asShipped, missing, signInElsewhere, withPrompts } from './django-providers.ts'

// The `auth_time` of this OP is when the person last signed in, in whichever browser. No guard can tell these cases from
// a login here, which is why a profile says `authTime: 'person'`.
test.use({ missing })

test.describe(() => {
  test.use({
    demoOptions: { ...withPrompts.demo, client: { ...withPrompts.demo.client, storage: 'memory' } },
  })

  test('django-oauth-toolkit: a login on another device makes an action with maxAge pass here', async ({
    page,
    context,
    demo,
    browser,
  }) => {
    const maxAge = 15
    demo.restartApi({
      clockSkew: 1,
      actions: { ...policies, 'email.change': { maxAge, context: 'required' } },
    })
    await signIn({ page, context, demo, provider: withPrompts })
    const tooOld = Date.now() + (maxAge + 3) * 1000
    await expect.poll(() => Date.now(), { timeout: 30_000 }).toBeGreaterThan(tooOld)
    const change = page.getByRole('button', { name: 'Change e-mail' })
    await fillEmail(page, 'josh@elsewhere.example')
    await change.click()
    await answer(page, 'Cancel').click()

    await signInElsewhere(browser, demo, withPrompts)
    await page.reload()
    await expect(greeting(page, 'josh')).toBeVisible()
    await fillEmail(page, 'josh@elsewhere.example')
    await change.click()
    await expect(page.getByText('Changed.')).toBeVisible()
  })
})

test.describe(() => {
  test.use({ demoOptions: asShipped.demo })

  test('django-oauth-toolkit: a login on another device proves even a reauthentication, though no person is asked here', async ({
    page,
    context,
    demo,
    browser,
  }) => {
    await signIn({ page, context, demo, provider: asShipped })
    await approveButton(page).click()
    await expect(prompt(page)).toBeVisible()
    await signInElsewhere(browser, demo, asShipped)
    const popup = await popupOf(page, answer(page, 'Continue'))
    await closed(popup)
    await expect(outcome(page)).toContainText('Approved')
    expect(await demo.bank.ledger()).toHaveLength(1)
  })
})
