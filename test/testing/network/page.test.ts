import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe } from 'vitest'
import { readBlocks, writeFiles } from '../../support/page-blocks.ts'

// The tests of docs/guides/testing-network.md are taken from the page, and run here.

const folder = fileURLToPath(new URL('../../../test-results/testing-network', import.meta.url))
const blocks = await readBlocks('docs/guides/testing-network.md')
await writeFiles(folder, blocks)
afterAll(() => rm(folder, { recursive: true }))

for (const file of [...blocks.keys()].filter(name => name.endsWith('.test.ts'))) {
  describe(file, async () => {
    await import(/* @vite-ignore */ join(folder, file))
  })
}
