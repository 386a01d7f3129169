import { expect, it } from 'vitest'
import { readableText } from '../../src/core/readable-text.ts'

it.each([
  ['a sentence', 'The scope "payments" is unknown.', 'The scope "payments" is unknown.'],
  ['an error code', 'unmet_authentication_requirements', 'unmet_authentication_requirements'],
  ['an address', 'Not registered: https://app.example/auth/callback.html', undefined],
  ['lines and control characters', ' one\r\n\ttwo\u0000\u202ethree ', 'one two three'],
  ['letters of all languages', 'Der Bereich ist ungültig', 'Der Bereich ist ungültig'],
  ['a code of 20 characters', 'Code SplxlOBeZQQYbYS6WxSb is used', 'Code … is used'],
  ['a word of 19 characters', 'Code SplxlOBeZQQYbYS6WxS is used', 'Code SplxlOBeZQQYbYS6WxS is used'],
  ['a JWT', 'Bad token: eyJhbGciOiJub25lIn0.eyJzdWIiOiJqb3NoIn0.', 'Bad token: …'],
  ['a UUID', '(0ff0d1e6-8d0a-4f6a-9b39-7a1e1a1a2b3c)', '(…)'],
  ['an e-mail address', 'User <josh@example.com> is locked', 'User … is locked'],
  ['a text of 200 characters', `${'ab '.repeat(66)}ab`, undefined],
  ['a text of 201 characters', `${'ab '.repeat(66)}abc`, `${'ab '.repeat(66)}a…`],
  ['nothing', '', ''],
])('%s', (_, text, readable = text) => {
  expect(readableText(text)).toBe(readable)
})

it('reads a text of 100,000 characters', () => {
  for (const text of ['a', '@', 'a@', ' ', 'A.'].map(one => one.repeat(100_000)))
    expect(readableText(text).length).toBeLessThanOrEqual(200)
})
