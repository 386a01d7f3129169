import type { Page } from '@playwright/test'
import { test as base, expect, logIn, popupOf } from './demo.ts'
import { type Mode, type Site, startSite } from './vite-plugin/site.ts'

interface Fixtures {
  readonly mode: Mode
  readonly site: Site
}

const test = base.extend<Fixtures, { readonly sites: Map<Mode, Site> }>({
  mode: ['built', { option: true }],
  // A worker starts each once.
  sites: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the parameter what a fixture needs
    async ({}, use) => {
      const sites = new Map<Mode, Site>()
      await use(sites)
      for (const site of sites.values()) await site.close()
    },
    { scope: 'worker' },
  ],
  site: async ({ mode, sites }, use) => {
    const site = sites.get(mode) ?? (await startSite(mode))
    sites.set(mode, site)
    await use(site)
  },
})

const signInButton = (page: Page) => page.getByRole('button', { name: 'Sign in' })

/** What the pages complain of, a blocked script or frame among it. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.context().on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.context().on('weberror', error => complaints.push(error.error().message))
  return complaints
}

for (const mode of ['built', 'dev'] as const)
  test.describe(`an app under a path, ${mode}, with the callback page of the plugin`, () => {
    test.use({ mode })

    test('signs in by popup, and a reload restores the session in a hidden frame', async ({ page, site }) => {
      const complaints = complaintsOf(page)
      const frames: string[] = []
      page.on('framenavigated', frame => frames.push(new URL(frame.url()).pathname))
      await page.goto(site.url)
      await expect(page.getByText('anonymous')).toBeVisible()
      const popup = await popupOf(page, signInButton(page))
      await Promise.all([popup.waitForEvent('close'), logIn(popup)])
      await expect(page.getByText('Hi josh')).toBeVisible()
      frames.length = 0
      await page.reload()
      await expect(page.getByText('Hi josh')).toBeVisible()
      expect(frames).toContain('/app/auth/callback.html')
      expect(complaints).toEqual([])
    })

    test('signs in by redirect', async ({ page, site }) => {
      const complaints = complaintsOf(page)
      await page.goto(`${site.url}?redirect`)
      await signInButton(page).click()
      await logIn(page)
      await expect(page.getByText('Hi josh')).toBeVisible()
      expect(page.url()).toBe(`${site.url}?redirect`)
      expect(complaints).toEqual([])
    })

    test('takes a person who opens the page by itself to the app', async ({ page, site }) => {
      const said = page.waitForEvent('console', message => message.text().includes('callbackUrl'))
      await page.goto(`${site.url}auth/callback.html`)
      expect((await said).text()).toContain("'/app/auth/callback.html'")
      await page.waitForURL(site.url)
    })
  })
