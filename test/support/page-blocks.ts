import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const block = /^```(tsx?)\b.*\n([\s\S]*?)^```$/gm
const ownName = /^\/\/ (\S+\.tsx?)$/m

/**
 * The code of a page of the documents, one file a block, named after the line it begins in. A block that begins with a
 * comment such as `// src/client.ts` gets that name, so that others can import it.
 *
 * @param page its path in the repository
 */
export async function readBlocks(page: string): Promise<Map<string, string>> {
  const text = await readFile(join(import.meta.dirname, '../..', page), 'utf8')
  const files = new Map<string, string>()
  for (const match of text.matchAll(block)) {
    const [, language, code = ''] = match
    const line = text.slice(0, match.index).split('\n').length
    const name = ownName.exec(code.split('\n', 1)[0] ?? '')?.[1] ?? `line-${line}.${language}`
    files.set(name, code)
  }
  return files
}

/** Writes files, by their paths in a folder. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}
