import type { Page } from '@playwright/test'
import type { Demo, DemoOptions } from '../../demo/demo.ts'
import { approveButton, expect, prompt, signIn, test } from './demo.ts'
import { askInSilence, pushInSilence, type SilentRequest } from './injected.ts'
import { type Call, call, callWith, holdProof, recordCalls, refusalOf } from './support/freshness-calls.ts'

const pushing: DemoOptions = { pushedRequests: true }
const everyBrowser = { tag: '@every-browser' }
test.use({ demoOptions: pushing })

test.beforeEach(async ({ page, demo }) => {
  await recordCalls(page)
  await signIn(page, demo)
})
test.afterEach(async ({ demo }) => expect(await demo.bank.ledger()).toEqual([]))

/** Another challenge for the same payment, in this browser. */
async function challengeIn(page: Page): Promise<Call> {
  await approveButton(page).click()
  await expect(prompt(page)).toBeVisible()
  return call(page, await callWith(page, 'action'))
}

/** A request of the page's own client, which anybody can make. */
const ownRequest = ({ issuer, url }: Demo, params: SilentRequest['params']): SilentRequest => ({
  issuer,
  clientId: 'payments',
  redirectUri: `${url}/auth/callback.html`,
  params,
})

test('a code that answers another challenge is refused', everyBrowser, async ({ page }) => {
  const proof = await holdProof(page)
  const { challenge } = await call(page, await callWith(page, 'action'))
  const { state } = await call(page, { challenge })
  expect(await refusalOf(page, { ...proof, challenge })).toBe('nonce_mismatch')
  expect(await refusalOf(page, { ...proof, challenge, state })).toBe('invalid_token')
})

test('a code sent by another browser is refused', everyBrowser, async ({ page, browser, demo }) => {
  const proof = await holdProof(page)
  const context = await browser.newContext()
  const thief = await context.newPage()
  await thief.goto(demo.url)
  expect(await refusalOf(thief, proof)).toBe('binding_mismatch')
  await context.close()
  expect(await call(page, proof)).toMatchObject({ status: 'granted' })
})

test(
  'the login of a request that the page has sent itself is refused',
  everyBrowser,
  async ({ page, demo }) => {
    const { challenge, nonce = '' } = await challengeIn(page)
    const { id_token } = await page.evaluate(askInSilence, ownRequest(demo, { nonce }))
    expect(id_token).toEqual(expect.any(String))
    expect(await refusalOf(page, { challenge, id_token })).toBe('not_pushed')
  },
)

test(
  'a request that somebody else pushes with the same nonce brings no code for the bank',
  everyBrowser,
  async ({ page, demo }) => {
    const { challenge, nonce = '' } = await challengeIn(page)
    const { state = '' } = await call(page, { challenge })
    const { code, iss, id_token } = await page.evaluate(pushInSilence, ownRequest(demo, { nonce, state }))
    expect(code).toEqual(expect.any(String))
    expect(await refusalOf(page, { challenge, code, state, iss })).toBe('invalid_token')
    expect(await refusalOf(page, { challenge, id_token })).toBe('not_pushed')
  },
)

test('the page’s own client may not have the OP show a payment', async ({ page, demo }) => {
  const payment = [{ type: 'payment', amount: '250.00', to: 'Northwind Paper' }]
  const params = { state: 'a-state', authorization_details: JSON.stringify(payment) }
  const answer = await page.evaluate(pushInSilence, ownRequest(demo, params))
  expect(answer).toMatchObject({ error: 'invalid_authorization_details' })
})
