// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { filesIn, pathTo } from '../package/files.ts'

const interactive = /\buse[A-Z]\w*\(|\bcreateContext\(|\bon[A-Z]\w*=\{/

it.each(filesIn('src/react', '.ts', '.tsx'))(
  '%s has the directive exactly if it has hooks, context or handlers',
  file => {
    const source = readFileSync(pathTo(file), 'utf8')
    expect(source.startsWith("'use client'\n")).toBe(interactive.test(source))
  },
)
