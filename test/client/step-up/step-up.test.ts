// @vitest-environment jsdom
import type { AuthClient, Grant, StepUpOptions } from 'afresh'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  answer,
  createClient,
  openTab,
  page,
  prompt,
  prompted,
  seconds,
  session,
  setUpPage,
  until,
} from '../../support/client.ts'
import { payment } from '../../support/shop.ts'

let client: AuthClient

setUpPage()
beforeEach(async () => {
  client = createClient()
  page.popups.push({ claims: { auth_time: seconds() - 1000 } })
  await client.signIn()
})
/** Where the person was sent: what hidden frames ask nobody sees. */
const shown = (): URL[] => page.visited.filter(({ searchParams }) => searchParams.get('prompt') !== 'none')
const asks = (): number => page.requests.filter(({ url }) => url.endsWith('/api/freshness')).length

/** A step-up with what it said on the way. */
function stepUp(action: string, { of = client, ...options }: StepUpOptions & { of?: AuthClient } = {}) {
  const statuses: string[] = []
  const context = action.startsWith('payment') ? { ...payment } : undefined
  const grant = of.stepUp(action, { context, onStatus: status => statuses.push(status), ...options })
  grant.catch(() => {})
  return { statuses, grant, waits: () => until(() => statuses.at(-1) === 'waiting') }
}
const approve = async (grant: Promise<Grant>): Promise<number> => {
  const request = { method: 'POST', body: JSON.stringify(payment) }
  return (await (await grant).fetch('/api/payments/approve', request)).status
}

it('a login that answers an abandoned step-up is no proof for the next one', async () => {
  page.popups.push('close', { earlier: {} })
  const abandoned = stepUp('payment.approve')
  await prompted(client, 'step_up')
  answer(client, 'continue')
  await expect(abandoned.grant).rejects.toMatchObject({ code: 'interaction_cancelled' })
  const next = stepUp('payment.approve')
  await prompted(client, 'step_up')
  answer(client, 'continue')
  await expect(next.grant).rejects.toMatchObject({ code: 'step_up_denied', reason: 'nonce_mismatch' })
})

it('a step-up without the context that its policy requires says that one is missing', async () => {
  const stepUp = client.stepUp('payment.approve')
  await expect(stepUp).rejects.toMatchObject({ code: 'configuration_invalid' })
  await expect(stepUp).rejects.toThrow(/context/)
})

describe('two step-ups at once', () => {
  it('that one login can satisfy are one prompt, and the second asks its backend again', async () => {
    page.popups.push({})
    const first = stepUp('payment.approve')
    await prompted(client, 'step_up')
    const second = stepUp('email.change')
    await second.waits()
    answer(client, 'continue')
    expect(await approve(first.grant)).toBe(200)
    await expect(second.grant).resolves.toBeDefined()
    expect(shown()).toHaveLength(2)
    expect(prompt(client)).toBeNull()
  })

  it('that each need a login of their own are two prompts, one after the other', async () => {
    page.popups.push({}, {})
    const first = stepUp('payment.approve')
    await prompted(client, 'step_up')
    const second = stepUp('payment.approve')
    await second.waits()
    answer(client, 'continue')
    expect(await approve(first.grant)).toBe(200)
    await prompted(client, 'step_up')
    answer(client, 'continue')
    expect(await approve(second.grant)).toBe(200)
    expect(shown()).toHaveLength(3)
  })

  it('ask for the shorter max_age, and for the challenge of the first', async () => {
    page.popups.push({})
    const first = stepUp('email.change')
    await prompted(client, 'step_up')
    const second = stepUp('email.soon')
    await second.waits()
    answer(client, 'continue')
    await first.grant
    await second.grant
    expect(page.visited.at(-1)?.searchParams.get('max_age')).toBe('60')
  })

  it('that are one prompt are cancelled together by the person', async () => {
    const first = stepUp('payment.approve')
    await prompted(client, 'step_up')
    const second = stepUp('email.change')
    await second.waits()
    answer(client, 'cancel')
    const cancelled = { code: 'interaction_cancelled', reason: 'dismissed' }
    await expect(first.grant).rejects.toMatchObject(cancelled)
    await expect(second.grant).rejects.toMatchObject(cancelled)
    expect(client.store.getState().interactions).toEqual([])
  })

  it('that are one prompt are cancelled together by the app', async () => {
    const first = stepUp('payment.approve')
    await prompted(client, 'step_up')
    const controller = new AbortController()
    const second = stepUp('email.change', { signal: controller.signal })
    await second.waits()
    controller.abort()
    const cancelled = { code: 'interaction_cancelled', reason: 'aborted' }
    await expect(first.grant).rejects.toMatchObject(cancelled)
    await expect(second.grant).rejects.toMatchObject(cancelled)
    expect(prompt(client)).toBeNull()
  })

  it('that are two prompts are cancelled one by one', async () => {
    page.popups.push({})
    const first = stepUp('payment.approve')
    await prompted(client, 'step_up')
    const second = stepUp('payment.approve')
    await second.waits()
    answer(client, 'cancel')
    await expect(first.grant).rejects.toMatchObject({ reason: 'dismissed' })
    await prompted(client, 'step_up')
    answer(client, 'continue')
    expect(await approve(second.grant)).toBe(200)
  })

  it('go on with the first when the one that waits is given up', async () => {
    page.popups.push({})
    const first = stepUp('payment.approve')
    await prompted(client, 'step_up')
    const controller = new AbortController()
    const second = stepUp('payment.approve', { signal: controller.signal })
    await second.waits()
    controller.abort()
    await expect(second.grant).rejects.toMatchObject({ reason: 'aborted' })
    answer(client, 'continue')
    expect(await approve(first.grant)).toBe(200)
  })
})

describe('step-ups in two tabs', () => {
  let sibling: AuthClient
  beforeEach(async () => {
    client.mount()
    sibling = openTab()
    await until(() => session(sibling).status === 'authenticated')
  })

  it('are one prompt; the other tab waits and takes the result', async () => {
    page.popups.push({})
    const here = stepUp('email.change')
    await prompted(client, 'step_up')
    const there = stepUp('email.change', { of: sibling })
    await there.waits()
    expect(prompt(sibling)).toBeNull()
    answer(client, 'continue')
    await here.grant
    await expect(there.grant).resolves.toBeDefined()
    expect(shown()).toHaveLength(2)
  })

  it('let the other tab ask when one is closed', async () => {
    page.popups.push({})
    const here = stepUp('email.change')
    await prompted(client, 'step_up')
    const there = stepUp('email.change', { of: sibling })
    await there.waits()
    client.dispose()
    await expect(here.grant).rejects.toMatchObject({ code: 'interaction_cancelled' })
    await prompted(sibling, 'step_up')
    answer(sibling, 'continue')
    await there.grant
  })
})

describe('a resource server that wants more (RFC 9470)', () => {
  const wants = (header: string): void => {
    page.intercept = request => {
      if (new URL(request.url).pathname !== '/reports') return undefined
      const isNew = request.headers.get('Authorization') === 'Bearer at2'
      return isNew
        ? Response.json({ report: 1 })
        : new Response(null, { status: 401, headers: { 'WWW-Authenticate': header } })
    }
  }
  const report = { token: { access_token: 'at2' } }
  const insufficient = 'error="insufficient_user_authentication"'

  it.each([
    [`Bearer ${insufficient}, max_age="60"`, { max_age: '60', acr_values: null }],
    [
      `Basic realm="x", Bearer ${insufficient}, acr_values="gold silver"`,
      { max_age: '31536000', acr_values: 'gold silver' },
    ],
    [`DPoP error=insufficient_user_authentication, max_age=0`, { max_age: '60', prompt: 'login' }],
  ])('leads with %s to one prompt and one retry with the new token', async (header, wire) => {
    wants(header)
    page.popups.push({ ...report, claims: { acr: 'silver' } })
    const response = client.fetch('/reports', { method: 'POST', body: 'all of them' })
    await prompted(client, 'step_up')
    answer(client, 'continue')
    expect((await response).status).toBe(200)
    const sent = page.requests.filter(({ url }) => url.endsWith('/reports'))
    expect(sent.map(({ headers }) => headers.get('Authorization'))).toEqual(['Bearer at', 'Bearer at2'])
    expect(await Promise.all(sent.map(request => request.text()))).toEqual(['all of them', 'all of them'])
    for (const [name, value] of Object.entries(wire)) {
      expect(page.visited.at(-1)?.searchParams.get(name), name).toBe(value)
    }
  })

  it('answers for good if it still wants more after the prompt', async () => {
    wants(`Bearer ${insufficient}, max_age="60"`)
    page.popups.push({ token: { access_token: 'at3' } })
    const response = client.fetch('/reports')
    await prompted(client, 'step_up')
    answer(client, 'continue')
    expect((await response).status).toBe(401)
    expect(shown()).toHaveLength(2)
    expect(prompt(client)).toBeNull()
  })

  it.each([
    ['a lower acr', { claims: { acr: 'bronze' } }],
    ['unmet_authentication_requirements', { error: 'unmet_authentication_requirements' }],
  ])('ends in step_up_unmet when the OP answers with %s, and causes no second prompt', async (_, visit) => {
    wants(`Bearer ${insufficient}, acr_values="gold"`)
    page.popups.push(visit)
    const response = client.fetch('/reports')
    const ended = expect(response).rejects.toMatchObject({ code: 'step_up_unmet' })
    await prompted(client, 'step_up')
    answer(client, 'continue')
    await ended
    expect(prompt(client)).toMatchObject({ type: 'step_up_unmet', account: { sub: 'josh' } })
    answer(client, 'cancel')
    expect(prompt(client)).toBeNull()
    expect(shown()).toHaveLength(2)
    expect(await client.getAccessToken()).toBe('at')
  })

  it.each(['acr_values="gold"', 'max_age="60"'])(
    'for %s that the person refuses at the OP ends in access_denied, and nothing is said of the account',
    async demand => {
      wants(`Bearer ${insufficient}, ${demand}`)
      page.popups.push({ error: 'access_denied' })
      const response = client.fetch('/reports')
      const refused = { code: 'authorization_failed', error: 'access_denied' }
      const ended = expect(response).rejects.toMatchObject(refused)
      await prompted(client, 'step_up')
      answer(client, 'continue')
      await ended
      expect(prompt(client)).toBeNull()
      expect(await client.getAccessToken()).toBe('at')
    },
  )

  it('lets the person use another account after step_up_unmet', async () => {
    wants(`Bearer ${insufficient}, acr_values="gold"`)
    page.popups.push({ claims: { acr: 'bronze' } }, { claims: { sub: 'jane' } })
    client.fetch('/reports').catch(() => {})
    await prompted(client, 'step_up')
    answer(client, 'continue')
    await prompted(client, 'step_up_unmet')
    answer(client, 'switch')
    await until(() => JSON.stringify(session(client)).includes('jane'))
    expect(page.visited.at(-1)?.searchParams.get('prompt')).toBe('login')
    expect(page.visited.at(-1)?.searchParams.has('login_hint')).toBe(false)
  })

  it('gets no second request from a person who cancels', async () => {
    wants(`Bearer ${insufficient}, max_age="60"`)
    const response = client.fetch('/reports')
    const ended = expect(response).rejects.toMatchObject({ reason: 'dismissed' })
    await prompted(client, 'step_up')
    answer(client, 'cancel')
    await ended
  })

  it('causes one prompt for two requests at once', async () => {
    wants(`Bearer ${insufficient}, max_age="60"`)
    page.popups.push(report)
    const responses = Promise.all([client.fetch('/reports'), client.fetch('/reports')])
    await prompted(client, 'step_up')
    // Both have been refused by now, or will join before the person can have answered.
    await until(() => page.requests.filter(({ url }) => url.endsWith('/reports')).length === 2)
    answer(client, 'continue')
    expect((await responses).map(({ status }) => status)).toEqual([200, 200])
    expect(shown()).toHaveLength(2)
  })

  it('fails only the request that it does not answer after the login, and not one that joined it', async () => {
    wants(`Bearer ${insufficient}, max_age="60"`)
    const { intercept } = page
    let retries = 0
    page.intercept = async request => {
      const response = await intercept(request)
      if (response?.ok && retries++ === 0) throw new TypeError('Failed to fetch')
      return response
    }
    page.popups.push(report)
    const first = client.fetch('/reports')
    const failed = expect(first).rejects.toThrow(TypeError)
    await prompted(client, 'step_up')
    const second = client.fetch('/reports')
    await until(() => page.requests.filter(({ url }) => url.endsWith('/reports')).length === 2)
    answer(client, 'continue')
    await failed
    expect((await second).status).toBe(200)
    expect(shown()).toHaveLength(2)
  })

  it('alone decides an action with decides: access-token, so no backend is asked before', async () => {
    wants(`Bearer ${insufficient}, max_age="60"`)
    page.popups.push(report)
    const { grant, statuses } = stepUp('reports.read', { decides: 'access-token' })
    const response = (await grant).fetch('/reports')
    await prompted(client, 'step_up')
    expect(prompt(client)).toMatchObject({ action: 'reports.read' })
    answer(client, 'continue')
    expect((await response).status).toBe(200)
    expect(asks()).toBe(0)
    expect(statuses).toEqual(['confirming', 'authenticating'])
  })
})

describe('the app’s own backend', () => {
  it('gets two requests before the action, and none after it', async () => {
    page.popups.push({})
    const { grant } = stepUp('payment.approve')
    await prompted(client, 'step_up')
    answer(client, 'continue')
    expect(await approve(grant)).toBe(200)
    const sent = page.requests
      .map(({ url }) => new URL(url))
      .filter(({ origin }) => origin === location.origin)
    expect(sent.slice(-3).map(({ pathname }) => pathname)).toEqual([
      '/api/freshness',
      '/api/freshness',
      '/api/payments/approve',
    ])
    expect(asks()).toBe(2)
  })

  it('challenges a request without a grant, and the request goes through after the proof', async () => {
    page.popups.push({})
    const response = client.fetch('/api/payments/approve', { method: 'POST', body: JSON.stringify(payment) })
    await prompted(client, 'step_up')
    answer(client, 'continue')
    expect((await response).status).toBe(200)
    expect(page.shop.ledger).toMatchObject([{ subject: 'josh', action: 'payment.approve' }])
  })

  it('fails only the request whose proof it refuses, and not one that joined it', async () => {
    let proofs = 0
    const denied = { status: 'denied', error: 'already_used' }
    page.intercept = ({ url }) =>
      url.endsWith('/api/freshness') && proofs++ === 0 ? Response.json(denied, { status: 403 }) : undefined
    page.popups.push({})
    page.frame = { claims: { auth_time: seconds() } }
    const approval = { method: 'POST', body: JSON.stringify(payment) }
    const first = client.fetch('/api/payments/approve', approval)
    const refused = expect(first).rejects.toMatchObject({ code: 'step_up_denied', reason: 'already_used' })
    await prompted(client, 'step_up')
    const second = client.fetch('/api/email', { method: 'POST' })
    await until(() => page.requests.some(({ url }) => url.endsWith('/api/email')))
    answer(client, 'continue')
    await refused
    expect((await second).status).toBe(200)
    expect(shown()).toHaveLength(2)
  })

  it('is not asked for another grant when it refuses one', async () => {
    page.popups.push({})
    const { grant } = stepUp('payment.approve')
    await prompted(client, 'step_up')
    answer(client, 'continue')
    const request = { method: 'POST', body: JSON.stringify({ ...payment, cents: 1 }) }
    const { fetch } = await grant
    await expect(fetch('/api/payments/approve', request)).rejects.toMatchObject({ code: 'step_up_denied' })
    expect(prompt(client)).toBeNull()
    expect(page.shop.ledger).toEqual([])
  })

  it('sees the same Idempotency-Key at every attempt, and the caller’s own if there is one', async () => {
    page.popups.push({})
    await client.signIn({ prompt: 'login' })
    const grant = await client.stepUp('email.change', { idempotencyKey: 'k1' })
    await grant.fetch('/api/email', { method: 'POST' })
    page.intercept = () => Response.json({ status: 'done' })
    await grant.fetch('/api/email', { method: 'POST', headers: { 'Idempotency-Key': 'mine' } })
    await grant.fetch('/api/email')
    const keys = page.requests.slice(-3).map(({ headers }) => headers.get('Idempotency-Key'))
    expect(keys).toEqual(['k1', 'mine', null])
  })
})
