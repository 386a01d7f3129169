import { expect, it } from 'vitest'
import { mendOf } from '../../src/core/mended-by.ts'

it.each([
  ['stale', 'login'],
  ['acr_unmet', 'stronger_login'],
  ['amr_unmet', 'stronger_login'],
  ['federated', 'nothing'],
  ['something_new', 'nothing'],
  ['toString', 'nothing'],
])('the refusal %s is mended by: %s', (code, mend) => {
  expect(mendOf(code)).toBe(mend)
})
