import type { Browser } from '@playwright/test'
import { answer, closed, expect, fillEmail, greeting, popupOf, prompt, test } from '../../demo.ts'
import { type Session, signIn } from '../flows.ts'
import { asShipped, demoOf, missing, signInElsewhere, withPrompts } from './django-providers.ts'

// A login on another device moves the `auth_time` that this OP tells with each refresh.
test.use({ missing })

test.describe(() => {
  test.use({ demoOptions: demoOf({ knowsPrompts: false, refreshesIdTokens: true }) })

  test('django-oauth-toolkit: after a login on another device a refresh goes on, as auth_time is the person’s', async ({
    page,
    context,
    demo,
    browser,
  }) => {
    await refreshAfterLoginElsewhere({ page, context, demo, provider: asShipped }, browser)
    // The refresh token that came with it is the one to use now.
    await refresh({ page, context })
    await isAsBefore({ page })
  })
})

test.describe(() => {
  test.use({ demoOptions: demoOf({ knowsPrompts: true, refreshesIdTokens: true }, {}) })

  test('django-oauth-toolkit: where the profile does not say whose auth_time it is, a frame keeps the session', async ({
    page,
    context,
    demo,
    browser,
  }) => {
    await refreshAfterLoginElsewhere({ page, context, demo, provider: withPrompts }, browser)
    await expect(page.getByText('Renewed the session silently')).toBeVisible()
    await isAsBefore({ page })
  })
})

test.describe(() => {
  test.use({ demoOptions: demoOf({ knowsPrompts: false, refreshesIdTokens: true }, {}) })

  test('django-oauth-toolkit: where the profile does not say whose auth_time it is and no frame helps, the person is asked', async ({
    page,
    context,
    demo,
    browser,
  }) => {
    await refreshAfterLoginElsewhere({ page, context, demo, provider: asShipped }, browser)
    await expect(prompt(page)).toContainText('Your session has ended')
    const popup = await popupOf(page, answer(page, 'Continue'))
    // It knows the person, and sends the popup back at once.
    await closed(popup)
    await isAsBefore({ page })
  })
})

/** Josh is at work here when he signs in elsewhere. Then the access token comes near its end, and is refreshed. */
async function refreshAfterLoginElsewhere(session: Session, browser: Browser): Promise<void> {
  const { page, context, demo, provider } = session
  await context.clock.install({ time: new Date() })
  await signIn(session)
  await fillEmail(page, 'half@typed.example')
  await signInElsewhere(browser, demo, provider)
  await refresh(session)
}

/** Lets the access token come near its end, and waits until it is refreshed. */
async function refresh({ page, context }: Pick<Session, 'page' | 'context'>): Promise<void> {
  const refreshed = page.waitForResponse(response =>
    /grant_type=refresh_token/.test(response.request().postData() ?? ''),
  )
  await context.clock.fastForward(280_000)
  expect((await refreshed).ok()).toBe(true)
}

/** Josh is signed in, is not asked, and what he has typed is there. */
async function isAsBefore({ page }: Pick<Session, 'page'>): Promise<void> {
  await expect(prompt(page)).toBeHidden()
  await expect(greeting(page, 'josh')).toBeVisible()
  await expect(page.getByLabel('E-mail')).toHaveValue('half@typed.example')
}
