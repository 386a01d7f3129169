import type { Page } from '@playwright/test'
import type { Demo } from '../../../demo/demo.ts'
import { openBarePage, whoIsIn } from '../bare/bare-page.ts'
import { expect, greeting, logIn, popupOf, signOut, test } from '../demo.ts'
import { watchTokens } from '../support/sent-tokens.ts'

/** A page whose client is not mounted while another tab goes on. */
async function unmounted(page: Page, demo: Demo): Promise<Page> {
  const bare = await openBarePage(page.context(), demo)
  const popup = await popupOf(bare, bare.getByRole('button', { name: 'Sign in' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect.poll(() => whoIsIn(bare)).toBe('josh')
  await page.goto(demo.url)
  await expect(greeting(page, 'josh')).toBeVisible()
  await bare.evaluate(() => window.bare.unmount())
  return bare
}

/** Mounts it, and calls the API before anything else can happen. */
const mountAndCall = (bare: Page): Promise<number> =>
  bare.evaluate(async () => {
    window.bare.client.mount()
    const response = await window.bare.client.fetch('/api/ledger').catch(() => null)
    return response?.status ?? 0
  })

test('a client that is mounted after a sign-out elsewhere has no person, and sends no token', async ({
  page,
  demo,
}) => {
  const bare = await unmounted(page, demo)
  await signOut(page, demo)
  const sent = watchTokens(page.context())
  expect(await mountAndCall(bare)).not.toBe(200)
  await expect.poll(() => whoIsIn(bare)).toBe('anonymous')
  expect(sent).toEqual([])
})

test('a client that is mounted after another person has signed in sends nothing of the former one', async ({
  page,
  demo,
}) => {
  const bare = await unmounted(page, demo)
  await signOut(page, demo)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup, 'jane')])
  await expect(greeting(page, 'jane')).toBeVisible()
  const sent = watchTokens(page.context())
  await mountAndCall(bare)
  // Either she is in, or it is open whose page this is: then nothing is sent.
  await expect
    .poll(() =>
      bare.evaluate(() => {
        const { session, interactions } = window.bare.client.store.getState()
        return (
          session.status === 'authenticated' && session.account.sub === 'josh' && interactions.length === 0
        )
      }),
    )
    .toBe(false)
  expect(sent).not.toContain('josh')
})
