import { createServer } from 'node:http'
import { close, freePort, listen } from '../../demo/listen.ts'
import { providers } from '../../demo/providers.ts'
import { expect, greeting, popupOf, signIn } from './demo.ts'
import { test as base } from './refused.ts'

const test = base.extend<{
  /** Opens a page of another site. It is on this machine too: browsers let no other site near localhost. */
  readonly elsewhere: (body: string) => Promise<void>
}>({
  elsewhere: async ({ page }, use) => {
    let html = ''
    const server = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html').end(html)
    })
    const port = await freePort()
    await listen(server, '127.0.0.1', port)
    await use(async body => {
      html = `<!doctype html>${body}`
      await page.goto(`http://127.0.0.1:${port}`)
    })
    await close(server)
  },
})

test.describe('with an OP on another site, whose issuer has a path', () => {
  test.use({ demoOptions: { ...providers['erp-net'](), opHost: '127.0.0.1' } })

  test('the app’s pages and the callback page have the security headers', async ({ page, demo }) => {
    const headersOf = async (path: string): Promise<Record<string, string>> =>
      (await page.request.get(demo.url + path)).headers()
    const { origin: op } = new URL(demo.issuer)
    const config = await (await page.request.get(`${demo.url}/demo/config.js`)).text()
    const statements = /"statements":"([^"]+)"/.exec(config)?.[1]
    const everyPage = {
      'permissions-policy':
        'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    }
    const scripts = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'"
    const trustedTypes = "require-trusted-types-for 'script'; trusted-types 'none'"
    expect(await headersOf('/')).toMatchObject({
      ...everyPage,
      'content-security-policy':
        `${scripts}; style-src 'self'; img-src 'self' data: ${op}; connect-src 'self' ${op} ${statements}; ` +
        `frame-src 'self' ${op}; frame-ancestors 'none'; ${trustedTypes}`,
      'cross-origin-opener-policy': 'same-origin-allow-popups',
    })
    const callback = await headersOf('/auth/callback.html?code=1&state=2')
    expect(callback).toMatchObject({
      ...everyPage,
      'content-security-policy': `${scripts}; img-src data:; frame-ancestors 'self'; ${trustedTypes}`,
    })
    expect(callback).not.toHaveProperty('cross-origin-opener-policy')
  })
})

test.describe('from Vite’s dev server', () => {
  test.use({ demoOptions: { mode: 'dev' } })

  test('the headers refuse nothing that the page needs', async ({ page, demo, refused }) => {
    const connected = page.waitForEvent('console', message => message.text() === '[vite] connected.')
    await signIn(page, demo)
    await connected
    await page.reload()
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(refused).toEqual([])
  })
})

for (const [what, path] of [
  ['the app', '/'],
  ['the callback page', '/auth/callback.html'],
] as const)
  test(`another site cannot frame ${what}`, { tag: '@every-browser' }, async ({ page, demo, elsewhere }) => {
    const asked = page.waitForResponse(demo.url + path)
    await elsewhere(`<iframe src="${demo.url}${path}"></iframe>`)
    await asked
    const [, frame] = page.frames()
    await expect.poll(() => frame?.url()).not.toBe('')
    expect(frame?.url()).not.toContain(demo.url)
  })

test('another site that opens the app cannot reach its window', { tag: '@every-browser' }, async ({
  page,
  demo,
  elsewhere,
}) => {
  await elsewhere(`<button onclick="opened = window.open('${demo.url}')">Open</button>`)
  const app = await popupOf(page, page.getByRole('button'))
  await expect(app.getByRole('button', { name: 'Sign in' })).toBeVisible()
  expect(await app.evaluate(() => opener)).toBeNull()
  expect(await page.evaluate('opened.closed')).toBe(true)
})

test('a script in the page can turn no text into markup, and send nothing to another origin', async ({
  page,
  demo,
  refused,
}) => {
  await page.goto(demo.url)
  const errors = await page.evaluate(async () => {
    const attempts = [
      async () => document.body.insertAdjacentHTML('beforeend', '<p>markup</p>'),
      () => fetch('http://127.0.0.1/'),
    ]
    const outcomes = attempts.map(attempt =>
      attempt().then(
        () => 'allowed',
        error => error.name,
      ),
    )
    return Promise.all(outcomes)
  })
  expect(errors).toEqual(['TypeError', 'TypeError'])
  await expect
    .poll(() => refused)
    .toEqual(expect.arrayContaining(['require-trusted-types-for', 'connect-src']))
})
