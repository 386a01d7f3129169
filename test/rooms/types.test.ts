import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { filesIn, pathTo } from '../package/files.ts'

it('the types that are shipped have no generic Uint8Array, which TypeScript before 5.7 does not know', () => {
  const files = filesIn('src', '.ts', '.tsx')
  expect(files.filter(file => /Uint8Array</.test(readFileSync(pathTo(file), 'utf8')))).toEqual([])
})
