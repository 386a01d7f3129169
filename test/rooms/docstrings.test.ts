import { expect, it } from 'vitest'
import { exportsOf, sourcesOfEntries } from './exports.ts'

it.each(sourcesOfEntries())('every name that %s exports has a docstring', (_, source) => {
  const exported = exportsOf(source)
  expect(exported).not.toEqual([])
  const missing = exported.filter(({ hasDocstring }) => !hasDocstring)
  expect(missing.map(({ file, name }) => `${file}: ${name}`)).toEqual([])
})
