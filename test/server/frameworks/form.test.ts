import { parse } from 'node:querystring'
import { expect, it } from 'vitest'
import { writeForm } from '../../../src/server/frameworks/form.ts'

it.each<[string, string]>([
  ['fields', 'logout_token=a.b-c_d&state=x'],
  ['a field that came several times', 'a=1&a=2&b=3'],
  ['a field without a value', 'a=&b=1'],
  ['letters that a URL cannot have', 'na%C3%AFve=%26+%3D+%C3%A9'],
  ['a field with the name of a prototype', '__proto__=1'],
])('writes %s as they came', (_, form) => {
  expect(writeForm(parse(form))).toBe(form)
})

it('writes what `qs` has made of brackets with brackets', () => {
  const fields = { user: { name: 'josh', tags: ['a', 'b'] }, empty: null }
  expect(decodeURIComponent(writeForm(fields))).toBe('user[name]=josh&user[tags]=a&user[tags]=b&empty=')
})
