import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ResolvedConfig } from 'vite'
import { ConfigurationError } from '../core/errors.ts'
import type { Page } from './pages.ts'

/** @throws {ConfigurationError} when the app has a file of its own where a page will be */
export function refuseTaken(pages: readonly Page[], { root, publicDir }: ResolvedConfig): void {
  const folders = publicDir === '' ? [root] : [publicDir, root]
  const files = pages.flatMap(({ file }) => folders.map(folder => join(folder, file)))
  const taken = files.find(file => existsSync(file))
  if (taken !== undefined)
    throw new ConfigurationError(
      `${taken} is where afresh() puts its own page: remove that file, or take afresh() out of the plugins and make the page ` +
        'an input of the build',
    )
}
