import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  type AccessTokenGuardOptions,
  type AccessTokenRequirement,
  createAccessTokenGuard,
} from '../../../src/server/access-token.ts'
import type { AuditEvent } from '../../../src/server/index.ts'
import { type Minting, type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
const now = clock.time
const api = 'https://api.example'
let op: ScriptedOp
let events: AuditEvent[]

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  op.down = false
  events = []
})

/** Calls with a token, and checks that no part of it is in an event. */
async function call(
  token: string | null,
  requirement: AccessTokenRequirement = {},
  options: Partial<AccessTokenGuardOptions> = {},
): Promise<void> {
  const guard = createAccessTokenGuard({
    ...{ issuer: op.issuer, audience: api, now: clock.now, store: 'memory', onError: () => {} },
    audit: event => events.push(event),
    ...options,
  })
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` }
  await guard.requireAccessToken(new Request(api, { headers }), requirement).catch(() => {})
  for (const part of token?.split('.') ?? []) expect(JSON.stringify(events)).not.toContain(part.slice(0, 12))
}

const mint = (claims: object = {}, minting: Minting = {}): Promise<string> => {
  const usual = { aud: api, client_id: 'payments', scope: 'read', jti: 'of-the-token', auth_time: now - 60 }
  return op.mint({ ...usual, ...claims }, { ...minting, header: { typ: 'at+jwt' } })
}

const unknown = { sub: undefined, client: undefined }
const known = { sub: 'josh', client: 'payments' }
const rest = { step: 'access_token', action: undefined, jti: undefined, duration: expect.any(Number) }

it.each<[string, string, object, () => Promise<void>]>([
  ['no token', 'access_token_required', unknown, () => call(null)],
  ['a token that cannot be read', 'invalid_request', unknown, () => call('a token, a comma')],
  [
    'a token of another key',
    'invalid_token',
    unknown,
    async () => call(await mint({}, { foreignKey: true })),
  ],
  ['a token for another API', 'invalid_token', unknown, async () => call(await mint({ aud: 'other' }))],
  [
    'a token of no person',
    'invalid_token',
    { ...unknown, client: 'payments' },
    async () => call(await mint({ sub: 7 })),
  ],
  [
    'a token bound to a key, without its proof',
    'invalid_dpop_proof',
    known,
    async () => call(await mint({ cnf: { jkt: 'k' } })),
  ],
  [
    'a token without the scope',
    'insufficient_scope',
    known,
    async () => call(await mint(), { scope: 'pay' }),
  ],
  [
    'an auth_time of the future',
    'invalid_token',
    known,
    async () => call(await mint({ auth_time: now + 60 }), { maxAge: 1 }),
  ],
])('a request with %s is one event: refused as %s', async (_, reason, fields, act) => {
  await act()
  const detail = reason === 'invalid_token' ? expect.any(String) : undefined
  expect(events).toEqual([{ ...rest, event: 'refused', at: now * 1000, reason, detail, ...fields }])
})

it.each<[string, AccessTokenRequirement, object]>([
  ['stale', { maxAge: 10 }, {}],
  ['auth_time_missing', { maxAge: 10 }, { auth_time: undefined }],
  ['acr_unmet', { acrValues: ['urn:mfa'] }, {}],
])('a login that is %s is one event: challenged', async (reason, requirement, claims) => {
  await call(await mint(claims), requirement)
  expect(events).toEqual([{ ...rest, event: 'challenged', at: now * 1000, reason, ...known }])
})

it('a request while the OP’s keys cannot be fetched is one event: unavailable', async () => {
  op.down = true
  await call(await mint())
  const reason = 'temporarily_unavailable'
  expect(events).toEqual([{ ...rest, event: 'unavailable', at: now * 1000, reason, ...unknown }])
})

it('a request that passes is none', async () => {
  await call(await mint({ azp: 'other' }), { maxAge: 300, scope: 'read' })
  expect(events).toEqual([])
})

it('the client is the one that azp names where there is no client_id', async () => {
  await call(await mint({ client_id: undefined, azp: 'spa' }), { scope: 'pay' })
  expect(events).toMatchObject([{ client: 'spa' }])
})
