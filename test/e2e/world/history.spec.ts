import { expect, greeting, signIn, test } from '../demo.ts'
import { openOtherSite } from '../support/other-site.ts'

test.use({ demoOptions: { opHost: '127.0.0.1' } })

test('Back from an app that has asked the OP with the whole page leads to where the person came from', async ({
  page,
  context,
  demo,
}) => {
  await signIn(page, demo)
  await page.close()
  const start = await openOtherSite('The start page')
  const tab = await context.newPage()
  await tab.goto(start.url)
  const before = await tab.evaluate(() => history.length)
  await tab.goto(demo.url)
  await expect(greeting(tab, 'josh')).toBeVisible()
  expect(await tab.evaluate(() => history.length)).toBe(before + 1)
  await tab.goBack({ waitUntil: 'commit' })
  await expect(tab.getByText('The start page')).toBeVisible()
  expect(tab.url()).toBe(`${start.url}/`)
  // And forward again: nothing of the OP is in between.
  await tab.goForward({ waitUntil: 'commit' })
  await expect(greeting(tab, 'josh')).toBeVisible()
  expect(tab.url()).toBe(`${demo.url}/`)
  await start.close()
})
