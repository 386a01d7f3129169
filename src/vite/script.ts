import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { PageKind } from './pages.ts'

// This package's own name leads to its built files from wherever this file is.
const require = createRequire(import.meta.url)

/** The script of a page, which imports nothing. It goes to browsers as it is, so that no bundler's chunks come with it. */
export function readScript(kind: PageKind): string {
  return readFileSync(require.resolve(`afresh/callback-page/${kind}.js`), 'utf8')
}

/** A name that changes with the script, so that it may be cached for good. */
export function hashedName(kind: PageKind, script: string): string {
  return `${kind}-${createHash('sha256').update(script).digest('hex').slice(0, 8)}.js`
}
