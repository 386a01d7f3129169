// @vitest-environment jsdom
import type { AuthClient, AuthLogEvent } from 'afresh'
import { beforeEach, expect, it, type MockInstance, vi } from 'vitest'
import { op, openTab, page, seconds, session, setUpPage, until } from '../support/client.ts'
import type { Visit } from '../support/page.ts'

setUpPage()

let warn: MockInstance<typeof console.warn>
let told: AuthLogEvent[]
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  told = []
})

async function open(logger?: (event: AuthLogEvent) => void): Promise<AuthClient> {
  const client = openTab(logger ? { logger } : {})
  await until(() => session(client).status === 'anonymous')
  return client
}
const hear = (event: AuthLogEvent): void => void told.push(event)
const events = (type: AuthLogEvent['type']): AuthLogEvent[] => told.filter(event => event.type === type)

const message = expect.any(String)
const refused = { code: 'authorization_failed', message }
const badToken = { code: 'id_token_invalid', message }

it.each<[string, Visit, object]>([
  [
    'a scope that the OP does not know',
    { response: { error: 'invalid_scope', error_description: 'Unknown scope: payments' } },
    { ...refused, error: 'invalid_scope', error_description: 'Unknown scope: payments' },
  ],
  ['a refusal without a word', { error: 'access_denied' }, { ...refused, error: 'access_denied' }],
  [
    'another issuer',
    { claims: { iss: 'https://evil.example' } },
    { ...badToken, claim: 'iss', reason: 'mismatch' },
  ],
  [
    'a clock that is off',
    { claims: { iat: seconds() + 400 } },
    { ...badToken, claim: 'iat', reason: 'future' },
  ],
])('a sign-in that ends with %s tells the logger which and why', async (_, visit, failure) => {
  const client = await open(hear)
  page.popups.push(visit)
  await client.signIn().catch(() => {})
  await until(() => events('sign_in.failed').length === 1)
  expect(events('interaction.failed')).toEqual([{ type: 'interaction.failed', ...failure }])
  expect(events('sign_in.failed')).toEqual([{ type: 'sign_in.failed', ...failure }])
  expect(told.at(-2)).toMatchObject({ type: 'session.anonymous', cause: failure })
  expect(warn).not.toHaveBeenCalled()
})

it('without a logger a failure is in the console once, however often it happens', async () => {
  const client = await open()
  for (const error of ['access_denied', 'access_denied', 'invalid_scope']) {
    page.popups.push({ error })
    await client.signIn().catch(() => {})
  }
  await until(() => warn.mock.calls.length >= 2)
  expect(warn.mock.calls.map(([, event]) => event)).toMatchObject([
    { error: 'access_denied' },
    { error: 'invalid_scope' },
  ])
})

it('what a person chooses, and a first visit, are no failure in the console', async () => {
  const client = await open()
  page.popups.push('close', { error: 'temporarily_unavailable' })
  await client.signIn().catch(() => {})
  await client.signIn().catch(() => {})
  await until(() => warn.mock.calls.length > 0)
  expect(warn.mock.calls.map(([, event]) => event)).toMatchObject([{ error: 'temporarily_unavailable' }])
})

it('a call that fails before the person is at the OP is heard, although the app does not await it', async () => {
  const client = await open(hear)
  void client.signIn({ returnTo: 'https://evil.example' })
  void client.stepUp('payment.approve').catch(() => {})
  void client.resumeStepUp().catch(() => {})
  await until(() => events('step_up.failed').length === 2)
  expect(events('sign_in.failed')).toMatchObject([{ code: 'configuration_invalid' }])
  expect(events('step_up.failed')).toMatchObject([
    { action: 'payment.approve', code: 'interaction_required', error: 'login_required' },
    { code: 'configuration_invalid' },
  ])
})

it('a sign-out that fails is heard, and so is a revocation', async () => {
  const client = await open(hear)
  page.popups.push({})
  await client.signIn()
  void client.signOut({ returnTo: 'https://evil.example' })
  page.online = false
  await client.signOut()
  await until(() => events('revocation.failed').length === 1)
  expect(events('sign_out.failed')).toMatchObject([{ code: 'configuration_invalid' }])
  expect(events('revocation.failed')).toMatchObject([{ code: 'network' }])
})

it.each([
  ['does not revoke', 'unsupported_token_type', []],
  ['fails to revoke', 'invalid_request', [{ code: 'authorization_failed', error: 'invalid_request' }]],
])('a sign-out at an OP that %s access tokens', async (_, error, failures) => {
  const client = await open(hear)
  page.popups.push({})
  await client.signIn()
  op.revocationError = error
  await client.signOut()
  expect(op.forms.at(-1)?.get('token_type_hint')).toBe('access_token')
  expect(events('revocation.failed')).toMatchObject(failures)
})

it('a renewal that fails says whether it is tried again', async () => {
  const client = await open(hear)
  page.popups.push({ token: { refresh_token: 'rt' } })
  await client.signIn()
  page.online = false
  await client.renew().catch(() => {})
  page.online = true
  op.refreshAnswer = { raw: { status: 400, type: 'application/json', body: '{"error":"invalid_grant"}' } }
  await client.renew().catch(() => {})
  await until(() => events('renewal.failed').length === 2)
  expect(events('renewal.failed')).toMatchObject([
    { code: 'network', isFinal: false },
    { code: 'interaction_required', error: 'login_required', isFinal: true },
  ])
})
