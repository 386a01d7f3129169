import { expect, greeting, logIn, popupOf, signIn, signOut, test } from '../demo.ts'
import { openOtherSite } from '../support/other-site.ts'
import { watchTokens } from '../support/sent-tokens.ts'

test.use({ demoOptions: { client: { storage: 'session' } } })

/** What this tab's storage holds of a session. */
const readKept = (): string =>
  Object.entries({ ...sessionStorage })
    .filter(([key]) => key.startsWith('afresh:session:') && !key.endsWith(':tab'))
    .map(([, text]) => text)
    .join()

for (const next of ['jane', null] as const)
  test(`a tab that comes back after ${next ? 'another person has signed in' : 'a sign-out'} shows and sends nothing of the former person`, async ({
    page,
    context,
    demo,
  }) => {
    const other = await openOtherSite('Elsewhere')
    await signIn(page, demo)
    const second = await context.newPage()
    await second.goto(demo.url)
    await expect(greeting(second, 'josh')).toBeVisible()
    await page.goto(other.url)
    await signOut(second, demo)
    if (next) {
      const popup = await popupOf(second, second.getByRole('button', { name: 'Sign in' }))
      await Promise.all([popup.waitForEvent('close'), logIn(popup, next)])
      await expect(greeting(second, next)).toBeVisible()
    }
    await second.close()
    const sent = watchTokens(context)
    await page.goto(demo.url)
    // The OP may know the next person by now; then the page may show her.
    await expect(page.getByText(/^Hi \w+\./).or(page.getByRole('button', { name: 'Sign in' }))).toBeVisible()
    await expect(greeting(page, 'josh')).toBeHidden()
    expect(sent).not.toContain('josh')
    expect((await page.evaluate(readKept)).includes('"sub":"josh"')).toBe(false)
    await other.close()
  })
