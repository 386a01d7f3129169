import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { decodeJwt, type JWTPayload } from 'jose'
import type { Demo } from '../../../demo/demo.ts'
import { secondFactor } from '../../../demo/op/pages.ts'

const verifier = 'v'.repeat(43)

/** Enters the second factor of the demo's people. */
export async function enterCode(popup: Page): Promise<void> {
  await popup.locator('[name=code]').fill(secondFactor)
  await popup.getByRole('button', { name: 'Confirm' }).click()
}

/** Makes an account in the demo OP's form, and tells its owner's first name. */
export async function signUp(popup: Page): Promise<string> {
  await popup.getByLabel('Name', { exact: true }).fill('Robin Berg')
  await popup.getByLabel('Username').fill(`robin-${crypto.randomUUID().slice(0, 8)}`)
  await popup.getByLabel('Password').fill('robin-pw')
  await popup.getByRole('button', { name: 'Create account' }).click()
  return 'Robin'
}

/**
 * Sends the page to the OP with these parameters, as no client of this package would, and does there what is to be
 * done. Without an act, nothing may be asked. An empty parameter is left out.
 *
 * @returns the response's parameters
 */
export async function authorize(
  page: Page,
  demo: Demo,
  params: Readonly<Record<string, string>>,
  act: () => Promise<unknown> = async () => {},
): Promise<Record<string, string>> {
  const callback = `${demo.url}/auth/callback.html`
  const { authorization_endpoint: endpoint } = await discovery(page, demo)
  const query = new URLSearchParams({
    client_id: 'payments',
    response_type: 'code',
    redirect_uri: callback,
    response_mode: 'query',
    scope: 'openid profile',
    state: 'state',
    nonce: crypto.randomUUID(),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...params,
  })
  for (const [name, value] of [...query]) if (value === '') query.delete(name)
  const [answer] = await Promise.all([
    page.waitForRequest(request => request.url().startsWith(`${callback}?`)),
    page.goto(`${endpoint}?${query}`).then(act),
  ])
  // The app throws away an answer that it has not asked for. What it then asks by itself is not to be waited for.
  await page.waitForURL(`${demo.url}/`, { waitUntil: 'commit' })
  await page.goto('about:blank')
  return Object.fromEntries(new URL(answer.url()).searchParams)
}

export interface Claims {
  readonly idToken: JWTPayload | undefined
  readonly accessToken: JWTPayload
}

/** The same, and what the tokens say. */
export async function obtain(...authorization: Parameters<typeof authorize>): Promise<Claims> {
  const [page, demo] = authorization
  const { code = '' } = await authorize(...authorization)
  const { token_endpoint: endpoint } = await discovery(page, demo)
  const response = await page.request.post(endpoint ?? '', {
    form: {
      grant_type: 'authorization_code',
      client_id: 'payments',
      redirect_uri: `${demo.url}/auth/callback.html`,
      code,
      code_verifier: verifier,
    },
  })
  const tokens = await response.json()
  return {
    idToken: tokens.id_token === undefined ? undefined : decodeJwt(tokens.id_token),
    accessToken: decodeJwt(tokens.access_token),
  }
}

export async function discovery(page: Page, demo: Demo): Promise<Record<string, string>> {
  const issuer = demo.issuer.replace(/\/$/, '')
  return (await page.request.get(`${issuer}/.well-known/openid-configuration`)).json()
}

/** The parameters of each authorization request that this browser sends. */
export function watchRequests(page: Page): URLSearchParams[] {
  const sent: URLSearchParams[] = []
  page.context().on('request', request => {
    const { searchParams } = new URL(request.url())
    if (searchParams.has('code_challenge')) sent.push(searchParams)
  })
  return sent
}

/** A browser that takes `prompt` and `max_age` out of authorization requests. */
export async function stripRequests(page: Page): Promise<void> {
  await page.context().route(/code_challenge=/, async route => {
    const url = new URL(route.request().url())
    if (!url.searchParams.has('prompt') || url.searchParams.get('prompt') === 'none') return route.continue()
    for (const name of ['prompt', 'max_age']) url.searchParams.delete(name)
    await route.fulfill({ status: 302, headers: { location: url.href } })
  })
}
