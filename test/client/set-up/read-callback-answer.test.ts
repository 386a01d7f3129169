import { expect, it } from 'vitest'
import {
  answeredByApp,
  embedderPolicyOfOp,
  keptFromFrames,
  refusedWith,
  scriptMissing,
  scriptsBlocked,
  sentAs,
  withoutEmbedderPolicy,
  withoutScript,
} from '../../../src/client/set-up/answer-findings.ts'
import { type Finding, silentPage } from '../../../src/client/set-up/findings.ts'
import {
  mayBeCallbackPage,
  type PageAnswer,
  readCallbackAnswer,
} from '../../../src/client/set-up/read-callback-answer.ts'
import type { Surroundings } from '../../../src/client/set-up/surroundings.ts'

const html = (text: string, headers: Record<string, string> = {}, status = 200): PageAnswer => {
  return { status, text, headers: new Headers({ 'Content-Type': 'text/html', ...headers }) }
}
const coep = { 'Cross-Origin-Embedder-Policy': 'require-corp' }
const callback = '<script type="module" src="/assets/callback.js" nonce="1"></script>'
const app = '<script type="module" src="/assets/app.js" nonce="2"></script>'
const around: Surroundings = {
  callbackPath: '/auth/callback.html',
  path: '/orders',
  ancestors: ['https://app.example'],
  isIsolated: false,
}
const framedBy = ['https://portal.example'] as const

it.each<[string, PageAnswer, PageAnswer | null, Partial<Surroundings>, Finding | null]>([
  ['is right', html(callback), html(app), {}, null],
  ['is right, and the app cannot be read', html(callback), null, {}, null],
  ['has no Content-Type', { ...html(callback), headers: new Headers() }, null, {}, null],
  ['is missing', html('Not found', {}, 404), html(app), {}, refusedWith(404, around)],
  ['is forbidden', html('', {}, 403), null, {}, refusedWith(403, around)],
  ['fails for now', html('', {}, 503), null, {}, refusedWith(503, around)],
  ['is text', html('', { 'Content-Type': 'text/plain' }), null, {}, sentAs('text/plain', around)],
  ['is the app', html(app), html(app), {}, answeredByApp(around)],
  ['is the app with another nonce', html(app), html(app.replace('"2"', "'3'")), {}, answeredByApp(around)],
  [
    'is the app, which no page may frame',
    html(app, { 'X-Frame-Options': 'DENY' }),
    html(app, { 'X-Frame-Options': 'DENY' }),
    {},
    answeredByApp(around),
  ],
  ['is sent without the app’s COEP', html(callback), html(app, coep), {}, withoutEmbedderPolicy(around)],
  [
    'is sent without it to an isolated app',
    html(callback),
    null,
    { isIsolated: true },
    withoutEmbedderPolicy(around),
  ],
  ['is sent with the app’s COEP', html(callback, coep), html(app, coep), {}, embedderPolicyOfOp()],
  ['is sent with COEP, unlike the app', html(callback, coep), html(app), {}, null],
  [
    'cannot be framed',
    html(callback, { 'X-Frame-Options': 'DENY' }),
    html(app),
    {},
    keptFromFrames('X-Frame-Options: DENY', [], around),
  ],
  [
    'cannot be framed in an app that another site frames',
    html(callback, { 'X-Frame-Options': 'SAMEORIGIN' }),
    html(app),
    { ancestors: ['https://app.example', ...framedBy] },
    keptFromFrames('X-Frame-Options: SAMEORIGIN', framedBy, around),
  ],
  [
    'may run no script',
    html(callback, { 'Content-Security-Policy': "default-src 'none'" }),
    html(app),
    {},
    scriptsBlocked("default-src 'none'", around),
  ],
  ['has no script', html('<p>Signed in.</p>'), html(app), {}, withoutScript(around)],
])('finds out that the callback page %s', (_, answer, own, others, expected) => {
  expect(readCallbackAnswer(answer, own, { ...around, ...others })).toEqual(expected)
})

it.each([
  ['is missing', html('Not found', {}, 404), refusedWith(404, around, '/shop/auth/callback.html')],
  ['is the app', html(app), answeredByApp(around, '/shop/auth/callback.html')],
])('a callback page that %s, and one beside the app, say where that one is', (_, answer, expected) => {
  const finding = readCallbackAnswer(answer, html(app), around, '/shop/auth/callback.html')
  expect(finding).toEqual(expected)
  expect(finding?.what).toContain("`callbackUrl: '/shop/auth/callback.html'`")
})

it.each<[string, PageAnswer, boolean]>([
  ['with a script', html(callback), true],
  ['that is missing', html(callback, {}, 404), false],
  ['that is no page', html(callback, { 'Content-Type': 'text/javascript' }), false],
  ['without a script', html('<p>Welcome</p>'), false],
  ['that is the app', html(app), false],
])('a page beside the app %s may be the callback page: %s', (_, answer, expected) => {
  expect(mayBeCallbackPage(answer, html(app))).toBe(expected)
})

it('each fault says what cannot work', () => {
  const faults = [
    refusedWith(404, around),
    refusedWith(503, around),
    withoutEmbedderPolicy(around),
    embedderPolicyOfOp(),
    silentPage(around),
    withoutScript(around),
    scriptMissing('/assets/callback.js', 'status 404', around),
  ]
  expect(faults.map(({ fault }) => fault)).toEqual([
    'page',
    'likely',
    'frame',
    'likely',
    'page',
    'page',
    'page',
  ])
})

it.each([
  ['/app/orders', '/auth/callback.html', '/app/auth/callback.html'],
  ['/app/', '/auth/callback.html', '/app/auth/callback.html'],
  ['/orders', '/auth/callback.html', null],
  ['/app/orders', '/app/callback.html', null],
])('at %s, a missing page at %s may be at %s', (path, callbackPath, expected) => {
  const { what } = refusedWith(404, { path, callbackPath })
  if (expected === null) expect(what).not.toContain('is deployed under')
  else expect(what).toContain(expected)
})
