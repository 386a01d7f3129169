import { expect, it } from 'vitest'
import { circlesIn, importsOfSource } from './circles.ts'

it('no files import each other in a circle, types included', () => {
  expect(circlesIn(importsOfSource())).toEqual([])
})

it.each([
  { imports: { a: ['b'], b: ['c'], c: [] }, circles: [] },
  { imports: { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, circles: [] },
  { imports: { a: ['a'] }, circles: ['a → a'] },
  { imports: { b: ['a'], a: ['b'] }, circles: ['a → b → a'] },
  { imports: { a: ['b'], c: ['a'], b: ['c'] }, circles: ['a → b → c → a'] },
  {
    imports: { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] },
    circles: ['a → b → a', 'c → d → c'],
  },
])('$imports has the circles $circles', ({ imports, circles }) => {
  expect(circlesIn(new Map(Object.entries(imports)))).toEqual(circles)
})
