import { expect, test } from '../demo.ts'
import { noteComebacks, wasKept } from '../support/kept-pages.ts'
import { framing, openOtherSite } from '../support/other-site.ts'

// If these fail, the browser is not set as people have it, and the other tests of this folder prove less than they say.

test('the browser keeps pages in memory for Back', async ({ page, demo }) => {
  const other = await openOtherSite('Elsewhere')
  await page.goto(demo.url)
  // A page with a request under way is not kept.
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await noteComebacks(page)
  await page.goto(other.url)
  await page.goBack({ waitUntil: 'commit' })
  await expect.poll(() => wasKept(page)).toBe(true)
  await other.close()
})

test('the browser keeps the storage of a framed site apart', async ({ page }) => {
  const site = await openOtherSite('Framed')
  const asLocalhost = site.url.replace('127.0.0.1', 'localhost')
  const around = await openOtherSite(framing(asLocalhost))
  await page.goto(asLocalhost)
  await page.evaluate(() => localStorage.setItem('who', 'me'))
  await page.goto(around.url)
  const frame = page.frame({ url: `${asLocalhost}/` })
  expect(await frame?.evaluate(() => localStorage.getItem('who'))).toBeNull()
  await page.goto(asLocalhost)
  expect(await page.evaluate(() => localStorage.getItem('who'))).toBe('me')
  await Promise.all([site.close(), around.close()])
})
