import { expect, it } from 'vitest'
import { framingRefusal, hasEmbedderPolicy, scriptRefusal } from '../../../src/client/set-up/page-policies.ts'

const own = 'https://app.example'
const csp = (...policies: string[]): Headers => {
  const headers = new Headers()
  for (const policy of policies) headers.append('Content-Security-Policy', policy)
  return headers
}
const xfo = (value: string): Headers => new Headers({ 'X-Frame-Options': value })
const ancestors = (sources: string): string => `Content-Security-Policy: frame-ancestors${sources}`

it.each<[string, Headers, string[], string | null]>([
  ['no header', new Headers(), [own], null],
  ['a policy without the directive', csp("default-src 'none'"), [own], null],
  ["'none'", csp("frame-ancestors 'none'"), [own], ancestors(" 'none'")],
  ['no source', csp('frame-ancestors'), [own], ancestors('')],
  ["'self'", csp("default-src 'none'; Frame-Ancestors 'self'"), [own], null],
  [
    "'self', in an app that another site frames",
    csp("frame-ancestors 'self'"),
    [own, 'https://portal.example'],
    ancestors(" 'self'"),
  ],
  [
    "'self' and that site",
    csp("frame-ancestors 'self' portal.example"),
    [own, 'https://portal.example'],
    null,
  ],
  ['*', csp('frame-ancestors *'), [own], null],
  ['a scheme', csp('frame-ancestors https:'), [own], null],
  ['another scheme', csp('frame-ancestors http:'), [own], ancestors(' http:')],
  ['the own host', csp('frame-ancestors https://app.example:443/'), [own], null],
  ['its parent domain', csp('frame-ancestors *.example'), [own], null],
  ['another host', csp('frame-ancestors portal.example'), [own], ancestors(' portal.example')],
  [
    'two policies, one of which refuses',
    csp("frame-ancestors 'self'", "frame-ancestors 'none'"),
    [own],
    ancestors(" 'none'"),
  ],
  [
    'two directives, of which the first counts',
    csp("frame-ancestors 'self'; frame-ancestors 'none'"),
    [own],
    null,
  ],
  ['DENY', xfo('DENY'), [own], 'X-Frame-Options: DENY'],
  ['deny twice', xfo('deny, deny'), [own], 'X-Frame-Options: DENY'],
  ['SAMEORIGIN', xfo('SAMEORIGIN'), [own], null],
  [
    'SAMEORIGIN, in an app that another site frames',
    xfo('SAMEORIGIN'),
    [own, 'https://portal.example'],
    'X-Frame-Options: SAMEORIGIN',
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

const script = (attributes: string): string => `<title>Signing in</title><script ${attributes}></script>`
const external = script('type=module src="/assets/callback.js"')
const inline = script('type="module"')
const meta = (policy: string): string =>
  `<META content="${policy}" http-equiv="Content-Security-Policy">${external}`

it.each<[string, Headers, string, string | null]>([
  ['no policy', new Headers(), external, null],
  ["script-src 'self'", csp("default-src 'none'; script-src 'self'"), external, null],
  ["script-src 'none'", csp("default-src 'self'; Script-Src 'none'"), external, "script-src 'none'"],
  ['script-src without a source', csp('script-src'), external, 'script-src'],
  ["default-src 'none' alone", csp("default-src 'none'"), external, "default-src 'none'"],
  [
    "script-src-elem 'none'",
    csp("script-src 'self'; script-src-elem 'none'"),
    external,
    "script-src-elem 'none'",
  ],
  ['sandbox', csp('sandbox allow-forms'), external, 'sandbox allow-forms'],
  ['sandbox allow-scripts', csp('sandbox allow-scripts allow-same-origin'), external, null],
  ['a policy of its own', new Headers(), meta("script-src 'none'"), "script-src 'none'"],
  ["an inline script and 'self'", csp("script-src 'self'"), inline, "script-src 'self'"],
  ["an inline script and 'unsafe-inline'", csp("script-src 'unsafe-inline'"), inline, null],
  [
    "an inline script, 'unsafe-inline' and a nonce, which overrules it",
    csp("script-src 'unsafe-inline' 'nonce-Abc'"),
    inline,
    "script-src 'unsafe-inline' 'nonce-…'",
  ],
  ['its nonce', csp("script-src 'nonce-Abc'"), script("nonce='Abc'"), null],
  ['another nonce', csp("script-src 'nonce-Abc'"), script("nonce='Xyz'"), "script-src 'nonce-…'"],
  ['a hash, which may be its own', csp("script-src 'sha256-abc='"), inline, null],
  [
    "'strict-dynamic', which overrules hosts",
    csp("script-src 'self' 'strict-dynamic' 'nonce-Abc'"),
    external,
    "script-src 'self' 'strict-dynamic' 'nonce-…'",
  ],
  [
    'a script of another host',
    csp("script-src 'self'"),
    script('src=https://cdn.example/a.js'),
    "script-src 'self'",
  ],
  ['a script of a host that is named', csp('script-src *.example'), script('src=//cdn.example/a.js'), null],
  ['a script in its URL, whose source is not known', csp("script-src 'self'"), script('src=data:,1'), null],
  ['two scripts, one of which runs', csp("script-src 'self'"), inline + external, null],
  ['a script in a comment', csp("script-src 'self'"), `<!-- ${inline} -->${external}`, null],
])('the scripts of a page with %s run or are blocked', (_, headers, html, expected) => {
  expect(scriptRefusal(headers, html, `${own}/auth/callback.html`)).toBe(expected)
})

it.each([
  ['require-corp', true],
  ['credentialless; report-to="x"', true],
  ['unsafe-none', false],
  ['', false],
])('Cross-Origin-Embedder-Policy "%s" is a policy: %s', (value, expected) => {
  expect(hasEmbedderPolicy(new Headers({ 'Cross-Origin-Embedder-Policy': value }))).toBe(expected)
})
