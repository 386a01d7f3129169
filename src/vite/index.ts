import type { Plugin, PreviewServer, ViteDevServer } from 'vite'
import { pageHtml } from '../callback/page-html.ts'
import { checkPlugin, type Deployment } from './check.ts'
import type { AfreshOptions } from './options.ts'
import { type Page, pagesFor } from './pages.ts'
import { refuseMissingPages } from './preview.ts'
import { registrations } from './registrations.ts'
import { hashedName, readScript } from './script.ts'
import { servePages } from './serve.ts'
import { refuseTaken } from './taken.ts'

export type { AfreshOptions } from './options.ts'

/**
 * A plugin for Vite 6 and later. It makes the page that the OP redirects back to. The dev server answers with the page
 * before Vite's fallback. A build contains the page as a file, with its script in a file beside it and no inline
 * script. The dev server and the preview say at their start what to register at the OP. Put this plugin after a plugin
 * that sets headers, and before a plugin that answers for every path, such as a backend in the dev server.
 *
 * The build fails if `createAuthClient` of the app has another `callbackUrl`, and the dev server warns. The plugin
 * looks for it in the modules of the app that import `createAuthClient` from `afresh` or `afresh/client`. It reads
 * text, and text that is joined with `import.meta.env.BASE_URL`. Anything else, such as an option from the environment,
 * is *not* checked. A build of a library (`build.lib`) or for a server has no page.
 *
 * @param options where the pages are. Default: one callback page at `auth/callback.html` under `base`
 * @throws `ConfigurationError` while Vite reads its configuration: for a path that is outside `base`, is the app's own
 * page or is named twice, and if the app has a file where the page will be (that file would hide the page or be
 * overwritten)
 */
export function afresh(options: AfreshOptions = {}): Plugin[] {
  let deployment: Deployment
  const onStart = (server: ViteDevServer | PreviewServer): void => {
    if (options.print !== false) sayAtStart(server, deployment.pages)
  }
  const pages: Plugin = {
    name: 'afresh',
    applyToEnvironment: environment => environment.config.consumer === 'client',
    configResolved(config) {
      deployment = { config, pages: pagesFor(options, config.base) }
      refuseTaken(deployment.pages, config)
    },
    configureServer(server) {
      server.middlewares.use(servePages(deployment.pages, deployment.config))
      onStart(server)
    },
    configurePreviewServer(server) {
      server.middlewares.use(refuseMissingPages(deployment.pages, deployment.config))
      onStart(server)
    },
    generateBundle() {
      const { config, pages } = deployment
      if (config.build.lib) return
      for (const { fileName, source } of pages.flatMap(page => filesOf(page, config.html?.cspNonce)))
        this.emitFile({ type: 'asset', fileName, source })
    },
  }
  return [pages, checkPlugin(() => deployment)]
}

interface BuiltFile {
  readonly fileName: string
  readonly source: string
}

/** A page and its script, which is beside it so that the page finds it wherever the app is put. */
function filesOf({ kind, file, home }: Page, nonce: string | undefined): BuiltFile[] {
  const script = readScript(kind)
  const name = hashedName(kind, script)
  const html = pageHtml({ script: `./${name}`, nonce, ...(kind === 'callback' && { home }) })
  return [
    { fileName: file.replace(/[^/]*$/, name), source: script },
    { fileName: file, source: html },
  ]
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
