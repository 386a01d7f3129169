import { expect, it } from 'vitest'
import { resolveReturnTo } from '../../src/core/return-to.ts'

const origin = 'https://app.example'

it.each([
  ['/', `${origin}/`],
  ['/payments?page=2#top', `${origin}/payments?page=2#top`],
  [`${origin}/payments`, `${origin}/payments`],
  ['/a//b', `${origin}/a//b`],
  ['/a/../b', `${origin}/a/../b`],
  ['/?next=https://evil.example', `${origin}/?next=https://evil.example`],
  ['/@evil.example', `${origin}/@evil.example`],
  ['/käse', `${origin}/käse`],
])('resolveReturnTo makes %j the URL %s', (returnTo, url) => {
  expect(resolveReturnTo(returnTo, origin)).toBe(url)
  expect(new URL(url).origin).toBe(origin)
})

const hostile = [
  '',
  'payments',
  '?page=2',
  '#top',
  '.',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/a\nSet-Cookie: x=1',
  '/\u0000',
  '/\u007f',
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:\\\\evil.example',
  'HTTPS://app.example/x',
  'http://app.example/',
  'https://app.example',
  'https://app.example.evil.example/',
  'https://app.example@evil.example/',
  'https://app.example:444/',
  `${origin}//evil.example`,
  `${origin}/\\evil.example`,
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'blob:https://app.example/x',
  'about:blank',
  null,
  undefined,
  7,
  {},
  ['/'],
  { toString: () => '/' },
]
it.each(hostile.map(returnTo => [returnTo]))('resolveReturnTo refuses %j', returnTo => {
  expect(() => resolveReturnTo(returnTo, origin)).toThrowError(
    expect.objectContaining({ code: 'configuration_invalid' }),
  )
})

it('resolveReturnTo never leads to another origin, however the characters are combined', () => {
  const pieces = [
    '/',
    '\\',
    '//',
    '.',
    '..',
    ':',
    '@',
    '?',
    '#',
    '\t',
    '\n',
    ' ',
    'evil.example',
    'https:',
    '%2f',
    '%5c',
    '\u3002',
  ]
  for (const a of pieces) {
    for (const b of pieces) {
      for (const c of pieces) {
        for (const start of ['', '/', origin, `${origin}/`]) {
          let url: string
          try {
            url = resolveReturnTo(start + a + b + c, origin)
          } catch {
            continue
          }
          expect(new URL(url, 'https://base.example').origin).toBe(origin)
        }
      }
    }
  }
})
