// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Departure } from '../../../src/op/redirects.ts'
import { type ApiAnswer, listed, refreshes, reports, setUpApis, signedIn } from '../../support/apis.ts'
import {
  answer,
  type ClientOptions,
  departures,
  op,
  openTab,
  prompted,
  session,
  setUpPage,
  unload,
  until,
} from '../../support/client.ts'
import type { AuthorizationAnswer } from '../../support/op.ts'

setUpPage()
setUpApis()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

let ladder: ['popup'] | ['redirect'] = ['popup']

/** The page that a request left, for the person to answer the prompt at the OP; it is back with this. */
async function backFrom(
  refused: ApiAnswer,
  type: 'consent_required' | 'step_up',
  back: AuthorizationAnswer,
): Promise<AuthClient> {
  ladder = ['popup']
  const options: ClientOptions = {
    api: listed(),
    renewal: { via: ['refresh'] },
    interaction: () => ladder,
  }
  const client = await signedIn(options)
  reports.answer = token => (token === 'at of the visit' ? { status: 200 } : refused)
  client.fetch(reports.url).catch(() => {})
  ladder = ['redirect']
  await prompted(client, type)
  answer(client, 'continue')
  await until(() => departures().length === 1)
  const [key = '', text = ''] = departures()[0] ?? []
  const kept: Departure<unknown> = JSON.parse(text)
  const params = op.authorize(kept.transaction?.url ?? '', back)
  sessionStorage.setItem(key, JSON.stringify({ ...kept, params }))
  await unload(client)
  op.forms.length = 0
  refreshes.length = 0
  return openTab(options)
}

const ofTheVisit = { token: { access_token: 'at of the visit', refresh_token: 'rt1' } }

it('a consent by redirect brings the API’s token, and the session’s own is renewed before it is used', async () => {
  const lacking = { status: 403, challenge: 'Bearer error="insufficient_scope", scope="reports.write"' }
  const client = await backFrom(lacking, 'consent_required', ofTheVisit)
  await until(() => session(client).status === 'authenticated')
  expect(op.forms[0]?.get('resource')).toBe('https://reports.example')
  expect(await client.getAccessToken({ minValidity: 0 })).toBe('own 2')
  expect((await client.fetch(reports.url)).status).toBe(200)
  expect(reports.tokens.at(-1)).toBe('at of the visit')
  expect(departures()).toEqual([])
})

it('a step-up by redirect brings the API’s token of that login', async () => {
  const old = { status: 401, challenge: 'Bearer error="insufficient_user_authentication", max_age="60"' }
  const client = await backFrom(old, 'step_up', ofTheVisit)
  await until(() => session(client).status === 'authenticated')
  expect((await client.fetch(reports.url)).status).toBe(200)
  expect(await client.getAccessToken({ minValidity: 0 })).toBe('own 2')
  expect(refreshes).toEqual([{ api: null, scope: null }])
})
