import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { sitePages } from '../docs/site-pages.ts'
import { readBlocks, writeFiles } from '../support/page-blocks.ts'
import { run } from './run.ts'

it.each(['README.md', ...sitePages])(
  'every ts and tsx block of %s type-checks against the built package',
  async page => {
    const blocks = await readBlocks(page)
    if (page === 'README.md' || page === 'docs/backend/index.md') expect(blocks.size).toBeGreaterThan(0)
    if (blocks.size === 0) return
    const folder = join(inject('app'), page.replaceAll(/\W/g, '-').toLowerCase())
    const configuration = {
      extends: '../tsconfig.json',
      // Drizzle's own declarations do not compile. Another test compiles ours.
      compilerOptions: { moduleDetection: 'force', skipLibCheck: true },
      include: ['.'],
    }
    const files = new Map([...blocks, ['tsconfig.json', JSON.stringify(configuration)]])
    await writeFiles(folder, files)
    await run(join(inject('app'), 'node_modules/.bin/tsc'), ['-p', folder], folder)
  },
)
