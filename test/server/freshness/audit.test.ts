import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAccessTokenGuard } from '../../../src/server/access-token.ts'
import {
  type AuditEvent,
  contextHash,
  type FreshnessStore,
  type GuardOptions,
  memoryStore,
} from '../../../src/server/index.ts'
import { createProver, type Prover, sha256 } from '../../support/dpop.ts'
import { type Minting, type ScriptedOp, startOp } from '../../support/op.ts'
import { type ScriptedPush, scriptPush } from '../../support/scripted-push.ts'
import { Browser, ManualClock, openShop, payment, type Reply, type Shop } from '../../support/shop.ts'

const start = 1_800_000_000
const clock = new ManualClock()
const endpoint = 'https://api.example/api/freshness'
const approve = 'https://api.example/api/payments/approve'
let op: ScriptedOp
/** Seconds by which the OP's clock is fast. */
let opAhead = 0
let key: Prover
let shop: Shop
let josh: Browser
let events: AuditEvent[]
let breakStore: () => void
/** Every token, nonce, cookie and proof of the test. */
let secrets: string[]

/** The reasons, with whether a freshness guard gives them. */
const reasons: Record<NonNullable<AuditEvent['reason']>, boolean> = {
  ...{ stale: true, subject_mismatch: true, acr_unmet: true, amr_unmet: true, federated: true },
  ...{ nonce_mismatch: true, binding_mismatch: true, auth_time_missing: true, auth_time_in_future: true },
  ...{ clock_skew: true, challenge_expired: true, already_used: true, invalid_token: true },
  ...{ grant_missing: true, grant_invalid: true, grant_expired: true, action_mismatch: true },
  ...{ context_mismatch: true, policy_changed: true },
  ...{ invalid_request: true, cross_site: true, invalid_dpop_proof: true, temporarily_unavailable: true },
  ...{ unknown_action: true, origin_not_allowed: true, method_not_allowed: true, request_timeout: true },
  ...{ payload_too_large: true, unsupported_media_type: true },
  ...{ not_pushed: true, authorization_details_mismatch: true },
  ...{ access_token_required: false, insufficient_scope: false },
}
const given = new Set<string>()

beforeAll(async () => {
  op = await startOp(() => clock.time + opAhead)
  key = await createProver()
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = start
  opAhead = 0
  op.down = false
  events = []
  secrets = []
  open()
})
afterEach(() => {
  vi.useRealTimers()
  for (const { reason } of events) if (reason !== undefined) given.add(reason)
  const logged = JSON.stringify(events)
  // Twelve characters anywhere in it.
  const isLeaked = (secret: string): boolean =>
    Array.from({ length: secret.length - 11 }, (_, at) => secret.slice(at, at + 12)).some(part =>
      logged.includes(part),
    )
  expect(secrets.filter(secret => secret.length >= 12).filter(isLeaked)).toEqual([])
})

function open(options: Partial<GuardOptions> = {}): void {
  shop = openShop(op, clock, { audit: event => events.push(event), ...options })
  josh = new Browser(shop.app)
}

async function mint(claims: object = {}, minting: Minting = {}): Promise<string> {
  const token = await op.mint({ ...claims }, minting)
  secrets.push(...token.split('.'))
  return token
}

/** Takes note of what the guard has given out. */
function seen(reply: Reply): Reply['body'] {
  const { challenge = '', grant = '', nonce } = reply.body
  secrets.push(...challenge.split('.'), ...grant.split('.'), ...josh.cookies.values())
  if (nonce !== undefined) secrets.push(nonce)
  return reply.body
}

const proof = async (url: string): Promise<Record<string, string>> => {
  const DPoP = await key.prove('POST', url, clock.time)
  secrets.push(...DPoP.split('.'))
  return { DPoP }
}

const jtiOf = (token = ''): string => decodeJwt(token).jti ?? ''

async function ask(message: object = {}, headers: Record<string, string> = {}): Promise<Reply['body']> {
  const id_token = await mint({ auth_time: clock.time - 3600 })
  const asked = { action: 'payment.approve', context_hash: await contextHash(payment), id_token, ...message }
  return seen(await josh.send('/api/freshness', asked, headers))
}

/** Josh is challenged, and the clock goes on by a second. Its event is dropped. */
async function challenged(message: object = {}): Promise<Reply['body']> {
  const body = await ask(message)
  events.length = 0
  clock.advance(1)
  return body
}

async function prove(
  { challenge, nonce }: Reply['body'],
  claims: object = {},
  minting: Minting = {},
): Promise<Reply['body']> {
  return seen(await josh.prove(challenge, await mint({ nonce, ...claims }, minting)))
}

async function granted(): Promise<string> {
  const { grant = '' } = await prove(await challenged())
  events.length = 0
  return grant
}

const use = async (grant?: string, what = payment): Promise<Reply['body']> =>
  seen(await josh.approve(what, grant))

const measured = { at: expect.any(Number), duration: expect.any(Number), client: 'payments' }
const nothing = { action: undefined, sub: undefined, jti: undefined }
const asked = { step: 'ask', action: 'payment.approve', sub: 'josh' }
const proved = { ...asked, step: 'prove' }
const used = { ...asked, step: 'use' }

/** One event and no other, with these fields, and as `detail` at most what is given. */
function expectEvent(expected: object): void {
  expect(events).toEqual([{ ...measured, ...expected }])
  const [event] = events
  expect(event?.at).toBe(clock.time * 1000)
  expect(event?.duration).toBeGreaterThanOrEqual(0)
}

/** A store that has proved itself, and fails from then on. */
async function openWithFailingStore(): Promise<void> {
  const kept = memoryStore({ now: clock.now })
  const failing = <Args extends unknown[], Result>(operation: (...args: Args) => Promise<Result>) => {
    return (...args: Args): Promise<Result> =>
      fails ? Promise.reject(new Error('down')) : operation(...args)
  }
  let fails = false
  const store: FreshnessStore = {
    consume: failing(kept.consume),
    advance: failing(kept.advance),
    redeem: failing(kept.redeem),
  }
  open({ store })
  await shop.guard.ready()
  breakStore = () => {
    fails = true
  }
}

describe('a request to the endpoint that is not judged', () => {
  const json = { 'Content-Type': 'application/json' }
  it.each<[string, RequestInit, string, string?]>([
    ['method_not_allowed', { method: 'GET' }, 'GET'],
    [
      'origin_not_allowed',
      { method: 'POST', headers: { Origin: 'https://evil.example' } },
      'another origin',
      'https://evil.example',
    ],
    [
      'origin_not_allowed',
      { method: 'OPTIONS', headers: { Origin: 'https://evil.example' } },
      'its preflight',
      'https://evil.example',
    ],
    ['cross_site', { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site' } }, 'another site'],
    ['unsupported_media_type', { method: 'POST', body: '{}' }, 'text'],
    ['payload_too_large', { method: 'POST', headers: json, body: ' '.repeat(16_385) }, '16 KiB and a byte'],
    ['invalid_request', { method: 'POST', headers: json, body: '{' }, 'no JSON'],
    [
      'invalid_request',
      { method: 'POST', headers: json, body: '{"action":7}' },
      'no Ask',
      'the body has not',
    ],
  ])('is refused as %s: %j, %s', async (reason, init, _, detail) => {
    await shop.guard.handler(new Request(endpoint, init))
    const words = detail === undefined ? undefined : expect.stringContaining(detail)
    expectEvent({ event: 'refused', step: 'endpoint', reason, detail: words, ...nothing })
  })

  it('because its body does not end is refused as request_timeout', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const init = { method: 'POST', headers: json, body: new ReadableStream(), duplex: 'half' }
    const answer = shop.guard.handler(new Request(endpoint, init))
    await vi.advanceTimersByTimeAsync(10_000)
    await answer
    expectEvent({ event: 'refused', step: 'endpoint', reason: 'request_timeout', ...nothing })
  })

  it('because others come in is unavailable', async () => {
    open({ maxUnfinished: 1 })
    const init = { method: 'POST', headers: json, body: new ReadableStream(), duplex: 'half' }
    const first = shop.guard.handler(new Request(endpoint, init))
    await josh.send('/api/freshness', 'no Ask')
    await first
    const outcomes = events.map(({ event, reason }) => ({ event, reason }))
    expect(outcomes).toContainEqual({ event: 'unavailable', reason: 'temporarily_unavailable' })
    expect(outcomes).toHaveLength(2)
  })

  it('is no decision when it is a preflight', async () => {
    await shop.guard.handler(new Request(endpoint, { method: 'OPTIONS' }))
    expect(events).toEqual([])
  })
})

describe('Ask', () => {
  it('that is challenged names the challenge', async () => {
    const { challenge } = await ask()
    expectEvent({ ...asked, event: 'challenged', jti: jtiOf(challenge) })
  })

  it('that is granted names the grant', async () => {
    const { grant } = await ask({ action: 'email.change', context_hash: undefined, id_token: await mint() })
    expectEvent({ ...asked, event: 'granted', action: 'email.change', jti: jtiOf(grant) })
  })

  it.each<[string, string, () => Promise<unknown>, object]>([
    [
      'unknown_action',
      'refused',
      () => ask({ action: 'pay' }),
      { action: undefined, sub: undefined, detail: /"pay"/ },
    ],
    [
      'invalid_request',
      'refused',
      () => ask({ context_hash: undefined }),
      { sub: undefined, detail: /context/ },
    ],
    [
      'invalid_request',
      'refused',
      () => ask({ id_token: undefined }),
      { sub: undefined, detail: /id_token/ },
    ],
    [
      'invalid_token',
      'denied',
      async () => ask({ id_token: await mint({ aud: 'other' }) }),
      { sub: undefined, detail: /^ID Token refused: `aud`/ },
    ],
    [
      'invalid_token',
      'denied',
      async () => ask({ id_token: await mint({}, { foreignKey: true }) }),
      { sub: undefined, detail: /^the signature/ },
    ],
    [
      'clock_skew',
      'denied',
      async () => ask({ id_token: await mint({ iat: start + 31 }) }),
      { sub: undefined, detail: /^iat/ },
    ],
    [
      'auth_time_in_future',
      'denied',
      async () => ask({ id_token: await mint({ auth_time: start + 31 }) }),
      { detail: /^auth_time 1800000031 / },
    ],
  ])('is %s, %s', async (reason, event, act, { detail, ...fields }: { detail?: RegExp }) => {
    await act()
    expectEvent({
      ...asked,
      event,
      reason,
      jti: undefined,
      detail: detail && expect.stringMatching(detail),
      ...fields,
    })
  })

  it('of no person is denied', async () => {
    open({ authenticate: () => null })
    await ask()
    const detail = expect.stringMatching(/^authenticate /)
    expectEvent({
      ...asked,
      event: 'denied',
      reason: 'invalid_token',
      sub: undefined,
      jti: undefined,
      detail,
    })
  })

  it('whose `authenticate` throws the refusal of another guard is reported by that guard', async () => {
    const { issuer } = op
    const others: AuditEvent[] = []
    const options = { issuer, audience: 'https://api.example', store: 'memory', now: clock.now } as const
    const api = createAccessTokenGuard({ ...options, audit: event => others.push(event) })
    open({ authenticate: request => api.requireAccessToken(request) })
    await ask()
    expect(events).toEqual([])
    expect(others).toMatchObject([
      { event: 'refused', step: 'access_token', reason: 'access_token_required', client: undefined },
    ])
  })

  it.each<[string, Partial<GuardOptions>, boolean]>([
    [
      'whose `authenticate` throws',
      { authenticate: () => Promise.reject(new Error('no session store')) },
      false,
    ],
    ['while the OP’s keys cannot be fetched', {}, true],
  ])('%s is unavailable', async (_, options, down) => {
    open(options)
    op.down = down
    await ask()
    expectEvent({
      ...asked,
      event: 'unavailable',
      reason: 'temporarily_unavailable',
      sub: undefined,
      jti: undefined,
    })
  })

  it('too many at once is unavailable', async () => {
    open({ maxConcurrent: 1, authenticate: () => new Promise(resolve => setTimeout(resolve, 5, null)) })
    await Promise.all([ask(), ask()])
    const busy = { ...nothing, step: 'ask', event: 'unavailable', reason: 'temporarily_unavailable' }
    expect(events).toContainEqual({ ...measured, ...busy })
    expect(events).toHaveLength(2)
  })

  it('without the DPoP proof that the guard wants is refused', async () => {
    open({ dpop: true })
    await ask()
    expectEvent({ ...asked, event: 'refused', reason: 'invalid_dpop_proof', jti: undefined })
    await ask({}, await proof(endpoint))
    expect(events[1]).toMatchObject({ ...asked, event: 'challenged' })
  })
})

describe('Prove', () => {
  it('that is granted names the grant, not the challenge', async () => {
    const { grant } = await prove(await challenged())
    expectEvent({ ...proved, event: 'granted', jti: jtiOf(grant) })
  })

  it('that comes twice is replayed', async () => {
    const body = await challenged()
    await prove(body)
    events.length = 0
    await prove(body)
    expectEvent({ ...proved, event: 'replayed', reason: 'already_used', jti: jtiOf(body.challenge) })
  })

  it.each<[string, object, Minting?, RegExp?]>([
    ['stale', { auth_time: start - 60 }],
    ['auth_time_missing', { auth_time: undefined }],
    ['auth_time_in_future', { auth_time: start + 60 }, {}, /^auth_time 1800000060 /],
    ['nonce_mismatch', { nonce: 'of another challenge' }],
    ['subject_mismatch', { sub: 'jane' }],
    ['invalid_token', {}, { foreignKey: true }, /^the signature/],
    ['invalid_token', { exp: start - 60 }, {}, /^exp 1799999940 is over/],
    ['invalid_token', { auth_time: 'now' }, {}, /^auth_time "now" /],
  ])('is denied as %s: %j', async (reason, claims, minting = {}, detail?) => {
    const body = await challenged()
    await prove(body, claims, minting)
    const jti = jtiOf(body.challenge)
    expectEvent({ ...proved, event: 'denied', reason, jti, detail: detail && expect.stringMatching(detail) })
  })

  it.each<[string, GuardOptions['actions'][string], object]>([
    ['acr_unmet', { reauthenticate: true, acrValues: ['urn:mfa'] }, { acr: 'urn:pwd' }],
    ['amr_unmet', { reauthenticate: true, amr: ['otp'] }, { amr: ['pwd'] }],
    ['federated', { reauthenticate: true, localIdp: () => false }, {}],
  ])('is denied as %s', async (reason, policy, claims) => {
    open({ actions: { 'payment.approve': policy } })
    const body = await challenged()
    await prove(body, claims)
    expectEvent({ ...proved, event: 'denied', reason, jti: jtiOf(body.challenge) })
  })

  it.each([
    [-25, 26],
    [-120, 119],
  ])('of an OP whose clock is off by %i s is denied, and names the %i s', async (ahead, seconds) => {
    opAhead = ahead
    const body = await challenged()
    await prove(body)
    const detail = `the clock of the OP is behind by about ${seconds} s`
    expectEvent({ ...proved, event: 'denied', reason: 'clock_skew', jti: jtiOf(body.challenge), detail })
  })

  it('of another browser, and one that comes too late, still name their challenge', async () => {
    const body = await challenged()
    const jti = jtiOf(body.challenge)
    josh.cookies.clear()
    await prove(body)
    expectEvent({ ...proved, event: 'denied', reason: 'binding_mismatch', jti })
    events.length = 0
    clock.advance(600)
    await prove(body)
    expectEvent({ ...proved, event: 'denied', reason: 'challenge_expired', jti })
  })

  it('of a challenge that is none of ours knows no more than that', async () => {
    await prove({ challenge: 'a.b.c', nonce: 'n' })
    const detail = expect.stringMatching(/^the challenge/)
    expectEvent({ ...nothing, step: 'prove', event: 'denied', reason: 'invalid_token', detail })
  })

  it('whose store fails is unavailable', async () => {
    await openWithFailingStore()
    const body = await challenged()
    breakStore()
    await prove(body)
    const unavailable = { event: 'unavailable', reason: 'temporarily_unavailable' }
    expectEvent({ ...proved, ...unavailable, jti: jtiOf(body.challenge) })
  })

  it('for an action that is no longer there is refused', async () => {
    const body = await challenged()
    const { cookies } = josh
    open({ actions: { 'email.change': { maxAge: 300 } } })
    for (const [name, value] of cookies) josh.cookies.set(name, value)
    await prove(body)
    const detail = expect.stringContaining('payment.approve')
    expectEvent({ ...proved, event: 'refused', reason: 'unknown_action', jti: jtiOf(body.challenge), detail })
  })
})

describe('Use', () => {
  it('that goes on names the grant', async () => {
    const grant = await granted()
    await use(grant)
    expectEvent({ ...used, event: 'used', jti: jtiOf(grant) })
  })

  it('without a grant is challenged, and names the challenge', async () => {
    const { challenge } = await use()
    expectEvent({ ...used, event: 'challenged', reason: 'grant_missing', jti: jtiOf(challenge) })
  })

  it('of a grant that was used is replayed', async () => {
    const grant = await granted()
    await use(grant)
    events.length = 0
    await use(grant)
    expectEvent({ ...used, event: 'replayed', reason: 'already_used', jti: jtiOf(grant) })
  })

  it.each<[string, (grant: string) => Promise<unknown>, object?]>([
    ['context_mismatch', grant => use(grant, { ...payment, cents: 1 })],
    ['subject_mismatch', grant => useAs('jane', grant), { sub: 'jane' }],
    ['action_mismatch', grant => send('reject', grant), { action: 'payment.reject' }],
    ['grant_expired', grant => later(60).then(() => use(grant))],
    ['binding_mismatch', grant => elsewhere(grant)],
    ['policy_changed', grant => after({ reauthenticate: true, amr: ['otp'] }, grant)],
    ['grant_invalid', async () => use(await mint()), { jti: undefined }],
  ])('is refused as %s', async (reason, act, fields = {}) => {
    const grant = await granted()
    await act(grant)
    expectEvent({ ...used, event: 'refused', reason, jti: jtiOf(grant), ...fields })
  })

  it('without a grant, from a page of another site, is refused', async () => {
    seen(await josh.send('/api/payments/approve', payment, { 'Sec-Fetch-Site': 'cross-site' }))
    expectEvent({ ...used, event: 'refused', reason: 'cross_site', jti: undefined })
  })

  it('with a context that has no canonical JSON is refused before the person is known', async () => {
    await send('approve', '', { ...payment, to: '\ud800' })
    expectEvent({ ...nothing, step: 'use', event: 'refused', reason: 'invalid_request' })
  })

  it('whose store fails is unavailable', async () => {
    await openWithFailingStore()
    const grant = await granted()
    breakStore()
    await use(grant)
    const unavailable = { event: 'unavailable', reason: 'temporarily_unavailable' }
    expectEvent({ ...used, ...unavailable, jti: jtiOf(grant) })
  })

  it('without the DPoP proof that the guard wants is refused', async () => {
    open({ dpop: true })
    await use()
    expectEvent({ ...used, event: 'refused', reason: 'invalid_dpop_proof', jti: undefined })
  })

  it('that is set up wrongly is no decision', async () => {
    const request = new Request(approve, { method: 'POST' })
    await expect(shop.guard.require(request, 'pay', { subject: 'josh' })).rejects.toMatchObject({
      code: 'configuration_invalid',
    })
    expect(events).toEqual([])
  })

  const send = async (what: string, grant: string, about: unknown = payment): Promise<Reply['body']> =>
    seen(await josh.send(`/api/payments/${what}`, about, grant === '' ? {} : { 'Step-Up-Grant': grant }))
  const later = async (seconds: number): Promise<void> => clock.advance(seconds)
  const useAs = (subject: string, grant: string): Promise<Reply['body']> => {
    josh.subject = subject
    return use(grant)
  }
  const elsewhere = (grant: string): Promise<Reply['body']> => {
    josh.cookies.clear()
    return use(grant)
  }
  /** After a deploy that changed the policy. */
  const after = (policy: GuardOptions['actions'][string], grant: string): Promise<Reply['body']> => {
    const { cookies } = josh
    open({ actions: { 'payment.approve': policy } })
    for (const [name, value] of cookies) josh.cookies.set(name, value)
    return use(grant)
  }
})

describe('checkDpop', () => {
  const check = async (claims: object, headers: Record<string, string> = {}): Promise<unknown> =>
    shop.guard.checkDpop(new Request(approve, { method: 'POST', headers }), claims).catch(error => error)
  const stopped = { ...nothing, step: 'access_token', event: 'refused' }

  it('that stops a call is refused', async () => {
    await check({})
    expectEvent({ ...stopped, reason: 'invalid_dpop_proof' })
  })

  it('that lets a call go on is no event', async () => {
    const Authorization = 'DPoP token'
    const DPoP = await key.prove('POST', approve, clock.time, { claims: { ath: sha256('token') } })
    await check({ cnf: { jkt: key.thumbprint } }, { Authorization, DPoP })
    expect(events).toEqual([])
    await check({ cnf: { jkt: 'another' } }, { Authorization, DPoP })
    expectEvent({ ...stopped, reason: 'invalid_token', detail: 'cnf.jkt is not the key of the DPoP proof' })
  })
})

describe('a guard that pushes', () => {
  let push: ScriptedPush
  beforeEach(() => {
    push = scriptPush(op)
    const shown = { reauthenticate: true, context: 'required' } as const
    const actions = { 'payment.approve': { ...shown, authorizationDetails: () => [{ type: 'payment' }] } }
    open({ ...push.options, actions })
  })

  async function pushed(): Promise<Reply['body'] & { readonly challenge: string }> {
    const { challenge = '' } = await challenged({ context: payment })
    const body = seen(await josh.ask({ challenge }))
    secrets.push(String(body.state), push.pushed.at(-1)?.get('code_challenge') ?? '')
    return { ...body, challenge }
  }

  it('reports the push, with the challenge’s jti, and the grant for its code', async () => {
    const { challenge } = await pushed()
    expectEvent({ ...asked, step: 'push', event: 'pushed', jti: jtiOf(challenge) })
    events.length = 0
    const answer = push.answer({ token: { authorization_details: [{ type: 'payment' }] } })
    const { grant } = seen(await josh.ask({ challenge, ...answer }))
    expectEvent({ ...proved, event: 'granted', jti: jtiOf(grant) })
  })

  it.each<[string, object, string, string]>([
    [
      'by an ID Token',
      { id_token: 'x' },
      'not_pushed',
      'the proof is an ID Token, but the guard pushes the requests',
    ],
    [
      'with another state',
      { code: 'a-code-of-20-letters', state: 'x' },
      'nonce_mismatch',
      'state is not that of the request that answers this challenge',
    ],
  ])('reports a proof %s as denied', async (_, proof, reason, detail) => {
    const { challenge } = await pushed()
    events.length = 0
    await josh.ask({ challenge, ...proof })
    expectEvent({ ...proved, event: 'denied', reason, detail, jti: jtiOf(challenge) })
  })

  it('reports details that the OP has not granted as denied', async () => {
    const { challenge } = await pushed()
    events.length = 0
    await josh.ask({ challenge, ...push.answer() })
    const detail = 'authorization_details of the token response are not those that were asked for'
    expectEvent({
      ...proved,
      event: 'denied',
      reason: 'authorization_details_mismatch',
      detail,
      jti: jtiOf(challenge),
    })
  })

  it.each([['no challenge of ours', 'invalid_token', 'the challenge is none of this guard']])(
    'reports a push of %s as denied',
    async (_, reason, detail) => {
      await josh.ask({ challenge: 'x' })
      expectEvent({ ...nothing, step: 'push', event: 'denied', reason, detail })
    },
  )
})

it('every reason of a freshness guard was among these', () => {
  const expected = Object.entries(reasons).flatMap(([reason, isOurs]) => (isOurs ? [reason] : []))
  expect([...given].sort()).toEqual(expected.sort())
})

it.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('no log')
    },
  ],
  ['rejects', () => Promise.reject(new Error('no log'))],
])('an audit that %s changes no answer, and onError hears of it once in 30 seconds', async (_, audit) => {
  const failing = openShop(op, clock, { audit })
  const get = async (): Promise<number> => (await failing.guard.handler(new Request(endpoint))).status
  expect([await get(), await get()]).toEqual([405, 405])
  await vi.waitFor(() => expect(failing.errors).toMatchObject([{ code: 'configuration_invalid' }]))
  clock.advance(30)
  await get()
  await vi.waitFor(() => expect(failing.errors).toHaveLength(2))
})
