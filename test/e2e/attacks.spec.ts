import type { BrowserContext, Page } from '@playwright/test'
import {
  answer,
  approveButton,
  expect,
  greeting,
  logIn,
  outcome,
  prompt,
  signIn,
  stepUp,
  test,
} from './demo.ts'

/** A browser that rewrites authorization requests on their way to the OP. */
async function tamper(context: BrowserContext, issuer: string, change: (url: URL) => void): Promise<void> {
  await context.route(`${issuer}/auth?**`, async route => {
    const url = new URL(route.request().url())
    change(url)
    await route.fulfill({ status: 302, headers: { location: url.href } })
  })
}

interface Exchange {
  readonly request: Record<string, string>
  readonly status: number
  readonly body: Record<string, string>
}

/** What the page sends to the backend, and what comes back. */
function recordFreshness(page: Page): Exchange[] {
  const seen: Exchange[] = []
  page.on('response', async response => {
    if (!response.url().endsWith('/api/freshness')) return
    seen.push({
      request: response.request().postDataJSON(),
      status: response.status(),
      body: await response.json(),
    })
  })
  return seen
}

/** The nth of them, from 0, once it is complete. */
async function exchange(seen: readonly Exchange[], n: number): Promise<Exchange | undefined> {
  await expect.poll(() => seen.length).toBeGreaterThan(n)
  return seen[n]
}

test('a popup whose URL loses prompt and max_age on its way brings a login that is stale', async ({
  page,
  context,
  demo,
}) => {
  await signIn(page, demo)
  let stripped = 0
  await tamper(context, demo.issuer, url => {
    for (const name of ['prompt', 'max_age']) if (url.searchParams.has(name)) stripped++
    url.searchParams.delete('prompt')
    url.searchParams.delete('max_age')
  })
  await approveButton(page).click()
  await answer(page, 'Continue').click()
  await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: stale')
  expect(stripped).toBeGreaterThanOrEqual(2)
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(await demo.bank.ledger()).toEqual([])
})

test('the page asks when jane signs in in place of josh, and the session stays josh’s', async ({
  page,
  demo,
}) => {
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup, 'jane')])
  await expect(prompt(page)).toContainText('You signed in as Jane Okafor')
  await expect(prompt(page)).toContainText('This is the session of Josh Rivera')
  await answer(page, 'Back to Josh Rivera').click()
  await expect(outcome(page)).toHaveAttribute('data-code', 'account_mismatch')
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(await demo.bank.ledger()).toEqual([])
})

test('jane’s fresh login sent as proof of josh is denied as subject_mismatch', async ({ page, demo }) => {
  await signIn(page, demo)
  const exchanges = recordFreshness(page)
  const popup = await stepUp(page)
  const redeemed = page.waitForResponse(
    response => response.url().endsWith('/token') && response.request().method() === 'POST',
  )
  await Promise.all([popup.waitForEvent('close'), logIn(popup, 'jane')])
  const { id_token } = await (await redeemed).json()
  await expect(prompt(page)).toContainText('You signed in as Jane Okafor')
  const challenge = (await exchange(exchanges, 0))?.body.challenge
  expect(await prove(page, { challenge, id_token })).toEqual([403, 'subject_mismatch'])
  await answer(page, 'Continue as Jane Okafor').click()
  await expect(greeting(page, 'jane')).toBeVisible()
  expect(await demo.bank.ledger()).toEqual([])
})

/** Sends a proof from within the page, as code injected into it would. */
function prove(page: Page, proof: object): Promise<[number, string]> {
  return page.evaluate(async body => {
    const response = await fetch('/api/freshness', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return [response.status, (await response.json()).error] as [number, string]
  }, proof)
}

test('the session’s own ID token sent as proof is denied as nonce_mismatch', async ({ page, demo }) => {
  await signIn(page, demo)
  const exchanges = recordFreshness(page)
  await approveButton(page).click()
  await expect(prompt(page)).toBeVisible()
  const { request, body } = (await exchange(exchanges, 0)) ?? {}
  expect(await prove(page, { challenge: body?.challenge, id_token: request?.id_token })).toEqual([
    403,
    'nonce_mismatch',
  ])
  expect(await demo.bank.ledger()).toEqual([])
})

test('a proof sent twice is denied as already_used', async ({ page, demo }) => {
  await signIn(page, demo)
  const exchanges = recordFreshness(page)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  const proof = (await exchange(exchanges, 1))?.request ?? {}
  expect(await prove(page, proof)).toEqual([403, 'already_used'])
  expect(await demo.bank.ledger()).toHaveLength(1)
})

test('a proof sent by another browser is denied as binding_mismatch', async ({ page, browser, demo }) => {
  await signIn(page, demo)
  const exchanges = recordFreshness(page)
  // The proof is held back, so that the thief is the first to send it.
  await page.route('**/api/freshness', route =>
    route.request().postData()?.includes('"challenge"') ? route.abort() : route.continue(),
  )
  const sent = page.waitForRequest(request => Boolean(request.postData()?.includes('"challenge"')))
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  const proof = (await sent).postDataJSON()
  const thief = await (await browser.newContext()).newPage()
  await thief.goto(demo.url)
  expect(await prove(thief, proof)).toEqual([403, 'binding_mismatch'])
  expect(exchanges).toHaveLength(1)
  expect(await demo.bank.ledger()).toEqual([])
})

test('a grant for 250.00 does not pay 9,250.00', async ({ page, demo }) => {
  await signIn(page, demo)
  await page.route('**/api/payments/*/approve', route => {
    const body = { ...route.request().postDataJSON(), cents: 925_000 }
    return route.continue({ postData: JSON.stringify(body) })
  })
  const answered = page.waitForResponse('**/api/payments/*/approve')
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  const response = await answered
  expect(response.status()).toBe(401)
  expect(response.headers()['www-authenticate']).toContain('insufficient_user_authentication')
  expect(await demo.bank.ledger()).toEqual([])
})

test('local state forced to “fresh” changes nothing at the server', async ({ page, demo }) => {
  await signIn(page, demo)
  const forged = { status: 'granted', grant: 'forged', expires_in: 60 }
  await page.route('**/api/freshness', route => route.fulfill({ json: forged }))
  const answered = page.waitForResponse('**/api/payments/*/approve')
  await approveButton(page).click()
  expect((await answered).status()).toBe(401)
  expect(await demo.bank.ledger()).toEqual([])
})

test('a crafted callback link sends no request, and the session stays', async ({ page, demo }) => {
  await signIn(page, demo)
  const sent: string[] = []
  page.on('request', request => {
    if (request.url().endsWith('/token')) sent.push(request.url())
  })
  await page.goto(`${demo.url}/auth/callback.html?code=stolen&state=made-up`)
  expect(page.url()).toBe(`${demo.url}/auth/callback.html`)
  await page.waitForURL(`${demo.url}/`)
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(sent).toHaveLength(1)
})
