import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import type { Page, Request } from '@playwright/test'
import { freePort } from '../../demo/listen.ts'
import { withDatabase } from '../examples/examples.ts'
import { startServer } from '../support/running.ts'
import { test as base, expect, logIn, popupOf } from './demo.ts'
import { audience, type Site, startSite } from './set-up/site.ts'

interface Fixtures {
  readonly site: Site
  /** The origin of the app's API, on another port of localhost. */
  readonly api: string
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the parameter what a fixture needs
  site: async ({}, use) => {
    const site = await startSite()
    await use(site)
    await site.close()
  },
  api: async ({ site }, use) => {
    const port = await freePort()
    const settings = {
      ISSUER: site.issuer,
      CLIENT_ID: 'payments',
      AUDIENCE: audience,
      FRESHNESS_KEY: randomBytes(32).toString('base64url'),
      APP_ORIGIN: site.url,
      PORT: String(port),
    }
    const server = await startServer(await withDatabase.command(settings, tmpdir()), port)
    await use(`http://localhost:${port}`)
    await server.stop()
  },
})

test.beforeEach(async ({ page, site, api }) => {
  site.deployment = { client: { api: { origins: [api] }, freshness: { endpoint: `${api}/api/freshness` } } }
  await page.goto(site.url)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await page.waitForFunction(() => window.client.store.getState().session.status === 'authenticated')
})

/** Asks, proves, and calls the API with the grant. Resolves with its answer. */
async function pay(page: Page, api: string): Promise<unknown> {
  const answer = page.evaluate(async url => {
    const payment = { id: 'p1', cents: 25_000, to: 'ACME' }
    const { fetch } = await window.client.stepUp('payment.approve', { context: payment })
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(payment) })
    return response.json()
  }, `${api}/api/payments/p1/approve`)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Continue' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  return answer
}

test('a page asks, proves and pays with cookies at an API on another origin of its site', {
  tag: '@every-browser',
}, async ({ page, context, api }) => {
  const calls: Request[] = []
  page.on('request', request => {
    if (request.method() === 'POST' && request.url().startsWith(api)) calls.push(request)
  })
  const answer = await pay(page, api)
  expect(answer).toMatchObject({ status: 'approved', approvedBy: 'josh' })
  const [cookie] = (await context.cookies(api)).filter(({ name }) => name.startsWith('afresh-'))
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
  const sent = await Promise.all(calls.map(async call => (await call.allHeaders()).cookie))
  const ours = `${cookie?.name}=${cookie?.value}`
  const withOurs = expect.stringContaining(ours)
  expect(sent).toEqual([expect.not.stringContaining(ours), withOurs, withOurs])
})

test('a page of another origin of that site, which the API does not list, gets nothing and uses nothing up', async ({
  page,
  context,
  site,
  api,
}) => {
  const stolen = page.waitForRequest(request => request.headers()['step-up-grant'] !== undefined)
  await page.route('**/approve', route => route.abort(), { times: 1 })
  await expect(pay(page, api)).rejects.toThrow('Failed to fetch')
  const { authorization = '', 'step-up-grant': grant = '' } = (await stolen).headers()

  const stranger = await context.newPage()
  await stranger.goto(`${site.issuer}/.well-known/openid-configuration`)
  const call = {
    api,
    body: (await stolen).postData() ?? '',
    headers: { authorization, 'step-up-grant': grant },
  }
  const payAndAsk = ({ api, headers, body }: typeof call): Promise<string[]> =>
    Promise.all(
      [
        fetch(`${api}/api/payments/p1/approve`, {
          method: 'POST',
          credentials: 'include',
          headers: { ...headers, 'content-type': 'application/json' },
          body,
        }),
        fetch(`${api}/api/freshness`, { method: 'POST', credentials: 'include', body: '{}' }),
      ].map(answered => answered.then(({ status }) => String(status), String)),
    )
  expect(await stranger.evaluate(payAndAsk, call)).toEqual(Array(2).fill('TypeError: Failed to fetch'))
  // The page that is listed can pay by the same grant.
  const [paid] = await page.evaluate(payAndAsk, call)
  expect(paid).toBe('200')
})
