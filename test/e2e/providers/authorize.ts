import { createHash } from 'node:crypto'
import { type APIResponse, expect, type Page } from '@playwright/test'
import { decodeJwt, type JWTPayload } from 'jose'
import type { Demo } from '../../../demo/demo.ts'
import { secondFactor } from '../../../demo/op/pages.ts'

const verifier = 'v'.repeat(43)

/** A server closes a connection that was idle, and a request that is on its way then is sent again. */
const maxRetries = 2

/** A page, or what sends requests without one. */
type Requester = Pick<Page, 'request'>

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

export const callbackOf = ({ url }: Demo): string => `${url}/auth/callback.html`

/** Where a browser goes for an authorization request with these parameters. An empty one is left out. */
export async function authorizationUrl(
  requester: Requester,
  demo: Demo,
  params: Readonly<Record<string, string>>,
): Promise<string> {
  const { authorization_endpoint: endpoint } = await discovery(requester, demo)
  const query = new URLSearchParams({
    client_id: 'payments',
    response_type: 'code',
    redirect_uri: callbackOf(demo),
    response_mode: 'query',
    scope: 'openid profile',
    state: 'state',
    nonce: crypto.randomUUID(),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...params,
  })
  for (const [name, value] of [...query]) if (value === '') query.delete(name)
  return `${endpoint}?${query}`
}

/**
 * Sends the page to the OP with these parameters, as no client of this package would, and does there what is to be
 * done. Without an act, nothing may be asked.
 *
 * @returns the response's parameters
 */
export async function authorize(
  page: Page,
  demo: Demo,
  params: Readonly<Record<string, string>>,
  act: () => Promise<unknown> = async () => {},
): Promise<Record<string, string>> {
  const url = await authorizationUrl(page, demo, params)
  const [answer] = await Promise.all([
    page.waitForRequest(request => request.url().startsWith(`${callbackOf(demo)}?`)),
    page.goto(url).then(act),
  ])
  // The app throws away an answer that it has not asked for. What it then asks by itself is not to be waited for.
  await page.waitForURL(`${demo.url}/`, { waitUntil: 'commit' })
  await page.goto('about:blank')
  return Object.fromEntries(new URL(answer.url()).searchParams)
}

export interface Obtained {
  /** What the tokens say. */
  readonly idToken: JWTPayload | undefined
  /** Nothing, where only the OP can read it. */
  readonly accessToken: JWTPayload
  /** The token endpoint's answer as it is. */
  readonly answer: Readonly<Record<string, string>>
}

/** The same, and the tokens. */
export async function obtain(...authorization: Parameters<typeof authorize>): Promise<Obtained> {
  const [page, demo, { client_id = 'payments' }] = authorization
  const { code = '' } = await authorize(...authorization)
  return redeem(page, demo, {
    grant_type: 'authorization_code',
    client_id,
    redirect_uri: callbackOf(demo),
    code,
    code_verifier: verifier,
  })
}

/** What the tokens say that come for the former ones' refresh token. @param scope default: as at first */
export function refresh(
  page: Page,
  demo: Demo,
  { answer: { refresh_token = '' } }: Obtained,
  client_id = 'payments',
  scope?: string,
): Promise<Obtained> {
  const form = { grant_type: 'refresh_token', client_id, refresh_token }
  return redeem(page, demo, scope === undefined ? form : { ...form, scope })
}

async function redeem(page: Page, demo: Demo, form: Record<string, string>): Promise<Obtained> {
  const answer = await askForTokens(page, demo, form)
  expect(answer.error).toBeUndefined()
  const { id_token: idToken, access_token: accessToken = '' } = answer
  return {
    idToken: idToken === undefined ? undefined : decodeJwt(idToken),
    accessToken: accessToken.includes('.') ? decodeJwt(accessToken) : {},
    answer,
  }
}

/** The token endpoint's answer to these parameters. */
export async function askForTokens(
  page: Page,
  demo: Demo,
  form: Record<string, string>,
): Promise<Record<string, string>> {
  const { token_endpoint: endpoint = '' } = await discovery(page, demo)
  return (await page.request.post(endpoint, { form, maxRetries })).json()
}

/** Asks the demo's API for something, with an access token that no client of this package got. */
export function callApi(page: Page, demo: Demo, { answer }: Obtained, path: string): Promise<APIResponse> {
  const headers = { Authorization: `Bearer ${answer.access_token}` }
  return page.request.get(`${demo.url}/api/${path}`, { headers, maxRetries })
}

/** Asks the API that judges by access tokens. */
export async function openStatement(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open statement' }).click()
}

export async function discovery({ request }: Requester, demo: Demo): Promise<Record<string, string>> {
  const issuer = demo.issuer.replace(/\/$/, '')
  return (await request.get(`${issuer}/.well-known/openid-configuration`, { maxRetries })).json()
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
