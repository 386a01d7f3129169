import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, logIn, popupOf } from './demo.ts'
import { callbackPath, type Deployment, type Site, unallowedScope } from './set-up/site.ts'
import { test } from './set-up/test.ts'

// Broken set-ups: the first line of the console must name the cause to a reader who does not know it, and stands in
// docs/guides/debugging.md as it is.

interface SetUp {
  readonly deployment: Deployment
  /** Whether it shows only when a person has signed in. Default: when the page is loaded. */
  readonly atSignIn?: boolean
  readonly code: string
  /** What the line must name: of the cause, and of what to do. */
  readonly names: readonly string[]
}

const csp = (policy: string): Record<string, string> => ({ 'content-security-policy': policy })
const mistake = 'configuration_invalid'

const setUps: Readonly<Record<string, SetUp>> = {
  'the callback page is missing': {
    deployment: { callback: 'missing' },
    code: mistake,
    names: [`\`callbackUrl\` (${callbackPath})`, '404', '`afresh/callback`'],
  },
  'the app answers at the URL of the callback page': {
    deployment: { callback: 'app' },
    code: mistake,
    names: ['the app itself', `\`callbackUrl\` (${callbackPath})`, 'SPA fallback'],
  },
  'the app and its callback page are under a path, and callbackUrl is not': {
    deployment: { path: '/app/', callback: 'missing', isBeside: true },
    code: mistake,
    names: [`There is one at /app${callbackPath}`, `\`callbackUrl: '/app${callbackPath}'\``],
  },
  'frame-src blocks the hidden frame': {
    deployment: { headers: csp("frame-src 'none'") },
    code: mistake,
    names: ['Content-Security-Policy (frame-src)', "`frame-src 'self' https://login.example.com`"],
  },
  'frame-ancestors keeps the callback page out of frames': {
    deployment: { callback: csp("frame-ancestors 'none'") },
    code: mistake,
    names: [callbackPath, "(Content-Security-Policy: frame-ancestors 'none')", "frame-ancestors 'self'"],
  },
  'the pages demand COEP': {
    deployment: { headers: { 'cross-origin-embedder-policy': 'require-corp' } },
    code: mistake,
    names: ['Cross-Origin-Embedder-Policy', callbackPath, 'iframe: false'],
  },
  'the script of the callback page is blocked': {
    deployment: { callback: csp("default-src 'none'; frame-ancestors 'self'") },
    code: mistake,
    names: ['blocks its script', callbackPath, "(default-src 'none')"],
  },
  'the clock of the provider is off': {
    deployment: { opAhead: 600 },
    atSignIn: true,
    code: 'id_token_invalid',
    names: ['`iat`', 'future', "the OpenID Provider's clock"],
  },
  'a scope is not allowed': {
    deployment: { client: { scope: `openid ${unallowedScope}` } },
    code: 'authorization_failed',
    names: ['invalid_scope', '`scope`', `openid ${unallowedScope}`],
  },
  'the client id is not registered': {
    deployment: { client: { clientId: 'paymnets' } },
    code: mistake,
    names: ['`clientId` "paymnets"', 'invalid_client', 'public'],
  },
  'callbackUrl is not registered': {
    deployment: { client: { callbackUrl: `${callbackPath}?unregistered`, timeLimit: 4 } },
    code: 'timeout',
    names: [
      '`callbackUrl` is not registered',
      'redirect URI',
      `https://app.example.com${callbackPath}?unregistered`,
    ],
  },
  'the issuer is not where the provider is': {
    deployment: { issuerPath: '/other' },
    code: 'network',
    names: ['`issuer`', 'https://login.example.com/other/.well-known/openid-configuration'],
  },
}

/** The code of the error that the page's session ended with. */
function errorOf(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const { session } = window.client.store.getState()
    return session.status === 'anonymous' ? session.error?.code : undefined
  })
}

const documentation = readFileSync(new URL('../../docs/guides/debugging.md', import.meta.url), 'utf8')

/** What a page of the documentation has in its place. */
function asDocumented(line: string, site: Site): string {
  return line
    .replace(/^afresh: [^.]+\. /, '')
    .replaceAll(new URL(site.issuer).origin, 'https://login.example.com')
    .replaceAll(site.url, 'https://app.example.com')
    .replace(/ in \d+ s\./, ' in 10 s.')
}

for (const [name, { deployment, atSignIn, code, names }] of Object.entries(setUps))
  test(`the console says what is wrong when ${name} @every-browser`, async ({ page, site, open }, info) => {
    const warning = page.waitForEvent('console', message => message.text().startsWith('afresh: '))
    await open(deployment)
    if (atSignIn) await logIn(await popupOf(page, page.getByRole('button')))
    const [said] = (await warning).args()
    const line = asDocumented(String(await said?.jsonValue()), site)
    info.annotations.push({ type: 'console', description: line })
    for (const one of names) expect(line).toContain(one)
    await expect.poll(() => errorOf(page)).toBe(code)
    expect(page.frames()).toHaveLength(1)
    expect(documentation).toContain(line)
  })
