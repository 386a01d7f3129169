import { expect, it } from 'vitest'
import { checkPrompt } from '../../src/core/prompt-values.ts'

it.each<[string | undefined, (readonly string[])?]>([
  [undefined],
  [undefined, []],
  ['none'],
  ['login'],
  ['login consent'],
  ['vendor_value'],
  ['login', ['none', 'login']],
  ['login consent', ['consent', 'login']],
])('%j is fine where %j is supported', (prompt, supported) => {
  expect(() => checkPrompt(prompt, supported)).not.toThrow()
})

it.each<[string, (readonly string[])?]>([
  ['none login'],
  ['login none'],
  ['none none'],
  ['none select_account', ['none', 'select_account']],
  [''],
  [' login'],
  ['login  consent'],
  ['create', ['none', 'login']],
  ['login create', ['none', 'login']],
  ['Login', ['login']],
  ['login', []],
])('%j is refused where %j is supported', (prompt, supported) => {
  expect(() => checkPrompt(prompt, supported)).toThrowError(
    expect.objectContaining({ code: 'configuration_invalid' }),
  )
})
