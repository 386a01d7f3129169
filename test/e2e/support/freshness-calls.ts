import type { Page } from '@playwright/test'
import { expect, logIn, stepUp } from '../demo.ts'
import { send } from '../injected.ts'

/** What the page sends to the freshness endpoint. */
export type Call = Readonly<Record<string, string>>

/**
 * Keeps the calls that the page makes from now on, in the page: Firefox tells a test no body of a request. A proof by code
 * is held back, so that the test is the first to send it.
 */
export async function recordCalls(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const calls: Call[] = []
    Object.assign(window, { calls })
    const real = window.fetch
    window.fetch = async (input, init) => {
      const request = new Request(input, init)
      if (!request.url.endsWith('/api/freshness')) return real(request)
      const call: Call = await request.clone().json()
      calls.push(call)
      if ('code' in call && request.headers.get('X-Test') === null) throw new TypeError('held back')
      return real(request)
    }
  })
}

/** The first recorded call that has a member of this name, once there is one. */
export async function callWith(page: Page, name: string): Promise<Call> {
  const find = (): Promise<Call | undefined> =>
    page.evaluate(name => (Object(window).calls as Call[]).find(call => name in call), name)
  await expect.poll(find).toBeDefined()
  return (await find()) ?? {}
}

/** Lets a person approve the first payment at the OP. @returns the proof, which has not reached the bank */
export async function holdProof(page: Page): Promise<Call> {
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  return callWith(page, 'code')
}

/** Sends the bank something from within the page. @returns its answer */
export async function call(page: Page, body: object): Promise<Call> {
  const path = '/api/freshness'
  return (await page.evaluate(send, { path, body, headers: { 'X-Test': 'not held back' } })).body
}

/** The same for a proof. @returns why it is refused */
export async function refusalOf(page: Page, proof: object): Promise<string | undefined> {
  const { status, error } = await call(page, proof)
  return status === 'denied' ? error : `not denied: ${status} ${error}`
}
