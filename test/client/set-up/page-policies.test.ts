import { expect, it } from 'vitest'
import { framingRefusal, hasEmbedderPolicy, scriptRefusal } from '../../../src/client/set-up/page-policies.ts'

const own = 'https://app.example'
const csp = (...policies: string[]): Headers => {
  const headers = new Headers()
  for (const policy of policies) headers.append('Content-Security-Policy', policy)
  return headers
}
const xfo = (value: string): Headers => new Headers({ 'X-Frame-Options': value })
const [byCsp, byXfo] = ['Content-Security-Policy: frame-ancestors', 'X-Frame-Options']

it.each<[string, Headers, string[], string | null]>([
  ['no header', new Headers(), [own], null],
  ['a policy without the directive', csp("default-src 'none'"), [own], null],
  ["'none'", csp("frame-ancestors 'none'"), [own], byCsp],
  ['no source', csp('frame-ancestors'), [own], byCsp],
  ["'self'", csp("default-src 'none'; Frame-Ancestors 'self'"), [own], null],
  [
    "'self', in an app that another site frames",
    csp("frame-ancestors 'self'"),
    [own, 'https://portal.example'],
    byCsp,
  ],
  [
    "'self' and that site",
    csp("frame-ancestors 'self' portal.example"),
    [own, 'https://portal.example'],
    null,
  ],
  ['*', csp('frame-ancestors *'), [own], null],
  ['a scheme', csp('frame-ancestors https:'), [own], null],
  ['another scheme', csp('frame-ancestors http:'), [own], byCsp],
  ['the own host', csp('frame-ancestors https://app.example:443/'), [own], null],
  ['its parent domain', csp('frame-ancestors *.example'), [own], null],
  ['another host', csp('frame-ancestors portal.example'), [own], byCsp],
  [
    'two policies, one of which refuses',
    csp("frame-ancestors 'self'", "frame-ancestors 'none'"),
    [own],
    byCsp,
  ],
  [
    'two directives, of which the first counts',
    csp("frame-ancestors 'self'; frame-ancestors 'none'"),
    [own],
    null,
  ],
  ['DENY', xfo('DENY'), [own], byXfo],
  ['deny twice', xfo('deny, deny'), [own], byXfo],
  ['SAMEORIGIN', xfo('SAMEORIGIN'), [own], null],
  [
    'SAMEORIGIN, in an app that another site frames',
    xfo('SAMEORIGIN'),
    [own, 'https://portal.example'],
    byXfo,
  ],
  ['a value that browsers ignore', xfo('ALLOW-FROM https://op.example'), [own], null],
  [
    'DENY, which frame-ancestors overrules',
    new Headers({ 'X-Frame-Options': 'DENY', 'Content-Security-Policy': "frame-ancestors 'self'" }),
    [own],
    null,
  ],
])('a page with %s is framed or refuses', (_, headers, ancestors, expected) => {
  expect(framingRefusal(headers, ancestors)).toBe(expected)
})

it.each<[string, Headers, string | null]>([
  ['no policy', new Headers(), null],
  ["script-src 'self'", csp("default-src 'none'; script-src 'self'"), null],
  ["script-src 'none'", csp("default-src 'self'; script-src 'none'"), 'script-src'],
  ['script-src without a source', csp('script-src'), 'script-src'],
  ["default-src 'none' alone", csp("default-src 'none'"), 'script-src'],
  ["script-src-elem 'none'", csp("script-src 'self'; script-src-elem 'none'"), 'script-src'],
  ['sandbox', csp('sandbox allow-forms'), 'sandbox'],
  ['sandbox allow-scripts', csp('sandbox allow-scripts allow-same-origin'), null],
])('the scripts of a page with %s run or are blocked', (_, headers, expected) => {
  expect(scriptRefusal(headers)).toBe(expected)
})

it.each([
  ['require-corp', true],
  ['credentialless; report-to="x"', true],
  ['unsafe-none', false],
  ['', false],
])('Cross-Origin-Embedder-Policy "%s" is a policy: %s', (value, expected) => {
  expect(hasEmbedderPolicy(new Headers({ 'Cross-Origin-Embedder-Policy': value }))).toBe(expected)
})
