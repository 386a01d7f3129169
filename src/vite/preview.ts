import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Connect, ResolvedConfig } from 'vite'
import type { Page } from './pages.ts'
import { pathOf } from './serve.ts'

/** The preview shows what was built. A page that the build lacks is said to be missing; the app is not sent instead. */
export function refuseMissingPages(
  pages: readonly Page[],
  config: ResolvedConfig,
): Connect.NextHandleFunction {
  return (request, response, next) => {
    const page = pages.find(({ path }) => path === pathOf(request))
    const outDir = resolve(config.root, config.build.outDir)
    if (!page || existsSync(resolve(outDir, page.file))) return next()
    response.statusCode = 404
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    response.end(
      `${page.file} is not in ${config.build.outDir}: build the app with afresh() in the plugins, and try again.\n`,
    )
  }
}
