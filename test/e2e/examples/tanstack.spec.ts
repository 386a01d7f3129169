import { expect, switchTo } from '../demo.ts'
import { tanstack } from './apps.ts'
import { button, expectPayments, row, signIn } from './payments-page.ts'
import { test } from './serving.ts'
import { testApp } from './story.ts'
import { watch } from './watching.ts'

testApp(tanstack)

test('a person who comes back gets nothing that was in a cache before', async ({ page, built }) => {
  const { loads } = await watch(page)
  await page.goto(built.origin)
  await signIn(page, 'josh')
  await expectPayments(page)
  await switchTo(page, 'jane')
  await expectPayments(page)
  await switchTo(page, 'josh')
  await expectPayments(page)
  expect(loads).toHaveLength(3)
})

test('a person who had to sign in first gets the page that they wanted', async ({ page, built }) => {
  await page.goto(`${built.origin}/?from=mail#top`)
  await signIn(page, 'josh')
  await expectPayments(page)
  expect(page.url()).toBe(`${built.origin}/?from=mail#top`)
})

for (const returnTo of ['https://evil.example/', '//evil.example/', '/\\evil.example/'])
  test(`a link to sign in leads to no other site: ${returnTo}`, async ({ page, built }) => {
    await page.goto(`${built.origin}/sign-in?${new URLSearchParams({ returnTo })}`)
    await signIn(page, 'josh')
    await expectPayments(page)
    expect(new URL(page.url()).origin).toBe(built.origin)
  })

test('a list that could not be loaded is loaded by a click', async ({ page, built }) => {
  await page.route('**/api/payments', route => route.abort())
  await page.goto(built.origin)
  await signIn(page, 'josh')
  await expect(page.getByRole('alert')).toHaveText('That did not work. Please try again.')
  await page.unroute('**/api/payments')
  await button(page, 'Try again').click()
  await expectPayments(page)
  await expect(row(page, 'ACME')).toBeVisible()
})
