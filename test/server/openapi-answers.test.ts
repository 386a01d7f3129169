import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAccessTokenGuard } from '../../src/server/access-token.ts'
import {
  type AccessTokenFault,
  type ActionPolicy,
  type CallFault,
  contextHash,
  type FreshnessGuard,
  memoryStore,
  type RefusalCode,
  type RequestFault,
} from '../../src/server/index.ts'
import { actions, type Call, cookieOf, Endpoint, page } from '../support/endpoint.ts'
import { type AuthorizationAnswer, type ScriptedOp, startOp } from '../support/op.ts'
import { openApi, type Responses, resolved, undescribed } from '../support/openapi.ts'
import { type ScriptedPush, scriptPush } from '../support/scripted-push.ts'
import { ManualClock } from '../support/shop.ts'

const { post, options } = openApi.paths['/api/freshness']
const clock = new ManualClock()
let op: ScriptedOp
let endpoint: Endpoint

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  endpoint = new Endpoint(op, clock)
})
afterEach(() => {
  vi.useRealTimers()
})

type Give = () => Promise<Response>

/** Every refusal code, and how to get it. */
const denials: Record<RefusalCode, Give> = {
  stale: () => endpoint.prove({ claims: { auth_time: clock.time - 1 } }),
  subject_mismatch: () => endpoint.prove({ claims: { sub: 'jane' } }),
  acr_unmet: () => endpoint.prove({ action: 'strong' }),
  amr_unmet: () => endpoint.prove({ action: 'twice', claims: { amr: ['pwd'] } }),
  federated: () => endpoint.prove({ action: 'local' }),
  nonce_mismatch: () => endpoint.prove({ claims: { nonce: 'another' } }),
  binding_mismatch: () => endpoint.prove({ cookie: 'none=of-ours' }),
  auth_time_missing: () => endpoint.prove({ claims: { auth_time: undefined } }),
  auth_time_in_future: () => endpoint.prove({ claims: { auth_time: clock.time + 32 } }),
  clock_skew: () => endpoint.prove({ claims: { iat: clock.time + 32 } }),
  challenge_expired: () => endpoint.prove({ after: 600 }),
  already_used: () => endpoint.prove({ times: 2 }),
  invalid_token: () => endpoint.prove({ minting: { foreignKey: true } }),
  not_pushed: () => endpoint.prove({ guard: openPushing().guard }),
  authorization_details_mismatch: () => proveByCode({ token: { authorization_details: [] } }),
}

/** A guard that pushes, for an action that the OP shall show. */
function openPushing(): { readonly guard: FreshnessGuard; readonly push: ScriptedPush } {
  const push = scriptPush(op)
  const shown: ActionPolicy = {
    ...{ reauthenticate: true, context: 'required', authorizationDetails: () => [{ type: 'payment' }] },
    display: () => 'Approve 250.00 to ACME',
  }
  const guard = endpoint.open({ ...push.options, actions: { ...actions, shown } })
  return { guard, push }
}

const context = { id: 'p1' }
async function askShown(guard = openPushing().guard): Promise<Response> {
  const id_token = await op.mint({ auth_time: clock.time - 3600 })
  const asked = { action: 'shown', id_token, context, context_hash: await contextHash(context) }
  return endpoint.call({ body: JSON.stringify(asked) }, guard)
}

async function pushShown(
  { guard, push } = openPushing(),
): Promise<{ readonly answer: Response; readonly prove: (how: AuthorizationAnswer) => Promise<Response> }> {
  const asked = await askShown(guard)
  const { challenge } = await asked.json()
  const headers = { Cookie: cookieOf(asked) }
  clock.advance(1)
  const send = (message: object): Promise<Response> =>
    endpoint.call({ headers, body: JSON.stringify({ challenge, ...message }) }, guard)
  return { answer: await send({}), prove: how => send(push.answer(how)) }
}

async function proveByCode(how: AuthorizationAnswer): Promise<Response> {
  return (await pushShown()).prove(how)
}

/** Asks a guard that knows people by access tokens. */
async function askByAccessToken(
  authorization: string | undefined,
  requirement: { readonly maxAge?: number; readonly scope?: string } = {},
): Promise<Response> {
  const [audience, store] = ['https://api.example', memoryStore({ now: clock.now })]
  const shared = { issuer: op.issuer, audience, store, now: clock.now, origins: [page] }
  const tokens = createAccessTokenGuard(shared)
  const guard = endpoint.open({ authenticate: request => tokens.requireAccessToken(request, requirement) })
  const headers = authorization === undefined ? undefined : { Authorization: authorization }
  return endpoint.ask('now', headers, guard)
}

async function goodToken(): Promise<string> {
  const claims = { aud: 'https://api.example', client_id: 'payments', jti: 'j', auth_time: clock.time - 3600 }
  return `Bearer ${await op.mint(claims, { header: { typ: 'at+jwt' } })}`
}

async function sendNoEnd(): Promise<Response> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const endless: Call & { duplex: 'half' } = { body: new ReadableStream(), duplex: 'half' }
  const answer = endpoint.call(endless)
  await vi.advanceTimersByTimeAsync(10_000)
  return answer
}

const storeDown = { authenticate: () => Promise.reject(new Error('down')) }

/** Every code of a request that is not judged, with its status, and how to get it. */
const faults: Record<RequestFault | CallFault | AccessTokenFault, [number, Give]> = {
  invalid_request: [400, () => endpoint.call({ body: '{}' })],
  unknown_action: [400, () => endpoint.call({ body: '{"action":"steal","id_token":"x"}' })],
  cross_site: [400, () => endpoint.ask('now', { 'Sec-Fetch-Site': 'cross-site' })],
  invalid_dpop_proof: [401, () => endpoint.ask('now', {}, endpoint.open({ dpop: true }))],
  access_token_required: [401, () => askByAccessToken(undefined)],
  invalid_token: [401, () => askByAccessToken('Bearer x')],
  insufficient_user_authentication: [401, async () => askByAccessToken(await goodToken(), { maxAge: 300 })],
  insufficient_scope: [403, async () => askByAccessToken(await goodToken(), { scope: 'pay' })],
  origin_not_allowed: [403, () => endpoint.ask('now', { Origin: 'https://evil.example' })],
  method_not_allowed: [405, () => endpoint.call({ method: 'PUT', body: '{}' })],
  request_timeout: [408, sendNoEnd],
  payload_too_large: [413, () => endpoint.call({ body: ' '.repeat(16 * 1024 + 1) })],
  unsupported_media_type: [415, () => endpoint.ask('now', { 'Content-Type': 'text/plain' })],
  temporarily_unavailable: [503, () => endpoint.ask('now', {}, endpoint.open(storeDown))],
}

describe.each([
  ['of no other origin', {}],
  ['of an allowed origin', { Origin: page }],
])('as the document says, to a page %s', (_, headers) => {
  beforeEach(() => {
    endpoint.origin = headers
  })

  it.each(Object.entries(denials))('a proof is denied: %s', async (error, give) => {
    const answer = await give()
    expect(await undescribed(answer, post.responses)).toEqual([])
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ status: 'denied', error })
  })

  it.each(Object.entries(faults))('a request fails: %s', async (error, [status, give]) => {
    const answer = await give()
    expect(await undescribed(answer, post.responses)).toEqual([])
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ status: 'failed', error })
  })

  it.each<[string, number, Give]>([
    ['a challenge for a new login', 401, () => endpoint.ask('now')],
    ['a challenge with acr_values', 401, () => endpoint.ask('strong')],
    ['a challenge for a recent login', 401, () => endpoint.ask('recent')],
    ['a grant for a proof', 200, () => endpoint.prove()],
    ['a grant at once', 200, () => endpoint.askFresh()],
    ['a challenge in the words of the server, to be pushed', 401, () => askShown()],
    ['a pushed request', 200, async () => (await pushShown()).answer],
    [
      'a grant for a code',
      200,
      () => proveByCode({ token: { authorization_details: [{ type: 'payment' }] } }),
    ],
  ])('the endpoint gives %s', async (_, status, give) => {
    const answer = await give()
    expect(await undescribed(answer, post.responses)).toEqual([])
    expect(answer.status).toBe(status)
  })

  it.each([
    [204, {}],
    [403, { Origin: 'https://evil.example' }],
  ])('the endpoint answers a preflight with %i', async (status, more) => {
    const answer = await endpoint.call({ method: 'OPTIONS', headers: more })
    expect(await undescribed(answer, options.responses)).toEqual([])
    expect(answer.status).toBe(status)
  })
})

/** The `[status, code]`s that these responses allow beside `failed`. */
function failuresIn(responses: Responses): [number, string][] {
  return Object.entries(responses).flatMap(([status, response]) => {
    const text = JSON.stringify(resolved(response).content?.['application/json'].schema ?? {})
    const lists = [...text.matchAll(/"enum":(\[[^\]]*\])/g)].map(([, list = '']): string[] =>
      JSON.parse(list),
    )
    return lists.flat().map((code): [number, string] => [Number(status), code])
  })
}

describe('the document has no other codes', () => {
  const sorted = (codes: readonly unknown[]): string[] => codes.map(code => JSON.stringify(code)).sort()

  it('for what is denied', () => {
    expect(sorted(openApi.components.schemas.RefusalCode?.enum)).toEqual(sorted(Object.keys(denials)))
  })

  it('for what fails', () => {
    const given = Object.entries(faults).map(([code, [status]]) => [status, code])
    expect(sorted(failuresIn(post.responses))).toEqual(sorted(given))
    expect(failuresIn(options.responses)).toEqual([[403, 'origin_not_allowed']])
  })
})
