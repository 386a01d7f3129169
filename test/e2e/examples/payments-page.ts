import type { APIResponse, Locator, Page, Request } from '@playwright/test'
import { answer, expect, greeting, logIn, type Person, popupOf } from '../demo.ts'

// What the pages of all examples have in common, so that one story drives them all: their roles and names.

export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })

/** The row of a payment. Its `status` says how an approval goes, and its text who has approved it. */
export const row = (page: Page, to: string): Locator => page.getByRole('listitem').filter({ hasText: to })

export const approve = (page: Page, to: string): Locator =>
  row(page, to).getByRole('button', { name: 'Approve' })

/** All payments are there. */
export async function expectPayments(page: Page): Promise<void> {
  for (const to of ['ACME', 'Initech', 'Globex', 'Hooli']) await expect(row(page, to)).toBeVisible()
}

/** Approves a payment, signing in once more in a popup. */
export async function approveAs(page: Page, to: string, person: Person): Promise<void> {
  await approve(page, to).click()
  const popup = await popupOf(page, answer(page, 'Continue'))
  await Promise.all([popup.waitForEvent('close'), logIn(popup, person)])
  await expect(row(page, to)).toContainText(`Approved by ${person}`)
}

export async function signIn(page: Page, person: Person): Promise<void> {
  const popup = await popupOf(page, button(page, 'Sign in'))
  await Promise.all([popup.waitForEvent('close'), logIn(popup, person)])
  await expect(greeting(page, person)).toBeVisible()
}

/** Holds the page's requests for the list, until the returned function is called. */
export async function holdLoads(page: Page): Promise<() => void> {
  let release = (): void => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  await page.route('**/api/payments', async route => {
    await released
    await route.continue()
  })
  return release
}

/** Who has approved what, as the server knows it. */
export async function approvals(
  page: Page,
  [load]: readonly Request[],
): Promise<Record<string, string | null>> {
  if (!load) throw new Error('The page has not loaded any payments')
  const { authorization = '' } = await load.allHeaders()
  const response = await page.request.get(load.url(), { headers: { authorization } })
  const payments: { to: string; approvedBy: string | null }[] = await response.json()
  return Object.fromEntries(payments.map(({ to, approvedBy }) => [to, approvedBy]))
}

/**
 * The answer to the same request, with the same grant, cookies and token.
 *
 * @param data its body, which the browser does not show
 */
export async function sendAgain(
  page: Page,
  [request]: readonly Request[],
  data: object,
): Promise<APIResponse> {
  if (!request) throw new Error('The page has not approved anything')
  const { 'content-length': _, ...headers } = await request.allHeaders()
  return page.request.post(request.url(), { headers, data })
}
