import type { Page } from '@playwright/test'
import {
  keptFromFrames,
  refusedWith,
  scriptsBlocked,
  withoutEmbedderPolicy,
} from '../../src/client/set-up/answer-findings.ts'
import { type Finding, frameBlocked, silentPage } from '../../src/client/set-up/findings.ts'
import { test as base, expect, logIn, popupOf } from './demo.ts'
import { callbackPath, type Deployment, type Site, startSite } from './set-up/site.ts'

interface Fixtures {
  /** Deploys the app and opens it. */
  readonly open: (deployment: Deployment) => Promise<void>
}

const test = base.extend<Fixtures, { readonly site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the parameter what a fixture needs
    async ({}, use) => {
      const site = await startSite()
      await use(site)
      await site.close()
    },
    { scope: 'worker' },
  ],
  open: async ({ page, site }, use) => {
    await use(async deployment => {
      site.deployment = deployment
      await page.goto(site.url + (deployment.path ?? '/'))
    })
  },
})

/** The error that the page's session ended with. */
function mistake(page: Page): Promise<{ code?: string; message?: string } | null> {
  return page.evaluate(() => {
    const { session } = window.client.store.getState()
    if (session.status !== 'anonymous' || !session.error) return null
    const { code, message } = session.error
    return { code, message }
  })
}

const paths = { callbackPath, path: '/' }
const csp = (policy: string): Record<string, string> => ({ 'content-security-policy': policy })
const coep = { 'cross-origin-embedder-policy': 'require-corp' }

const mistakes: readonly [string, Deployment, (op: string) => Finding][] = [
  ['the callback page is missing', { callback: 'missing' }, () => refusedWith(404, paths)],
  [
    'the app is under a path, and its callback page is not where the client looks',
    { path: '/app/', callback: 'missing' },
    () => refusedWith(404, { callbackPath, path: '/app/' }),
  ],
  ['its policy blocks frames', { headers: csp("frame-src 'none'") }, op => frameBlocked('frame-src', op)],
  [
    'its policy blocks the callback page in frames',
    { headers: csp('frame-src http://localhost:*/authorize') },
    op => frameBlocked('frame-src', op),
  ],
  [
    'the callback page cannot be framed',
    { callback: csp("frame-ancestors 'none'") },
    () => keptFromFrames('Content-Security-Policy: frame-ancestors', [], paths),
  ],
  ['its pages demand COEP', { headers: coep }, () => withoutEmbedderPolicy(paths)],
  [
    'no script may run on the callback page',
    { callback: csp("default-src 'none'; frame-ancestors 'self'") },
    () => scriptsBlocked('script-src', paths),
  ],
  [
    'the script of the callback page is blocked',
    { callback: csp("script-src 'nonce-other'; frame-ancestors 'self'") },
    () => silentPage(paths),
  ],
]

for (const [what, deployment, finding] of mistakes)
  test(`the app says long before its time limit that ${what}`, async ({ page, site, open }) => {
    await open(deployment)
    const expected = { code: 'configuration_invalid', message: finding(new URL(site.issuer).origin).what }
    await expect.poll(() => mistake(page)).toEqual(expected)
    expect(page.frames()).toHaveLength(1)
  })

test('a deployment without a mistake has none', async ({ page, open }) => {
  await open({})
  await expect
    .poll(() => page.evaluate(() => window.client.store.getState().session))
    .toEqual({ status: 'anonymous', reason: 'login_required' })
})

test.describe('an app that answers at its own callbackUrl', () => {
  test('says so, opens no frame in its frame, and leaves no code in a URL', async ({ page, open }) => {
    const frames: string[] = []
    page.on('framenavigated', frame => frames.push(frame.url()))
    await open({ callback: 'app' })
    await expect.poll(() => mistake(page)).toMatchObject({ code: 'configuration_invalid' })
    expect(page.frames()).toHaveLength(1)
    expect(frames.filter(url => url.includes('/authorize'))).toEqual([])
  })

  test('rejects a sign-in in a popup', async ({ page, open }) => {
    await open({ callback: 'app' })
    const popup = await popupOf(page, page.getByRole('button'))
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(page.getByText('signIn: configuration_invalid')).toBeVisible()
  })

  test('throws there, with a clean URL', async ({ page, site, open }) => {
    await open({ callback: 'app' })
    const [error] = await Promise.all([
      page.waitForEvent('pageerror'),
      page.goto(`${site.url}${callbackPath}#code=c&state=s`),
    ])
    expect(error.message).toContain('callbackUrl')
    expect(page.url()).toBe(site.url + callbackPath)
  })
})
