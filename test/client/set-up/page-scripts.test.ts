import { expect, it } from 'vitest'
import { policiesIn, scriptsIn } from '../../../src/client/set-up/page-scripts.ts'

it.each<[string, ReturnType<typeof scriptsIn>]>([
  ['<p>No script.</p>', []],
  ['<script>run()</script>', [{ src: null, nonce: null }]],
  ['<SCRIPT TYPE="module" SRC=\'/a.js\' nonce=abc></SCRIPT>', [{ src: '/a.js', nonce: 'abc' }]],
  [
    '<script async src=/a.js></script><script data-src="/b.js"></script>',
    [
      { src: '/a.js', nonce: null },
      { src: null, nonce: null },
    ],
  ],
  ['<!-- <script src="/old.js"></script> -->', []],
])('the scripts of %s', (html, expected) => {
  expect(scriptsIn(html)).toEqual(expected)
})

it('a policy in the page is one, and another meta element is none', () => {
  const html = `<meta name="description" content="pay"><meta http-equiv='content-security-policy' content="script-src 'self'">`
  expect(policiesIn(html)).toEqual(["script-src 'self'"])
})
