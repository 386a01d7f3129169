import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test as base, type Page } from '@playwright/test'
import { type PreviewServer, preview } from 'vite'

/** What `npm run docs` has built. */
export const built = fileURLToPath(new URL('../../../docs/.vitepress/dist/', import.meta.url))

/** The paths of the pages that people wrote, and of some that TypeDoc wrote, since those are all alike. */
export const pages: readonly string[] = existsSync(built)
  ? readdirSync(built, { recursive: true, encoding: 'utf8' }).filter(
      path =>
        path.endsWith('.html') &&
        (!path.startsWith('api/') || /\/(index|useStepUp|AuthClient)\.html$/.test(path)),
    )
  : []

/** The site, served as any static host serves it. `outside` collects what a page asks of other origins. */
export const test = base.extend<{ outside: string[] }, { site: string }>({
  site: [
    async ({ browserName: _ }, use) => {
      const server = await preview({
        configFile: false,
        logLevel: 'error',
        appType: 'mpa',
        build: { outDir: built },
        preview: { port: 0, host: '127.0.0.1' },
      })
      await use(addressOf(server))
      await server.close()
    },
    { scope: 'worker' },
  ],
  context: async ({ context, browser }, use, { annotations }) => {
    annotations.push({ type: 'browser', description: browser.version() })
    await use(context)
  },
  outside: [
    async ({ page, site }, use) => {
      const outside: string[] = []
      page.on('request', request => {
        const { protocol, origin } = new URL(request.url())
        if (protocol !== 'data:' && origin !== site) outside.push(request.url())
      })
      await use(outside)
    },
    { auto: true },
  ],
})

function addressOf({ resolvedUrls }: PreviewServer): string {
  const [url] = resolvedUrls?.local ?? []
  if (url === undefined) throw new Error('The site is not served')
  return new URL(url).origin
}

/** Opens a page, and waits until it runs. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: 'networkidle' })
}
