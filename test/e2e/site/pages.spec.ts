import { expect } from '@playwright/test'
import { overflow, violations } from '../support/looks.ts'
import { watchErrors } from '../support/page-errors.ts'
import { open, pages, test } from './site.ts'

/** Pages with code in all languages of the site. Its colours are the same on each page, and axe is slow in them. */
const pagesWithCode = ['start/react-vite.html', 'security/headers.html']

test('there are pages', () => expect(pages.length).toBeGreaterThan(80))

for (const path of pages) {
  test(`${path} is readable, light and dark, wide and narrow, and asks no other origin`, async ({
    page,
    site,
    outside,
  }) => {
    const errors = watchErrors(page.context())
    const except = pagesWithCode.includes(path) ? undefined : 'pre code'
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 1280, height: 800 })
    await open(page, `${site}/${path}`)
    expect(await violations(page, except)).toEqual([])

    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 360, height: 740 })
    await expect(page.locator('html.dark')).toBeAttached()
    expect(await violations(page, except)).toEqual([])
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    expect([outside, errors]).toEqual([[], []])
  })
}
