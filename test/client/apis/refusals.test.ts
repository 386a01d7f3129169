// @vitest-environment jsdom

import type { AuthClient } from 'afresh'
import { UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { setActivation } from '../../support/activation.ts'
import { billing, person, refreshes, refuse, reports, setUpApis, signedIn } from '../../support/apis.ts'
import { answer, op, page, prompt, prompted, session, setUpPage, until } from '../../support/client.ts'

setUpPage()
setUpApis()

describe('an API that the OP gives no token for', () => {
  it.each([
    ['invalid_target', { error: 'invalid_target' }],
    ['invalid_scope', { error: 'invalid_scope' }],
    ['invalid_target', { error: 'login_required' }],
    ['invalid_target', 'stay'],
  ] as const)('(%s, and in a frame %j) is a fault of set-up: no prompt, no loop', async (error, frame) => {
    const client = await signedIn({ timeLimit: 1 })
    refuse(api => (api === 'https://reports.example' ? error : undefined))
    page.frame = frame
    await expect(client.fetch(reports.url)).rejects.toMatchObject({
      code: 'configuration_invalid',
      message: expect.stringContaining('https://reports.example'),
    })
    expect(refreshes).toHaveLength(1)
    expect(prompt(client)).toBeNull()
    expect(session(client)).toMatchObject({ status: 'authenticated', renewal: { status: 'ok' } })
    await client.fetch(billing.url)
    expect(billing.tokens).toEqual(['billing billing.read 1'])
  })

  it('is had in a frame where only the refresh token is not good for it', async () => {
    const client = await signedIn()
    refuse(() => 'invalid_target')
    page.frame = { token: { access_token: 'at of a frame' } }
    await client.fetch(reports.url)
    expect(reports.tokens).toEqual(['at of a frame'])
  })
})

it('a refresh that gives another API’s token gives only its refresh token, and a frame is asked', async () => {
  const provider = { name: 'acme', resourceParam: 'audience' } as const
  const client = await signedIn({ provider })
  const claims = { iss: 'op', sub: 'josh', iat: 1, exp: 2, aud: 'https://billing.example' }
  const access_token = new UnsecuredJWT(claims).encode()
  op.refreshAnswer = { claims: person, token: { access_token, refresh_token: 'rt1' } }
  page.frame = { token: { access_token: 'at of a frame' } }
  await client.fetch(reports.url)
  await client.fetch(reports.url)
  expect(reports.tokens).toEqual(['at of a frame', 'at of a frame'])
  await client.renew()
  const sent = op.forms.filter(form => form.get('grant_type') === 'refresh_token')
  expect(sent.map(form => form.get('refresh_token'))).toEqual(['rt0', 'rt1'])
})

it.each(['consent_required', 'interaction_required'])(
  'an API that came into `api` after the sign-in, so that its OP answers a frame with %s, is asked of the person',
  async error => {
    const client = await signedIn()
    refuse(api => (api === 'https://reports.example' ? 'invalid_target' : undefined))
    page.frame = { error }
    const call = client.fetch(reports.url).catch(failure => failure)
    await until(() => prompt(client) !== null)
    page.popups.push({ token: { access_token: 'at with consent' } })
    answer(client, 'continue')
    expect((await call).status).toBe(200)
    expect(reports.tokens).toEqual(['at with consent'])
  },
)

it('an API that the person’s sign-in shows to be set up wrongly is named to all who waited', async () => {
  const client = await signedIn({ renewal: { via: ['refresh'] } })
  refuse(() => 'invalid_grant')
  const calls = [reports, billing].map(({ url }) => client.fetch(url).catch(failure => failure))
  await prompted(client, 'session_ended')
  // It comes after the other two.
  await client.renew().catch(() => {})
  page.popups.push({ error: 'invalid_target' })
  answer(client, 'continue')
  const fault = { code: 'configuration_invalid', message: expect.stringContaining('https://reports.example') }
  expect(await Promise.all(calls)).toMatchObject([fault, fault])
})

it('a refresh token that is not good any more raises the session’s prompt, and one visit is enough for all', async () => {
  const client = await signedIn()
  refuse(() => 'invalid_grant')
  const calls = Promise.all([client.fetch(reports.url), client.fetch(billing.url)])
  await prompted(client, 'session_ended')
  refuse(() => undefined)
  page.popups.push({ token: { access_token: 'at of the visit', refresh_token: 'rt0' } })
  answer(client, 'continue')
  expect((await calls).map(({ status }) => status)).toEqual([200, 200])
  expect(reports.tokens).toEqual(['at of the visit'])
  expect(billing.tokens).toEqual(['billing billing.read 1'])
  expect(await client.getAccessToken()).toBe('at')
})

describe('a token that an API refuses, and that the OP renews no more', () => {
  async function refusedCall(): Promise<{ client: AuthClient; call: Promise<Response> }> {
    const client = await signedIn()
    await client.fetch(reports.url)
    reports.answer = token =>
      token.startsWith('reports')
        ? { status: 401, challenge: 'Bearer error="invalid_token"' }
        : { status: 200 }
    refuse(() => 'invalid_grant')
    page.frame = { error: 'login_required' }
    const call = client.fetch(reports.url)
    await prompted(client, 'session_ended')
    return { client, call }
  }

  it('raises the session’s prompt, and the call goes through when the person has signed in again', async () => {
    const { client, call } = await refusedCall()
    page.popups.push({ token: { access_token: 'at of the visit', refresh_token: 'rt0' } })
    answer(client, 'continue')
    expect((await call).status).toBe(200)
    expect(reports.tokens.at(-1)).toBe('at of the visit')
  })

  it('comes back as the API’s 401 when the person does not sign in again', async () => {
    const { client, call } = await refusedCall()
    answer(client, 'cancel')
    expect((await call).status).toBe(401)
    expect(session(client)).toMatchObject({ status: 'authenticated' })
  })

  it('does not ask a person again who has said no, until they click', async () => {
    const { client, call } = await refusedCall()
    answer(client, 'cancel')
    await call
    const userActivation = setActivation(false)
    expect((await client.fetch(reports.url)).status).toBe(401)
    expect(client.store.getState().interactions).toEqual([])
    userActivation.isActive = true
    const asked = client.fetch(reports.url)
    await prompted(client, 'session_ended')
    answer(client, 'cancel')
    expect((await asked).status).toBe(401)
  })
})
