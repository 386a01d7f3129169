import type { Page } from '@playwright/test'
import { refusedWith, scriptMissing, scriptsBlocked } from '../../src/client/set-up/answer-findings.ts'
import { type Finding, frameBlocked, silentPage } from '../../src/client/set-up/findings.ts'
import { expect, logIn, popupOf } from './demo.ts'
import { callbackPath, type Deployment } from './set-up/site.ts'
import { test } from './set-up/test.ts'

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

// The others are in drill.spec.ts.
const mistakes: readonly [string, Deployment, (op: string) => Finding][] = [
  [
    'the app is under a path, and no callback page is there',
    { path: '/app/', callback: 'missing' },
    () => refusedWith(404, { callbackPath, path: '/app/' }),
  ],
  [
    'its policy blocks the callback page in frames',
    { headers: csp('frame-src http://localhost:*/authorize') },
    op => frameBlocked('frame-src', op),
  ],
  [
    'the nonce of the callback page is another one',
    { callback: csp("script-src 'nonce-other'; frame-ancestors 'self'") },
    () => scriptsBlocked("script-src 'nonce-…'", paths),
  ],
  [
    'the script of the callback page is missing',
    { callbackHtml: '<script type="module" src="/assets/callback.js"></script>' },
    () => scriptMissing('/assets/callback.js', 'status 404', paths),
  ],
  [
    'the script of the callback page fails',
    { callbackHtml: '<script>handleCallback()</script>' },
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
