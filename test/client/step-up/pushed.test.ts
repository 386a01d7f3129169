// @vitest-environment jsdom
import { type AuthClient, selectPrompt } from 'afresh'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  answer,
  createClient,
  departures,
  op,
  openTab,
  page,
  prompted,
  rememberSession,
  seconds,
  setUpPage,
  unload,
  until,
} from '../../support/client.ts'

// The backend sends the authorization request (RFC 9126). What the real one makes of it is in test/server.

type Body = Readonly<Record<string, unknown>>

const challenged = {
  status: 'challenged',
  nonce: 'n',
  prompt: 'login',
  max_age: 0,
  expires_in: 600,
  pushed: true,
}
const pushed = {
  status: 'pushed',
  client_id: 'bank-step-up',
  request_uri: 'urn:request:1',
  state: 's1',
  expires_in: 60,
}
const granted = { status: 'granted', grant: 'g', expires_in: 60 }
const response = { code: 'c0de', state: 's1', iss: 'https://op' }

let client: AuthClient
/** What the freshness endpoint has been sent. */
let sent: Body[]
/** What it answers: the status and the body. */
let onAsk: () => readonly [number, Body]
let onPush: () => readonly [number, Body]
let onProve: () => readonly [number, Body]

setUpPage()
beforeEach(async () => {
  sent = []
  let asked = 0
  onAsk = () => [401, { ...challenged, challenge: `challenge-${++asked}` }]
  onPush = () => [200, pushed]
  onProve = () => [200, granted]
  page.intercept = async request => {
    if (!request.url.endsWith('/api/freshness')) return undefined
    const body: Body = await request.clone().json()
    sent.push(body)
    const [status, json] = 'code' in body || 'id_token' in body ? answerTo(body) : onPush()
    return Response.json(json, { status })
  }
  client = createClient()
  page.popups.push({ claims: { auth_time: seconds() - 1000 } })
  await client.signIn()
})

const answerTo = (body: Body): readonly [number, Body] => ('action' in body ? onAsk() : onProve())
const comesBack = (more: Readonly<Record<string, string>> = {}) => ({
  comesBackAs: { ...response, iss: op.issuer, ...more },
})
const proof = () => ({ challenge: 'challenge-1', ...response, iss: op.issuer })

/** A step-up whose person clicks the prompt's button. */
async function stepUp(): Promise<{ readonly grant: Promise<unknown> }> {
  const grant = client.stepUp('payment.approve', { context: { id: 'p1' } })
  grant.catch(() => {})
  await prompted(client, 'step_up')
  // A challenge that lives for a millisecond is over by now.
  const shownAt = page.clock.elapsed()
  await until(() => page.clock.elapsed() > shownAt + 2)
  answer(client, 'continue')
  return { grant }
}

describe('a request that the backend sends', () => {
  it('is all that the popup has in its URL, and the backend gets the code', async () => {
    const before = await client.getAccessToken()
    const redeemed = op.forms.length
    page.popups.push(comesBack())
    await (await stepUp()).grant
    const [{ id_token, context_hash, ...ask } = {}, ...others] = sent
    expect(ask).toMatchObject({ action: 'payment.approve', context: { id: 'p1' } })
    expect(others).toEqual([{ challenge: 'challenge-1' }, proof()])
    const shown = page.visited.at(-1)
    expect(shown?.origin + (shown?.pathname ?? '')).toBe(`${op.issuer}/authorize`)
    expect(Object.fromEntries(shown?.searchParams ?? [])).toEqual({
      client_id: 'bank-step-up',
      request_uri: 'urn:request:1',
    })
    // The page has redeemed nothing, and goes on with the session that it had.
    expect(op.forms).toHaveLength(redeemed)
    expect(await client.getAccessToken()).toBe(before)
  })

  it('is never tried in a hidden frame, which would be another client’s login', async () => {
    const { prompt: _, ...maxAge } = { ...challenged, max_age: 300 }
    onAsk = () => [401, { ...maxAge, challenge: 'challenge-1' }]
    const windows = page.visited.length
    page.popups.push(comesBack())
    await (await stepUp()).grant
    expect(page.visited).toHaveLength(windows + 1)
    expect(sent.at(-1)).toEqual(proof())
  })

  it.each([
    ['of another issuer', { iss: 'https://evil.example' }, 'iss_mismatch'],
    ['without a code', { code: '' }, 'code_missing'],
  ])('has no answer %s', async (_, fault, error) => {
    page.popups.push(comesBack(fault))
    await expect((await stepUp()).grant).rejects.toMatchObject({ code: 'authorization_failed', error })
    expect(sent).toHaveLength(2)
  })

  it('ends with what the person said at the provider', async () => {
    page.popups.push({ comesBackAs: { state: 's1', iss: op.issuer, error: 'access_denied' } })
    await expect((await stepUp()).grant).rejects.toMatchObject({ error: 'access_denied' })
    expect(sent).toHaveLength(2)
  })

  it.each([
    [
      403,
      { status: 'denied', error: 'binding_mismatch' },
      { code: 'step_up_denied', reason: 'binding_mismatch' },
    ],
    [400, { status: 'failed', error: 'invalid_request' }, { code: 'configuration_invalid' }],
    [503, { status: 'failed', error: 'temporarily_unavailable' }, { code: 'network' }],
    [200, granted, { code: 'network' }],
    [200, { ...pushed, request_uri: '' }, { code: 'network' }],
  ])('ends where the backend cannot send it: %i %j', async (status, body, error) => {
    onPush = () => [status, body]
    const windows = page.visited.length
    page.popups.push(comesBack())
    await expect((await stepUp()).grant).rejects.toMatchObject(error)
    expect(page.visited).toHaveLength(windows)
    expect(page.openWindows).toBe(0)
  })

  it.each(['authorization_details_mismatch', 'not_pushed', 'already_used', 'stale'])(
    'ends where the backend refuses the code: %s',
    async reason => {
      onProve = () => [403, { status: 'denied', error: reason }]
      page.popups.push(comesBack())
      await expect((await stepUp()).grant).rejects.toMatchObject({ code: 'step_up_denied', reason })
    },
  )

  it('is for another challenge, where the first has run out by the click', async () => {
    onAsk = () => {
      const first = sent.filter(body => 'action' in body).length === 1
      const challenge = first ? 'challenge-1' : 'challenge-2'
      return [401, { ...challenged, challenge, expires_in: first ? 0.001 : 600 }]
    }
    page.popups.push(comesBack())
    await (await stepUp()).grant
    expect(sent.slice(2)).toEqual([{ challenge: 'challenge-2' }, { ...proof(), challenge: 'challenge-2' }])
  })

  it('is refused where that other challenge is none for the backend to send', async () => {
    onAsk = () => {
      const first = sent.filter(body => 'action' in body).length === 1
      const answer = { ...challenged, challenge: 'challenge-1', expires_in: first ? 0.001 : 600 }
      return [401, first ? answer : { ...answer, pushed: undefined }]
    }
    page.popups.push(comesBack())
    const reason = 'challenge_expired'
    await expect((await stepUp()).grant).rejects.toMatchObject({ code: 'step_up_denied', reason })
    expect(sent.filter(body => Object.keys(body).join() === 'challenge')).toEqual([])
  })
})

describe('after a full-page redirect', () => {
  const byRedirect = { interaction: ['redirect'] } as const

  /** The page leaves, and is loaded anew when the OP has sent the person back. */
  async function leaveAndReturn(params: Readonly<Record<string, string>>): Promise<void> {
    client.dispose()
    client = openTab(byRedirect)
    page.frame = { claims: { auth_time: seconds() - 1000 } }
    await client.ready()
    await stepUp()
    await until(() => departures().length > 0)
    expect(page.requests.at(-1)?.url).toContain('/api/freshness')
    await unload(client)
    for (const [key, kept] of departures()) {
      expect(key).toBe('afresh:tx:s1')
      expect(JSON.parse(kept)).toMatchObject({ transaction: null })
      expect(kept).not.toContain('erifier')
      const answered = { ...JSON.parse(kept), params: new URLSearchParams(params).toString() }
      sessionStorage.setItem(key, JSON.stringify(answered))
    }
    sent = []
    rememberSession()
    client = openTab(byRedirect)
    await until(() => client.store.getState().resumed !== null)
  }

  it('the code goes to the backend when the person confirms', async () => {
    await leaveAndReturn({ ...response, iss: op.issuer })
    expect(sent).toEqual([])
    await client.resumeStepUp()
    expect(sent).toEqual([proof()])
  })

  it('a code that is over by then is asked for anew', async () => {
    await leaveAndReturn({ ...response, iss: op.issuer })
    onProve = () => [403, { status: 'denied', error: 'invalid_token' }]
    client.resumeStepUp().catch(() => {})
    await prompted(client, 'step_up')
    expect(sent.map(body => Object.keys(body)[0])).toEqual(['challenge', 'action'])
  })

  it('any other refusal is final', async () => {
    await leaveAndReturn({ ...response, iss: op.issuer })
    onProve = () => [403, { status: 'denied', error: 'subject_mismatch' }]
    await expect(client.resumeStepUp()).rejects.toMatchObject({ reason: 'subject_mismatch' })
    expect(selectPrompt(client.store.getState())).toBeNull()
  })

  it.each([
    [{ error: 'access_denied' }, 'access_denied'],
    [{ ...response, iss: 'https://evil.example' }, 'iss_mismatch'],
    [{ ...response, state: 'other' }, 'state_mismatch'],
  ])('an answer such as %j ends it', async (params, error) => {
    await leaveAndReturn({ state: 's1', iss: op.issuer, ...params })
    await expect(client.resumeStepUp()).rejects.toMatchObject({ error })
    expect(sent).toEqual([])
  })
})
