import { AuthPrompts, useStepUp } from 'afresh'
import { expect, it } from 'vitest'

// Runs in the project `react-compiled` only: there the tests of React meet what React Compiler makes of the source.
it.each([
  ['useStepUp', useStepUp],
  ['AuthPrompts', AuthPrompts],
])('%s is compiled here', (_, compiled) => {
  expect(String(compiled)).toMatch(/\{\s*const \$ = \S+\(\d+\);/)
})
