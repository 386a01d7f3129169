import { createHash } from 'node:crypto'
import type { Page, Request } from '@playwright/test'
import type { Demo } from '../../demo/demo.ts'
import { createProver } from '../support/dpop.ts'
import { expect, greeting, logIn, outcome, signIn, stepUp, test } from './demo.ts'
import { type KeptKey, readKeptKeys } from './kept-keys.ts'

const demoOptions = { dpop: true }
test.use({ demoOptions })

/** What a request's proof says, and the thumbprint (RFC 7638) of the key that it was made with. */
function proofOf(request: Request): { readonly jkt: string; readonly claims: Record<string, unknown> } {
  const [header, claims] = (request.headers().dpop ?? '')
    .split('.')
    .slice(0, 2)
    .map(part => JSON.parse(Buffer.from(part, 'base64url').toString()))
  const { crv, kty, x, y } = header.jwk
  return { jkt: sha256(JSON.stringify({ crv, kty, x, y })), claims }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** Every request that the page sends to such a path with a proof, and to which it got an answer. */
function watch(page: Page, path: string): { request: Request; status: number }[] {
  const seen: { request: Request; status: number }[] = []
  page.on('response', response => {
    const request = response.request()
    if (new URL(request.url()).pathname.startsWith(path) && request.headers().dpop !== undefined)
      seen.push({ request, status: response.status() })
  })
  return seen
}

const keptKeys = (page: Page): Promise<KeptKey[]> => page.evaluate(readKeptKeys)

/** Signs out, and waits until the page is back from the OP. */
async function signOut(page: Page, demo: Demo): Promise<void> {
  const back = page.waitForResponse(
    response => response.request().isNavigationRequest() && response.url() === `${demo.url}/`,
  )
  await page.getByRole('button', { name: 'Sign out' }).click()
  await back
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
}

/** Sends the payments' request as somebody would who has no browser of the person's. */
function ask(url: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}/api/payments`, { headers })
}

test('signing in binds the token to a key that cannot be read out, and the API takes it with a proof', {
  tag: '@every-browser',
}, async ({ page, demo }) => {
  const tokenRequests = watch(page, '/token')
  const calls = watch(page, '/api/payments')
  const redeemed = page.waitForResponse(
    response =>
      response.url() === `${demo.issuer}/token` &&
      response.request().method() === 'POST' &&
      response.status() === 200,
  )
  await signIn(page, demo)
  await expect(page.getByText('Northwind Paper').first()).toBeVisible()
  const { token_type, access_token } = await (await redeemed).json()
  expect(token_type).toBe('DPoP')
  // The OP asks for a nonce of its own first, which the page sees because the OP lets its origin see it.
  expect(tokenRequests.map(({ status }) => status)).toEqual([400, 200])
  expect(tokenRequests.map(({ request }) => typeof proofOf(request).claims.nonce)).toEqual([
    'undefined',
    'string',
  ])
  const [call] = calls
  if (!call) throw new Error('The API was not asked')
  const { jkt, claims } = proofOf(call.request)
  expect([call.status, call.request.headers().authorization]).toEqual([200, `DPoP ${access_token}`])
  expect(claims).toMatchObject({ htm: 'GET', htu: `${demo.url}/api/payments`, ath: sha256(access_token) })
  expect(JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString()).cnf).toEqual({ jkt })
  expect(await keptKeys(page)).toEqual([{ extractable: false, readable: false }])
})

test('a reload restores the session, by the same key', { tag: '@every-browser' }, async ({ page, demo }) => {
  const calls = watch(page, '/api/payments')
  await signIn(page, demo)
  await expect.poll(() => calls.length).toBeGreaterThan(0)
  const before = calls.length
  await page.reload()
  await expect(greeting(page, 'josh')).toBeVisible()
  await expect.poll(() => calls.length).toBeGreaterThan(before)
  const keys = new Set(calls.map(({ request }) => proofOf(request).jkt))
  expect(keys.size).toBe(1)
  expect(calls.map(({ status }) => status)).not.toContain(401)
})

test('a stolen token is refused without a proof, with the proof that was seen, and with another key’s proof', async ({
  page,
  demo,
}) => {
  const calls = watch(page, '/api/payments')
  await signIn(page, demo)
  await expect.poll(() => calls.length).toBeGreaterThan(0)
  const { authorization = '', dpop = '' } = calls[0]?.request.headers() ?? {}
  const token = authorization.replace('DPoP ', '')
  const thief = await createProver()
  const url = `${demo.url}/api/payments`
  const proof = await thief.prove('GET', url, Math.floor(Date.now() / 1000), {
    claims: { ath: sha256(token) },
  })
  const attempts: [headers: Record<string, string>, error: string][] = [
    [{ Authorization: `Bearer ${token}` }, 'DPoP'],
    [{ Authorization: authorization }, 'invalid_dpop_proof'],
    [{ Authorization: authorization, DPoP: dpop }, 'invalid_dpop_proof'],
    [{ Authorization: authorization, DPoP: proof }, 'invalid_token'],
  ]
  for (const [headers, error] of attempts) {
    const response = await ask(demo.url, headers)
    expect([response.status, response.headers.get('WWW-Authenticate')]).toEqual([
      401,
      expect.stringContaining(error),
    ])
  }
})

test('a payment is approved by the key alone, without any cookie of the backend’s', {
  tag: '@every-browser',
}, async ({ page, context, demo }) => {
  const asked = watch(page, '/api/freshness')
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  expect(await demo.bank.ledger()).toMatchObject([{ paymentId: 'northwind', approvedBy: 'josh' }])
  expect(asked.map(({ status }) => status)).toEqual([401, 200])
  const cookies = await context.cookies(demo.url)
  expect(cookies.filter(({ name }) => name.endsWith('afresh'))).toEqual([])
})

test('a proof of the login by another key is denied as binding_mismatch', async ({ page, demo }) => {
  await signIn(page, demo)
  await page.route('**/api/freshness', route =>
    route.request().postData()?.includes('"challenge"') ? route.abort() : route.continue(),
  )
  const sent = page.waitForRequest(request => Boolean(request.postData()?.includes('"challenge"')))
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  const url = `${demo.url}/api/freshness`
  const thief = await createProver()
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Origin: demo.url,
      DPoP: await thief.prove('POST', url, Math.floor(Date.now() / 1000)),
    },
    body: (await sent).postData(),
  })
  expect([response.status, await response.json()]).toMatchObject([403, { error: 'binding_mismatch' }])
  expect(await demo.bank.ledger()).toEqual([])
})

test('a sign-out removes the key, and the next session has another', { tag: '@every-browser' }, async ({
  page,
  demo,
}) => {
  const calls = watch(page, '/api/payments')
  await signIn(page, demo)
  await expect.poll(() => calls.length).toBeGreaterThan(0)
  const before = calls.map(({ request }) => proofOf(request).jkt)
  await signOut(page, demo)
  expect(await keptKeys(page)).toEqual([])
  const count = calls.length
  await signIn(page, demo)
  await expect.poll(() => calls.length).toBeGreaterThan(count)
  expect(before).not.toContain(proofOf(calls[count]?.request as Request).jkt)
})

test('a sign-out and sign-in in one tab leaves the other tab with the new key', async ({
  page,
  context,
  demo,
}) => {
  await signIn(page, demo)
  const second = await context.newPage()
  const calls = watch(second, '/api/payments')
  await second.goto(demo.url)
  await expect(greeting(second, 'josh')).toBeVisible()
  await signOut(page, demo)
  await expect(second.getByRole('button', { name: 'Sign in' })).toBeVisible()
  const count = calls.length
  await signIn(page, demo)
  await expect(greeting(second, 'josh')).toBeVisible()
  await expect.poll(() => calls.length).toBeGreaterThan(count)
  expect(new Set(calls.slice(count).map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(calls.map(({ request }) => proofOf(request).jkt)).size).toBe(2)
})

test.describe('with the OP on another site', () => {
  test.use({ demoOptions: { ...demoOptions, opHost: '127.0.0.1' } })

  test('the OP’s nonces reach the page, and signing in and approving work', async ({ page, demo }) => {
    const tokenRequests = watch(page, '/token')
    await signIn(page, demo)
    const popup = await stepUp(page)
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
    expect(tokenRequests.map(({ status }) => status)).toEqual([400, 200, 200])
  })
})
