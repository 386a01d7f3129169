import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type AuditEvent,
  contextHash,
  createFreshnessGuard,
  type FreshnessGuard,
  type GuardOptions,
  memoryStore,
  type StepUpClientOptions,
} from '../../../src/server/index.ts'
import { testKey } from '../../support/keys.ts'
import { type PushingOp, plainRequest, redeemPlain, startPushingOp, visit } from '../../support/pushing-op.ts'

/** Step-ups whose requests the guard pushes, at a real OP: oidc-provider. Guard and OP have one clock, `Date`. */

const start = 1_800_000_000_000
const endpoint = 'https://api.example/api/freshness'
const payment = { id: 'p1', cents: 25_000, to: 'Northwind Paper' }
let op: PushingOp
let withoutPar: PushingOp
let events: AuditEvent[]
let errors: unknown[]
let store: GuardOptions['store']

beforeAll(async () => {
  op = await startPushingOp()
  withoutPar = await startPushingOp({ takesPushes: false })
})
afterAll(async () => {
  await op.close()
  await withoutPar.close()
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  store = { ...memoryStore(), since: 0 }
  events = []
  errors = []
  op.person = 'josh'
  op.granted = details => details
  op.seen.length = 0
})
afterEach(() => {
  vi.useRealTimers()
})

const advance = (seconds: number): void => {
  vi.setSystemTime(Date.now() + seconds * 1000)
}

type Body = Record<string, string>
interface Reply {
  readonly status: number
  readonly body: Body
}

const detailsOf = (context: unknown): readonly { type: string }[] => {
  const { cents, to } = context as typeof payment
  return [{ type: 'payment', amount: { cents, currency: 'EUR' }, to } as { type: string }]
}
const actions = {
  'payment.approve': {
    reauthenticate: true,
    context: 'required',
    authorizationDetails: detailsOf,
  },
  'payment.plain': { reauthenticate: true, context: 'required' },
  'email.change': { maxAge: 300 },
} as const

function openGuard(
  client: StepUpClientOptions | undefined,
  { at = op, ...options }: Partial<GuardOptions> & { readonly at?: PushingOp } = {},
): FreshnessGuard {
  return createFreshnessGuard({
    issuer: at.issuer,
    clientId: 'payments',
    audience: 'https://api.example',
    keys: [testKey(7)],
    actions,
    store,
    stepUpClient: client,
    onError: error => errors.push(error),
    audit: event => events.push(event),
    ...options,
  } as GuardOptions)
}

/** A browser: with cookies of the API, and of the OP. */
class Page {
  guard: FreshnessGuard
  readonly at: PushingOp
  readonly own = new Map<string, string>()
  readonly ofOp = new Map<string, string>()
  idToken = ''

  constructor(guard: FreshnessGuard, at = op) {
    this.guard = guard
    this.at = at
  }

  /** Josh signs in, as an hour ago. */
  async signIn(): Promise<this> {
    vi.setSystemTime(Date.now() - 3_600_000)
    const { url, verifier } = plainRequest(this.at)
    const { code = '' } = await visit(url, this.ofOp)
    this.idToken = await redeemPlain(this.at, code, verifier)
    vi.setSystemTime(Date.now() + 3_600_000)
    return this
  }

  async send(body: object): Promise<Reply> {
    const cookie = Array.from(this.own, pair => pair.join('=')).join('; ')
    const headers = { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) }
    const request = new Request(endpoint, { method: 'POST', headers, body: JSON.stringify(body) })
    const response = await this.guard.handler(request)
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      this.own.set(name, value)
    }
    return { status: response.status, body: await response.json() }
  }

  async ask(action = 'payment.approve', context: unknown = payment): Promise<Body> {
    const asked = action === 'email.change' ? {} : { context, context_hash: await contextHash(context) }
    return (await this.send({ action, id_token: this.idToken, ...asked })).body
  }

  /** Asks, and has the request pushed, a second later. */
  async push(action?: string, context?: unknown): Promise<{ challenge: string; url: string; pushed: Body }> {
    const { challenge = '' } = await this.ask(action, context)
    advance(1)
    const { body: pushed } = await this.send({ challenge })
    const { client_id = '', request_uri = '' } = pushed
    return {
      challenge,
      pushed,
      url: `${this.at.issuer}/auth?${new URLSearchParams({ client_id, request_uri })}`,
    }
  }

  async prove(challenge: string, { code, state, iss }: Body): Promise<Reply> {
    return this.send({ challenge, code, state, ...(iss !== undefined && { iss }) })
  }

  /** All of a step-up. */
  async stepUp(action?: string, context?: unknown): Promise<Reply> {
    const { challenge, url } = await this.push(action, context)
    return this.prove(challenge, await visit(url, this.ofOp))
  }

  /** The sensitive call. */
  async approve(grant: string | undefined, action = 'payment.approve'): Promise<unknown> {
    const cookie = Array.from(this.own, pair => pair.join('=')).join('; ')
    const headers = { Cookie: cookie, ...(grant !== undefined && { 'Step-Up-Grant': grant }) }
    const request = new Request('https://api.example/pay', { method: 'POST', headers })
    return this.guard.require(request, action, { subject: 'josh', context: payment })
  }
}

const methods = ['private_key_jwt', 'client_secret_basic'] as const
const josh = async (method: (typeof methods)[number] = 'private_key_jwt'): Promise<Page> =>
  new Page(openGuard(op.clients[method])).signIn()

describe.each(methods)('a guard with a client by %s', method => {
  let page: Page
  beforeEach(async () => {
    page = await josh(method)
  })

  it('pushes the request, redeems its code, and gives a grant that the ledger can read', async () => {
    const { challenge, url, pushed } = await page.push()
    expect(pushed).toEqual({
      ...{ status: 'pushed', client_id: op.clients[method].clientId, expires_in: 60 },
      ...{ request_uri: expect.stringMatching(/^urn:/), state: expect.stringMatching(/^[\w-]{43}$/) },
    })
    const { status, body } = await page.prove(challenge, await visit(url, page.ofOp))
    expect(status).toBe(200)
    expect(body).toEqual({ status: 'granted', grant: expect.any(String), expires_in: 60 })
    await expect(page.approve(body.grant)).resolves.toMatchObject({
      ...{ subject: 'josh', authTime: start / 1000 + 1, detailsReturned: true },
      challengeId: decodeJwt(challenge).jti,
    })
    expect(events.map(({ event, step }) => `${event} ${step}`)).toEqual([
      ...['challenged ask', 'pushed push', 'granted prove', 'used use'],
    ])
    expect(events[1]).toMatchObject({ action: 'payment.approve', sub: 'josh', jti: decodeJwt(challenge).jti })
    expect(errors).toEqual([])
  })

  it('asks the OP for a new login in its own words, and for the details of the backend', async () => {
    const { nonce, ...asked } = await page.ask()
    expect(asked).toMatchObject({ status: 'challenged', pushed: true, prompt: 'login', max_age: 0 })
    advance(1)
    const { body: pushed } = await page.send({ challenge: asked.challenge })
    const { client_id = '', request_uri = '', state } = pushed
    await visit(`${op.issuer}/auth?${new URLSearchParams({ client_id, request_uri })}`, page.ofOp)
    expect(op.seen.at(-1)).toMatchObject({
      ...{ client_id: op.clients[method].clientId, prompt: 'login', max_age: '60', scope: 'openid' },
      ...{ response_type: 'code', response_mode: 'fragment', state, nonce },
      ...{ code_challenge_method: 'S256', code_challenge: expect.stringMatching(/^[\w-]{43}$/) },
      claims: JSON.stringify({ id_token: { auth_time: { essential: true } } }),
      authorization_details: JSON.stringify([
        { amount: { cents: 25_000, currency: 'EUR' }, to: 'Northwind Paper', type: 'payment' },
      ]),
    })
  })

  it('steps up for an action without details too, and the ledger says that there were none', async () => {
    const { body } = await page.stepUp('payment.plain')
    await expect(page.approve(body.grant, 'payment.plain')).resolves.toMatchObject({ detailsReturned: false })
  })

  it('lets no script add to the request that was pushed', async () => {
    const { challenge, url } = await page.push()
    const bent = `${url}&prompt=none&max_age=86400&nonce=another&state=another&authorization_details=%5B%5D`
    const response = await visit(bent, page.ofOp)
    expect(op.seen.at(-1)).toMatchObject({
      prompt: 'login',
      authorization_details: expect.stringContaining('25000'),
    })
    expect(await page.prove(challenge, response)).toMatchObject({ status: 200 })
  })
})

const denied = (error: string): object => ({ status: 403, body: { status: 'denied', error } })

describe('a proof is refused', () => {
  let page: Page
  beforeEach(async () => {
    page = await josh()
  })

  it('by an ID Token, even of the right person and for the right challenge', async () => {
    const { challenge = '', nonce = '' } = await page.ask()
    advance(1)
    const { url, verifier } = plainRequest(op, { nonce, prompt: 'login' })
    const { code = '' } = await visit(url, page.ofOp)
    const id_token = await redeemPlain(op, code, verifier)
    expect(decodeJwt(id_token)).toMatchObject({ nonce, sub: 'josh', auth_time: start / 1000 + 1 })
    expect(await page.send({ challenge, id_token })).toMatchObject(denied('not_pushed'))
  })

  it('by an ID Token, before anything of it is read', async () => {
    const { challenge } = await page.ask()
    expect(await page.send({ challenge, id_token: 'x' })).toMatchObject(denied('not_pushed'))
  })

  it('by the code of another challenge, with its state or with our own', async () => {
    const [one, two] = [await page.push(), await page.push()]
    const response = await visit(two.url, page.ofOp)
    const asked = op.asked.length
    expect(await page.prove(one.challenge, response)).toMatchObject(denied('nonce_mismatch'))
    expect(op.asked).toHaveLength(asked)
    const own = { ...response, state: one.pushed.state ?? '' }
    expect(await page.prove(one.challenge, own)).toMatchObject(denied('invalid_token'))
  })

  it('from another browser, before the OP is asked', async () => {
    const { challenge, url } = await page.push()
    const response = await visit(url, page.ofOp)
    const other = new Page(page.guard)
    await other.send({ action: 'email.change', id_token: page.idToken })
    const asked = op.asked.length
    expect(await other.prove(challenge, response)).toMatchObject(denied('binding_mismatch'))
    expect(await other.send({ challenge })).toMatchObject(denied('binding_mismatch'))
    expect(op.asked).toHaveLength(asked)
    expect(await page.prove(challenge, response)).toMatchObject({ status: 200 })
  })

  it('by the code of a plain request of the app’s client, with the right nonce and state', async () => {
    const { challenge, pushed } = await page.push()
    const { nonce = '' } = await nonceOf(challenge)
    const { url } = plainRequest(op, { nonce, state: pushed.state ?? '', prompt: 'login' })
    expect(await page.prove(challenge, await visit(url, page.ofOp))).toMatchObject(denied('invalid_token'))
  })

  it('by the code of somebody else’s push, with the right nonce and state', async () => {
    const { challenge, pushed } = await page.push()
    const { nonce = '' } = await nonceOf(challenge)
    const { url } = plainRequest(op, {
      client_id: 'stranger',
      nonce,
      state: pushed.state ?? '',
      prompt: 'login',
    })
    const { id, secret } = op.stranger
    const basic = [id, secret].map(text => new URLSearchParams({ '': text }).toString().slice(1)).join(':')
    const answer = await fetch(`${op.issuer}/request`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(basic)}` },
      body: new URL(url).searchParams,
    })
    const { request_uri } = await answer.json()
    const query = new URLSearchParams({ client_id: id, request_uri })
    const response = await visit(`${op.issuer}/auth?${query}`, page.ofOp)
    expect(response).toMatchObject({ code: expect.any(String), state: pushed.state })
    expect(await page.prove(challenge, response)).toMatchObject(denied('invalid_token'))
  })

  it('by a request of our own client that was not pushed: the OP does not carry it out', async () => {
    const { pushed } = await page.push()
    const { url } = plainRequest(op, { client_id: 'bank', state: pushed.state ?? '' })
    expect(await visit(url, page.ofOp)).toMatchObject({ error: 'invalid_request' })
  })

  it.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of none, where the OP says that it always names itself', { iss: undefined }],
  ])('with a response %s', async (_, iss) => {
    const { challenge, url } = await page.push()
    const response = { ...(await visit(url, page.ofOp)), ...iss } as Body
    const asked = op.asked.length
    expect(await page.prove(challenge, response)).toMatchObject(denied('invalid_token'))
    expect(op.asked).toHaveLength(asked)
  })

  it('by a code that comes again', async () => {
    const { challenge, url } = await page.push()
    const response = await visit(url, page.ofOp)
    expect(await page.prove(challenge, response)).toMatchObject({ status: 200 })
    expect(await page.prove(challenge, response)).toMatchObject(denied('invalid_token'))
  })

  it('by a second login for a challenge that has been answered', async () => {
    const { challenge, url } = await page.push()
    const { body: again } = await page.send({ challenge })
    expect(await page.prove(challenge, await visit(url, page.ofOp))).toMatchObject({ status: 200 })
    advance(1)
    const { client_id = '', request_uri = '' } = again
    const query = new URLSearchParams({ client_id, request_uri })
    const response = await visit(`${op.issuer}/auth?${query}`, page.ofOp)
    expect(await page.prove(challenge, response)).toMatchObject(denied('already_used'))
  })

  it('of another person', async () => {
    op.person = 'jane'
    page.ofOp.clear()
    expect(await page.stepUp()).toMatchObject(denied('subject_mismatch'))
  })

  it('by a login in the second of the challenge', async () => {
    const { challenge } = await page.ask()
    const { body } = await page.send({ challenge })
    const { client_id = '', request_uri = '' } = body
    const query = new URLSearchParams({ client_id, request_uri })
    const response = await visit(`${op.issuer}/auth?${query}`, page.ofOp)
    expect(await page.prove(challenge ?? '', response)).toMatchObject(denied('clock_skew'))
  })

  it.each<[string, PushingOp['granted']]>([
    ['another amount', ([first]) => [{ ...first, amount: { cents: 925_000, currency: 'EUR' } }]],
    [
      'an amount with another member',
      ([first]) => [{ ...first, amount: { cents: 25_000, currency: 'EUR', fee: 1 } }],
    ],
    ['a detail that lacks a member', () => [{ type: 'payment', to: 'Northwind Paper' }]],
    ['a detail more than was asked for', details => [...details, { type: 'payment', to: 'Eve' }]],
    ['none', () => undefined],
  ])('where the OP has granted %s', async (_, granted) => {
    op.granted = granted
    expect(await page.stepUp()).toMatchObject(denied('authorization_details_mismatch'))
  })

  it('never for good: the right answer to the same challenge still brings a grant', async () => {
    op.person = 'jane'
    const { challenge, url } = await page.push()
    page.ofOp.clear()
    expect(await page.prove(challenge, await visit(url, page.ofOp))).toMatchObject(denied('subject_mismatch'))
    op.person = 'josh'
    page.ofOp.clear()
    const { body } = await page.send({ challenge })
    const { client_id = '', request_uri = '' } = body
    const query = new URLSearchParams({ client_id, request_uri })
    const response = await visit(`${op.issuer}/auth?${query}`, page.ofOp)
    expect(await page.prove(challenge, response)).toMatchObject({ status: 200 })
  })
})

it('a detail that the OP has enriched is granted (RFC 9396 §7.1)', async () => {
  op.granted = ([first]) => [{ ...first, account: 'DE02' }]
  expect(await (await josh()).stepUp()).toMatchObject({ status: 200 })
})

it('an expired request_uri is refused by the OP, and the challenge can be pushed again', async () => {
  const page = await josh()
  const { challenge, url } = await page.push()
  advance(61)
  expect(await visit(url, page.ofOp)).toMatchObject({ error: 'invalid_request_uri' })
  const { body } = await page.send({ challenge })
  const { client_id = '', request_uri = '' } = body
  const query = new URLSearchParams({ client_id, request_uri })
  const response = await visit(`${op.issuer}/auth?${query}`, page.ofOp)
  expect(await page.prove(challenge, response)).toMatchObject({ status: 200 })
})

it('a challenge whose time is over is neither pushed nor proved', async () => {
  const page = await josh()
  const { challenge, pushed } = await page.push()
  advance(600)
  expect(await page.send({ challenge })).toMatchObject(denied('challenge_expired'))
  const response = { code: 'x', state: pushed.state ?? '' }
  expect(await page.prove(challenge, response)).toMatchObject(denied('challenge_expired'))
})

it.each<[string, number[], object]>([
  ['a key that has been rotated in three steps', [8, 7], { status: 200 }],
  ['a key that is gone', [8], denied('invalid_token')],
])('between Push and Prove: %s', async (_, keys, expected) => {
  const page = await josh()
  const { challenge, url } = await page.push()
  const response = await visit(url, page.ofOp)
  page.guard = openGuard(op.clients.private_key_jwt, { keys: keys.map(testKey) })
  expect(await page.prove(challenge, response)).toMatchObject(expected)
})

describe('an OP without pushed requests', () => {
  const client = (): StepUpClientOptions => withoutPar.clients.client_secret_basic
  const plain = { actions: { 'payment.plain': { reauthenticate: true, context: 'required' } } } as const

  it('is a failure where they are required: nothing goes on, and onError hears of it once', async () => {
    const page = await new Page(openGuard(client(), { at: withoutPar }), withoutPar).signIn()
    const unavailable = { status: 'failed', error: 'temporarily_unavailable' }
    expect(await page.ask()).toEqual(unavailable)
    expect(await page.ask('payment.plain')).toEqual(unavailable)
    await expect(page.approve(undefined)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    expect(errors).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/turn pushed .* on at the OP/) }),
    ])
  })

  it('makes `ready` reject with what to do', async () => {
    const guard = openGuard(client(), { at: withoutPar })
    await expect(guard.ready()).rejects.toThrow(
      /pushed_authorization_request_endpoint.*turn .* or use "preferred"/,
    )
    await expect(openGuard(op.clients.private_key_jwt).ready()).resolves.toBeUndefined()
  })

  it('is used as without such a client where they are preferred', async () => {
    const guard = openGuard({ ...client(), pushed: 'preferred' }, { at: withoutPar, ...plain })
    const page = await new Page(guard, withoutPar).signIn()
    const { challenge = '', nonce = '', ...asked } = await page.ask('payment.plain')
    expect(asked).not.toHaveProperty('pushed')
    advance(1)
    const { url, verifier } = plainRequest(withoutPar, { nonce, prompt: 'login' })
    const { code = '' } = await visit(url, page.ofOp)
    const id_token = await redeemPlain(withoutPar, code, verifier)
    expect(await page.send({ challenge, id_token })).toMatchObject({ status: 200 })
    expect(errors).toEqual([])
  })
})

it('under `preferred`, an OP that takes pushes gets them, and a proof by an ID Token counts as well', async () => {
  const { 'payment.plain': policy } = actions
  const guard = openGuard(
    { ...op.clients.private_key_jwt, pushed: 'preferred' },
    { actions: { 'payment.plain': policy } },
  )
  const page = await new Page(guard).signIn()
  expect(await page.ask('payment.plain')).toMatchObject({ pushed: true })
  expect(await page.stepUp('payment.plain')).toMatchObject({ status: 200 })
  const { challenge = '', nonce = '' } = await page.ask('payment.plain')
  advance(1)
  const { url, verifier } = plainRequest(op, { nonce, prompt: 'login' })
  const { code = '' } = await visit(url, page.ofOp)
  const id_token = await redeemPlain(op, code, verifier)
  expect(await page.send({ challenge, id_token })).toMatchObject({ status: 200 })
})

it('the OP’s refusal of a push is a fault of set-up: 503, and onError hears its error and no secret', async () => {
  const { clientId, redirectUri } = op.clients.client_secret_basic
  const secret = 'another secret: 1234567890'
  const wrong = { clientId, redirectUri, authentication: { method: 'client_secret_basic', secret } } as const
  const page = await new Page(openGuard(wrong)).signIn()
  const { challenge } = await page.ask()
  const { status, body } = await page.send({ challenge })
  expect({ status, body }).toEqual({
    status: 503,
    body: { status: 'failed', error: 'temporarily_unavailable' },
  })
  expect(String(errors)).toContain('The OP refused the pushed request (401): invalid_client')
  expect(String(errors)).not.toContain('1234567890')
  expect(events.at(-1)).toMatchObject({
    event: 'unavailable',
    step: 'push',
    reason: 'temporarily_unavailable',
  })
})

it('what goes wrong is in no event or error as a token, a code or a secret', async () => {
  const page = await josh()
  const { challenge, url, pushed } = await page.push()
  const response = await visit(url, page.ofOp)
  await page.prove(challenge, { ...response, code: `${response.code}x` })
  await page.prove(challenge, { ...response, state: 'x' })
  const told = JSON.stringify(events) + String(errors)
  for (const secret of [challenge, response.code, pushed.state, pushed.request_uri])
    expect(told).not.toContain(String(secret).slice(-12))
})

/** What a page reads of its challenge. */
async function nonceOf(challenge: string): Promise<Body> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(challenge))
  return { nonce: Buffer.from(digest).toString('base64url') }
}
