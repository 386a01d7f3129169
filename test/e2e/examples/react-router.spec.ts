import { expect } from '../demo.ts'
import { reactRouter } from './apps.ts'
import { button, expectPayments, signIn } from './payments-page.ts'
import { test } from './serving.ts'
import { testApp } from './story.ts'
import { watch } from './watching.ts'

testApp(reactRouter)

test('a person who must sign in for a page gets to it afterwards, with what its address says', async ({
  page,
  built,
}) => {
  const { loads } = await watch(page)
  await page.goto(`${built.origin}/payments?sort=amount`)
  await expect(button(page, 'Sign in')).toBeVisible()
  expect(page.url()).toBe(`${built.origin}/sign-in?returnTo=%2Fpayments%3Fsort%3Damount`)
  expect(loads).toHaveLength(0)
  await signIn(page, 'josh')
  await expectPayments(page)
  expect(page.url()).toBe(`${built.origin}/payments?sort=amount`)

  await test.step('a link to the sign-in page leads nowhere but into the app', async () => {
    for (const elsewhere of [
      'https://evil.example/',
      '//evil.example',
      '/.//evil.example',
      '/\\evil.example',
    ]) {
      await page.goto(`${built.origin}/sign-in?${new URLSearchParams({ returnTo: elsewhere })}`)
      await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible()
      expect(page.url()).toBe(`${built.origin}/`)
    }
  })

  await test.step('a reload shows no other page first', async () => {
    await page.addInitScript(noteHeadings)
    await page.goto(`${built.origin}/payments`)
    await expectPayments(page)
    expect(await page.evaluate('__headings')).toEqual(['Payments'])
  })
})

/** Notes each heading that the page shows. */
function noteHeadings(): void {
  const headings = new Set<string>()
  const look = (): void => {
    for (const { textContent } of document.querySelectorAll('h1')) headings.add(textContent ?? '')
    Object.assign(window, { __headings: [...headings] })
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
}
