import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { filesIn, pathTo } from './files.ts'
import { run } from './run.ts'

const block = /^```(tsx?)\b.*\n([\s\S]*?)^```$/gm
const ownName = /^\/\/ (\S+\.tsx?)$/m

/**
 * A page's code, one file a block, named after the line it begins in. A block that begins with a comment such as
 * `// src/client.ts` gets that name, so that others can import it.
 */
async function readBlocks(page: string): Promise<Map<string, string>> {
  const text = await readFile(pathTo(page), 'utf8')
  const files = new Map<string, string>()
  for (const match of text.matchAll(block)) {
    const [, language, code = ''] = match
    const line = text.slice(0, match.index).split('\n').length
    const name = ownName.exec(code.split('\n', 1)[0] ?? '')?.[1] ?? `line-${line}.${language}`
    files.set(name, code)
  }
  return files
}

it.each(['README.md', ...filesIn('docs', '.md')])(
  'every ts and tsx block of %s type-checks against the built package',
  async page => {
    const blocks = await readBlocks(page)
    if (page === 'README.md' || page === 'docs/providers.md') expect(blocks.size).toBeGreaterThan(0)
    if (blocks.size === 0) return
    const folder = join(inject('app'), page.replaceAll(/\W/g, '-').toLowerCase())
    const configuration = {
      extends: '../tsconfig.json',
      compilerOptions: { moduleDetection: 'force' },
      include: ['.'],
    }
    const files = new Map([...blocks, ['tsconfig.json', JSON.stringify(configuration)]])
    for (const [name, content] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), content)
    }
    await run(join(inject('app'), 'node_modules/.bin/tsc'), ['-p', folder], folder)
  },
)
