// @vitest-environment jsdom
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cleanup } from '@testing-library/react'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { readBlocks, writeFiles } from '../support/page-blocks.ts'

// The tests that the documents show are taken from there, and run here.

const tests: string[] = []

afterEach(cleanup)

for (const page of ['README.md', 'docs/guides/testing.md']) {
  const folder = join(import.meta.dirname, '../../test-results', page.replaceAll(/\W/g, '-'))
  const blocks = await readBlocks(page)
  await writeFiles(folder, blocks)
  afterAll(() => rm(folder, { recursive: true }))
  for (const file of [...blocks.keys()].filter(name => /\.test\.tsx?$/.test(name))) {
    tests.push(file)
    describe(`${page}: ${file}`, async () => {
      await import(/* @vite-ignore */ join(folder, file))
    })
  }
}

it('README has a test of its app', () => {
  expect(tests).toContain('src/App.test.tsx')
})
