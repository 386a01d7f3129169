import { test as base } from '../demo.ts'
import { type Deployment, type Site, startSite } from './site.ts'

interface Fixtures {
  /** Deploys the app and opens it. */
  readonly open: (deployment: Deployment) => Promise<void>
}

/** A test of the smallest app, deployed as the test says. */
export const test = base.extend<Fixtures, { readonly site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the parameter what a fixture needs
    async ({}, use) => {
      const site = await startSite()
      await use(site)
      await site.close()
    },
    { scope: 'worker' },
  ],
  open: async ({ page, site }, use) => {
    await use(async deployment => {
      site.deployment = deployment
      await page.goto(site.url + (deployment.path ?? '/'))
    })
  },
})
