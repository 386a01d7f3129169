import { expect } from '@playwright/test'
import { open, test } from './site.ts'

/** What strangers looked for and did not find in the first edition → the pages that answer it. */
const questions: readonly (readonly [string, string, string])[] = [
  ['install', 'install', 'start/'],
  ['ESM only', 'ESM', 'start/'],
  ['browsers', 'browsers', 'start/'],
  ['the key generator', 'FRESHNESS_KEY randomBytes', 'start/'],
  ['the callback page in Vite', 'callback page Vite', 'guides/callback-page'],
  ['the callback page in webpack', 'callback webpack', 'guides/callback-page'],
  ['the callback page under a path', 'callback under a path', 'guides/callback-page'],
  ['CSP', 'Content-Security-Policy', 'security/headers'],
  ['COEP', 'Cross-Origin-Embedder-Policy', 'security/headers'],
  ['frame-ancestors', 'frame-ancestors', 'security/headers'],
  ['an API on another origin', 'CORS', 'backend/cors'],
  ['guard.origins', 'origins', 'backend/cors'],
  ['a backend whole', 'whole backend', 'backend/'],
  ['personOf', 'personOf', 'backend/'],
  ['401 and not 500', '401 not a 500', 'backend/'],
  ['loaders', 'loaders', 'guides/routers'],
  ['outside React', 'mount', 'guides/outside-react'],
  ['waiting for the session', 'client.ready', 'reference/client'],
  ['SSR', 'server rendering', 'guides/ssr'],
  ['testing', 'createTestClient', 'guides/testing'],
  ['an error tracker', 'error tracker', 'guides/debugging'],
  ['an event', 'session.restored', 'reference/events'],
  ['a refusal', 'auth_time_missing', 'reference/refusals'],
  ['error UI', 'error UI', 'guides/error-ui'],
  ['key rotation', 'key rotation', 'backend/rotation'],
  ['a session that is failing', 'failing', 'concepts/session'],
]

for (const [subject, query, path] of questions) {
  test(`one search answers a question about ${subject}`, async ({ page, site, outside }) => {
    await open(page, `${site}/index.html`)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill(query)
    const results = page.locator('#localsearch-list a')
    await expect(results.first()).toBeVisible()
    const found = await results.evaluateAll(links =>
      links.slice(0, 8).map(link => new URL((link as HTMLAnchorElement).href).pathname),
    )
    expect(found.map(each => each.slice(1).replace(/(index)?(\.html)?$/, ''))).toContain(path)
    expect(outside).toEqual([])
  })
}

test('the search is used by keyboard alone', async ({ page, site }) => {
  await open(page, `${site}/index.html`)
  // The page listens once it runs.
  await expect(async () => {
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('searchbox')).toBeFocused({ timeout: 2_000 })
  }).toPass()
  await page.keyboard.type('key rotation')
  await expect(page.locator('#localsearch-list a').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('otat')
})
