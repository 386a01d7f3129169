import { relative } from 'node:path'
import type { Plugin, PreviewServer, ResolvedConfig, ViteDevServer } from 'vite'
import { pageHtml } from '../callback/page-html.ts'
import { compareWithPages } from './compare.ts'
import { type FoundClient, findClients } from './find-clients.ts'
import type { AfreshOptions } from './options.ts'
import { type Page, pagesFor } from './pages.ts'
import { refuseMissingPages } from './preview.ts'
import { registrations } from './registrations.ts'
import { hashedName, readScript } from './script.ts'
import { servePages } from './serve.ts'
import { refuseTaken } from './taken.ts'

export type { AfreshOptions } from './options.ts'

/**
 * A plugin for Vite 6 and later that has the page that the OP redirects back to: the dev server serves it before any
 * fallback, a build has it as a file beside its script, without inline script. The dev server and the preview say at
 * their start what to register at the OP.
 *
 * The build fails where `createAuthClient` of the app has another `callbackUrl`; the dev server warns of it. It is read
 * from the modules of the app that import `createAuthClient` from `afresh` or `afresh/client`: text, and text joined with
 * `import.meta.env.BASE_URL`. Anything else, such as an option from the environment, is *not* checked. A build of a
 * library (`build.lib`) or for a server has no page.
 *
 * @throws {ConfigurationError} while Vite reads its configuration: for a path outside `base`, and when the app has a file
 *   where the page will be, which would hide it or be overwritten
 */
export function afresh(options: AfreshOptions = {}): Plugin {
  let config: ResolvedConfig
  let pages: readonly Page[] = []
  let hasUnknown = false
  return {
    name: 'afresh',
    // TypeScript, JSX and components are JavaScript then, and imports have the names that the app gives them.
    enforce: 'post',
    applyToEnvironment: environment => environment.config.consumer === 'client',
    configResolved(resolved) {
      config = resolved
      pages = pagesFor(options, config.base)
      refuseTaken(pages, config)
    },
    configureServer: {
      order: 'pre',
      handler(server) {
        server.middlewares.use(servePages(pages, config))
        if (options.print !== false) sayAtStart(server, pages)
      },
    },
    configurePreviewServer: {
      order: 'pre',
      handler(server) {
        server.middlewares.use(refuseMissingPages(pages, config))
        if (options.print !== false) sayAtStart(server, pages)
      },
    },
    buildStart() {
      hasUnknown = false
    },
    transform: {
      filter: { code: 'createAuthClient', id: { exclude: /\/node_modules\// } },
      handler(code, id) {
        // Vite before 6.3 knows no filters.
        if (!code.includes('createAuthClient') || id.includes('/node_modules/') || config.build.lib) return
        const where = relative(config.root, id)
        for (const client of clientsIn(code, text => this.parse(text), config.base)) {
          const difference = compareWithPages(client, pages, config.base, where)
          if (difference !== null && config.command === 'build') this.error(difference, client.position)
          if (difference !== null) this.warn(difference)
          if (client.callbackUrl !== undefined || hasUnknown || config.command !== 'build') continue
          hasUnknown = true
          config.logger.info(unchecked(where, pages))
        }
      },
    },
    generateBundle() {
      if (config.build.lib) return
      for (const page of pages) {
        const source = readScript(page.kind)
        const name = hashedName(page.kind, source)
        const folder = page.file.replace(/[^/]*$/, '')
        const home = page.kind === 'callback' ? page.home : undefined
        const html = pageHtml({ script: `./${name}`, home, nonce: config.html?.cspNonce })
        this.emitFile({ type: 'asset', fileName: folder + name, source })
        this.emitFile({ type: 'asset', fileName: page.file, source: html })
      }
    },
  }
}

/** None in what is no JavaScript even now, such as a text that names the function. */
function clientsIn(code: string, parse: (code: string) => object, base: string): FoundClient[] {
  try {
    return findClients(parse(code), base)
  } catch {
    return []
  }
}

/** Says what to register, after the server has said where it is. */
function sayAtStart(server: ViteDevServer | PreviewServer, pages: readonly Page[]): void {
  const { config, printUrls } = server
  const say = (urls: ViteDevServer['resolvedUrls']): void => {
    for (const line of registrations(pages, urls)) config.logger.info(line)
  }
  // Vitest starts a server that shows no app.
  if ('environments' in server && config.server.middlewareMode && !process.env.VITEST) say(null)
  server.printUrls = () => {
    printUrls.call(server)
    say(server.resolvedUrls)
  }
}

const unchecked = (where: string, pages: readonly Page[]): string =>
  `afresh: \`callbackUrl\` of the client in ${where} is known only when the app runs, so it was not compared with the ` +
  `callback page at ${pages[0]?.path}.`
