import { expect, it } from 'vitest'
import { decodeBase64urlText, encodeBase64url } from '../../src/core/base64url.ts'

it('encodeBase64url encodes like Buffer, for every length and every byte', () => {
  for (let length = 0; length < 260; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255)
    expect(encodeBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
  }
})

it.each(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar', 'ÿ€😀', '\u0000', '%41', '{"a":1}'])(
  'decodeBase64urlText decodes %j',
  text => {
    expect(decodeBase64urlText(Buffer.from(text).toString('base64url'))).toBe(text)
  },
)

it.each([
  ['padding', 'Zg=='],
  ['base64 with +', 'a+bc'],
  ['base64 with /', 'a/bc'],
  ['a space', 'Zm 9'],
  ['a line end', 'Zm9v\n'],
  ['one character too few', 'Zm9vY'],
  ['bytes that are no UTF-8', '_w'],
  ['half of a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80]).toString('base64url')],
  ['overlong UTF-8', Buffer.from([0xc0, 0xaf]).toString('base64url')],
  ['another alphabet', 'Ｚg'],
])('decodeBase64urlText answers %s with null', (_, text) => {
  expect(decodeBase64urlText(text)).toBeNull()
})
