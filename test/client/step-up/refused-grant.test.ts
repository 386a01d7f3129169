// @vitest-environment jsdom
import { type AuthClient, StepUpDeniedError } from 'afresh'
import { beforeEach, describe, expect, it } from 'vitest'
import { answer, createClient, op, page, prompt, prompted, setUpPage } from '../../support/client.ts'
import { type Payment, payment } from '../../support/shop.ts'

let client: AuthClient

setUpPage()
beforeEach(async () => {
  client = createClient()
  page.popups.push({})
  await client.signIn()
})

const approvals = (): Request[] => page.requests.filter(({ url }) => url.endsWith('/api/payments/approve'))
const asks = (): Request[] => page.requests.filter(({ url }) => url.endsWith('/api/freshness'))
const insufficient = { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", max_age="0"' }
const challenged = { status: 'challenged', challenge: 'c', nonce: 'n', prompt: 'login', expires_in: 600 }
const denied = (error: string) => ({ status: 'denied', error })
const json = (status: number, body: unknown, headers = {}) => Response.json(body, { status, headers })

/** What the backend answers to calls that carry a grant. */
function answerGrant(response: () => Response): void {
  page.intercept = ({ headers }) => (headers.has('Step-Up-Grant') ? response() : undefined)
}

/** README's approval, whose context is not what is then paid. */
function approveAnother(difference: Partial<Payment> = {}) {
  return client.action(
    'payment.approve',
    (input: Payment, { fetch }) => {
      const body = JSON.stringify({ ...input, ...difference })
      return fetch('/api/payments/approve', { method: 'POST', body })
    },
    { context: input => ({ ...input }) },
  )
}

/** The person answers the prompt, and signs in once more. */
async function confirm(): Promise<void> {
  page.popups.push({})
  await prompted(client, 'step_up')
  answer(client, 'continue')
}

const refused = async (call: Promise<Response>): Promise<StepUpDeniedError> => {
  const error = await call.then(
    ({ status }) => status,
    thrown => thrown,
  )
  expect(error).toBeInstanceOf(StepUpDeniedError)
  return error
}

describe('an action whose grant the backend refuses', () => {
  it('fails, and does not say `succeeded`, when something else is paid than was approved', async () => {
    const action = approveAnother({ cents: 1 })
    const result = action.run(payment)
    await confirm()
    const error = await refused(result)
    expect(error).toMatchObject({ code: 'step_up_denied', reason: 'grant_refused' })
    expect(action.store.getState().state).toEqual({ status: 'failed', error })
    expect(page.shop.ledger).toEqual([])
  })

  it('asks nothing by itself, and one more question when the person clicks again', async () => {
    const difference: { cents?: number } = { cents: 1 }
    const action = approveAnother(difference)
    const result = action.run(payment)
    await confirm()
    await refused(result)
    expect([approvals().length, asks().length, prompt(client)]).toEqual([1, 2, null])
    delete difference.cents
    const again = action.run(payment)
    await confirm()
    expect((await again).status).toBe(200)
    expect([approvals().length, asks().length, prompt(client)]).toEqual([2, 4, null])
    const keys = approvals().map(({ headers }) => headers.get('Idempotency-Key'))
    expect(keys[1]).toBe(keys[0])
  })
})

describe('the answer to a call with a grant', () => {
  const change = async (): Promise<Response> =>
    (await client.stepUp('email.change')).fetch('/api/email', { method: 'POST' })

  it.each<[string, () => Response, string]>([
    ['a 401 challenge of the guard', () => json(401, challenged, insufficient), 'grant_refused'],
    ['a 401 that asks for a step-up in its header alone', () => json(401, {}, insufficient), 'grant_refused'],
    ['a 403 that says `denied`', () => json(403, denied('federated')), 'federated'],
    ['a 403 that says `denied` with a code of tomorrow', () => json(403, denied('new')), 'new'],
  ])('is thrown, and can be read, where it is %s', async (_, response, reason) => {
    answerGrant(response)
    const error = await refused(change())
    expect(error.reason).toBe(reason)
    expect(await error.response?.json()).toEqual(await response().json())
    expect(prompt(client)).toBeNull()
    expect(page.requests.filter(({ url }) => url.endsWith('/api/email'))).toHaveLength(1)
  })

  it.each<[string, () => Response]>([
    ['200', () => json(200, denied('federated'))],
    ['400', () => json(400, denied('federated'))],
    ['401 for another reason', () => json(401, { status: 'challenged' })],
    ['403 of the app', () => json(403, { status: 'locked' })],
    ['403 that could not be judged', () => json(403, { status: 'failed', error: 'origin_not_allowed' })],
    ['403 of a proxy', () => new Response('<html>', { status: 403 })],
    ['403 without a body', () => new Response(null, { status: 403 })],
    ['409', () => json(409, {})],
    ['500', () => json(500, {})],
  ])('comes back as it is where it is a %s', async (_, response) => {
    answerGrant(response)
    const returned = await change()
    expect(returned.status).toBe(response().status)
    expect(await returned.text()).toBe(await response().text())
  })

  it('comes back as it is from an origin that is not the guard’s', async () => {
    op.resourceAnswer = { status: 403, challenge: '' }
    const grant = await client.stepUp('email.change')
    expect((await grant.fetch(`${op.issuer}/resource`)).status).toBe(403)
    op.resourceAnswer = null
  })
})

describe('a call of `client.fetch`', () => {
  const approve = (headers = {}): Promise<Response> =>
    client.fetch('/api/payments/approve', { method: 'POST', body: JSON.stringify(payment), headers })

  it('rejects when it is refused again with the grant that its challenge led to', async () => {
    answerGrant(() => json(401, challenged, insufficient))
    const call = approve()
    await confirm()
    expect(await refused(call)).toMatchObject({ reason: 'grant_refused', response: { status: 401 } })
    expect(approvals()).toHaveLength(2)
    expect(prompt(client)).toBeNull()
  })

  it('gets the answer as it is where the app put the grant into the header itself', async () => {
    const response = await approve({ 'Step-Up-Grant': 'a.b.c' })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ status: 'challenged' })
    expect(prompt(client)).toBeNull()
  })
})
