import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { homeName, pageHtml } from '../callback/page-html.ts'

/** Where the pages go, and which. */
export interface CopyOptions {
  /** It is made if it is missing. */
  readonly folder: string
  /** Where the callback page goes when no page waits for its answer. */
  readonly home: string
  readonly frontChannelLogout: boolean
}

/** A file that is not from here is in the place of one that is. */
export class ForeignFileError extends Error {
  constructor(file: string) {
    super(
      `${file} is there already, and this command has not written it: remove it, or choose another folder.`,
    )
  }
}

interface Copy {
  readonly file: string
  readonly text: string
  /** What every version of the file has in it. */
  readonly mark: string
}

// This package's own name leads to its built files from wherever this file is.
const require = createRequire(import.meta.url)

/**
 * Writes the ready-made pages and their scripts. What it wrote before is written anew, so that a build can call it and has
 * the scripts of the version that is installed.
 *
 * @returns the files, in the order of their importance
 * @throws {ForeignFileError} before anything is written
 */
export function copyCallbackPage({ folder, home, frontChannelLogout }: CopyOptions): string[] {
  const copies = copiesOf('callback', { folder, mark: homeName, scriptMark: 'afresh:returned', home })
  if (frontChannelLogout)
    copies.push(
      ...copiesOf('front-channel-logout', {
        folder,
        mark: './front-channel-logout.js',
        scriptMark: 'afresh:logout',
      }),
    )
  for (const { file, mark } of copies)
    if (existsSync(file) && !readFileSync(file, 'utf8').includes(mark)) throw new ForeignFileError(file)
  mkdirSync(folder, { recursive: true })
  for (const { file, text } of copies) writeFileSync(file, text)
  return copies.map(({ file }) => file)
}

function copiesOf(
  name: string,
  { folder, mark, scriptMark, home }: { folder: string; mark: string; scriptMark: string; home?: string },
): Copy[] {
  const script = readFileSync(require.resolve(`afresh/callback-page/${name}.js`), 'utf8')
  return [
    { file: join(folder, `${name}.html`), text: pageHtml({ script: `./${name}.js`, home }), mark },
    { file: join(folder, `${name}.js`), text: script, mark: scriptMark },
  ]
}
