import { openBarePage, whoIsIn } from '../bare/bare-page.ts'
import { expect, logIn, popupOf, test } from '../demo.ts'
import { holdLock } from '../support/locks.ts'

test('a tab that holds the renewal lock and has stopped keeps the others waiting for a while only', async ({
  page,
  context,
  demo,
}) => {
  const bare = await openBarePage(context, demo, { timeLimit: 1 })
  const popup = await popupOf(bare, bare.getByRole('button', { name: 'Sign in' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect.poll(() => whoIsIn(bare)).toBe('josh')
  await page.goto(`${demo.url}/demo/config.js`)
  const lock = `afresh:renewal:${demo.issuer} payments`
  await holdLock(page, lock)

  // More seconds than any token is good for, so it has to be renewed.
  const ended = bare.evaluate(() =>
    window.bare.client.getAccessToken({ minValidity: 86_400 }).then(
      token => typeof token,
      error => String(error.code),
    ),
  )
  const waiting = (): Promise<(string | undefined)[]> =>
    page.evaluate(async () => ((await navigator.locks.query()).pending ?? []).map(({ name }) => name))
  await expect.poll(waiting).toContain(lock)
  // Twice the time limit and a second.
  const limit = new Promise(resolve => setTimeout(resolve, 5000, 'still waiting'))
  expect(await Promise.race([ended, limit])).toBe('string')
})
