import { CompactSign, decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { resolveReturnTo } from '../../src/core/return-to.ts'
import { contextHash, type FreshnessStore, memoryStore } from '../../src/server/index.ts'
import { testKey } from '../support/keys.ts'
import { type Minting, type ScriptedOp, startOp } from '../support/op.ts'
import { Browser, ManualClock, openShop, payment, type Reply, type Shop } from '../support/shop.ts'

/** Attacks on a step-up, each with what it must come to. docs/security/attacks.md says where the others are shown. */

const clock = new ManualClock()
/** Seconds by which the OP's clock is fast. */
let opAhead = 0
let op: ScriptedOp
let shop: Shop
let josh: Browser

beforeAll(async () => {
  op = await startOp(() => clock.time + opAhead)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  opAhead = 0
  shop = openShop(op, clock)
  josh = new Browser(shop.app)
})

const granted = { status: 200, body: { status: 'granted' } }
const denied = (error: string) => ({ status: 403, body: { status: 'denied', error } })

/** Josh, who signed in an hour ago unless the claims say otherwise, asks to approve the payment. */
async function ask(session: object = {}, action = 'payment.approve'): Promise<Reply['body']> {
  const id_token = await op.mint({ auth_time: clock.time - 3600, ...session })
  const { body } = await josh.ask({ action, context_hash: await contextHash(payment), id_token })
  // The client waits for the server's next second.
  clock.advance(1)
  return body
}

/** What the challenge makes the client ask the OP for. */
interface AuthenticationRequest {
  readonly nonce?: string | undefined
  readonly prompt?: string | undefined
}

/** An honest OP's answer: it asks the person when told to, else the login it remembers (`sso`) has to do. */
function authenticate({ nonce, prompt }: AuthenticationRequest, sso: number): Promise<string> {
  return op.mint({ nonce, auth_time: prompt === 'login' ? clock.time + opAhead : sso })
}

async function stepUp(): Promise<{ challenge: string | undefined; proof: string; grant: string }> {
  const { challenge, ...request } = await ask()
  clock.advance(5)
  const proof = await authenticate(request, 0)
  const reply = await josh.prove(challenge, proof)
  expect(reply).toMatchObject(granted)
  return { challenge, proof, grant: reply.body.grant ?? '' }
}

describe('prompt and max_age stripped in the user agent', () => {
  it('an hour-old login that the OP remembers is stale', async () => {
    const sso = clock.time - 3600
    // Nobody knows of a login before, so only the challenge's own date can tell.
    const { challenge, nonce, prompt } = await ask({ auth_time: undefined })
    expect(await josh.prove(challenge, await authenticate({ nonce }, sso))).toMatchObject(denied('stale'))
    expect(await josh.prove(challenge, await authenticate({ nonce, prompt }, sso))).toMatchObject(granted)
  })

  it('is stale under maxAge too', async () => {
    const { challenge, nonce } = await ask({}, 'email.change')
    const proof = await authenticate({ nonce }, clock.time - 3600)
    expect(await josh.prove(challenge, proof)).toMatchObject(denied('stale'))
  })
})

it('prompt stripped inside the OP: a login so recent that the skew would cover it is stale', async () => {
  const sso = clock.time - 10
  const { challenge, nonce, prompt } = await ask({ auth_time: sso })
  expect(await josh.prove(challenge, await authenticate({ nonce }, sso))).toMatchObject(denied('stale'))
  expect(await josh.prove(challenge, await authenticate({ nonce, prompt }, sso))).toMatchObject(granted)
})

describe('an old ID Token replayed', () => {
  it('of the former login is nonce_mismatch', async () => {
    const { challenge } = await ask()
    const first = await op.mint({ nonce: 'of-the-first-login', auth_time: clock.time })
    expect(await josh.prove(challenge, first)).toMatchObject(denied('nonce_mismatch'))
  })

  it('after it has been proof once is already_used', async () => {
    const { challenge, proof } = await stepUp()
    expect(await josh.prove(challenge, proof)).toMatchObject(denied('already_used'))
  })
})

it.each<[string, object, Minting]>([
  ['another client', { aud: 'other' }, {}],
  ['two audiences, with no azp to say whose it is', { aud: ['payments', 'partner'] }, {}],
  ['an untrusted audience', { aud: ['payments', 'stranger'], azp: 'payments' }, {}],
  ['another client by azp', { azp: 'partner' }, {}],
  ['a sibling tenant that shares the keys', { iss: 'https://login.example/tenant-b' }, {}],
  ['a tenant that calls itself ours, with keys of its own', {}, { foreignKey: true }],
])("another's ID Token, for %s: invalid_token", async (_, claims, minting) => {
  shop = openShop(op, clock, { trustedAudiences: ['partner'] })
  josh = new Browser(shop.app)
  const { challenge, nonce } = await ask()
  const proof = await op.mint({ nonce, ...claims }, minting)
  expect(await josh.prove(challenge, proof)).toMatchObject(denied('invalid_token'))
})

describe('a forged signature', () => {
  it.each<[string, () => Minting]>([
    ['alg none', () => ({ alg: 'none' })],
    ['HS256 with the public key as secret', () => ({ alg: 'HS256' })],
    ["the attacker's jku", () => ({ foreignKey: true, header: { jku: op.foreignJku } })],
    ["the attacker's jwk", () => ({ foreignKey: true, header: { jwk: op.foreignJwk } })],
  ])('%s: invalid_token', async (_, minting) => {
    const { challenge, nonce } = await ask()
    expect(await josh.prove(challenge, await op.mint({ nonce }, minting()))).toMatchObject(
      denied('invalid_token'),
    )
    expect(op.requests.foreign).toBe(0)
  })

  it('a flood of unknown kids makes us fetch keys once', async () => {
    await ask()
    const before = op.requests.jwks
    for (let n = 0; n < 50; n++) {
      const id_token = await op.mint({}, { header: { kid: `made-up-${n}` } })
      expect((await josh.ask({ action: 'email.change', id_token })).body).not.toHaveProperty('challenge')
    }
    expect(op.requests.jwks).toBe(before + 1)
  })
})

it('nonces swapped: the answer to one challenge is no answer to another', async () => {
  const [a, b] = [await ask(), await ask()]
  const proofOfA = await authenticate(a, 0)
  expect(await josh.prove(b.challenge, proofOfA)).toMatchObject(denied('nonce_mismatch'))
  expect(await josh.prove(a.challenge, proofOfA)).toMatchObject(granted)
})

it('sub swapped: another person who authenticates for this one is subject_mismatch', async () => {
  const { challenge, nonce } = await ask()
  const janes = await op.mint({ nonce, sub: 'jane' })
  expect(await josh.prove(challenge, janes)).toMatchObject(denied('subject_mismatch'))
})

it('another login started: a fresh plain login beside the challenge is nonce_mismatch', async () => {
  const { challenge } = await ask()
  clock.advance(5)
  const plain = await authenticate({ nonce: 'of-the-client', prompt: 'login' }, 0)
  expect(await josh.prove(challenge, plain)).toMatchObject(denied('nonce_mismatch'))
})

it('browsers swapped: the attacker cannot prove with the login that he lured the person into', async () => {
  const { challenge, ...request } = await ask()
  const lured = await authenticate(request, 0)
  const other = new Browser(shop.app)
  expect(await other.prove(challenge, lured)).toMatchObject(denied('binding_mismatch'))
  // With a cookie from the same API, too.
  await other.approve()
  expect(await other.prove(challenge, lured)).toMatchObject(denied('binding_mismatch'))
})

it.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  'https://evil.example/',
  'https://app.example.evil.example/',
  'https://app.example//evil.example',
])('open redirect by returnTo: %j is refused', returnTo => {
  expect(() => resolveReturnTo(returnTo, 'https://app.example')).toThrow('returnTo')
})

it('injected code runs prompt=none with a fresh nonce after a real login: stale', async () => {
  // It asks with the oldest token it can find, so that no baseline stands in its way.
  const [wanted, hidden] = [await ask(), await ask()]
  clock.advance(5)
  const sso = clock.time
  expect(await josh.prove(wanted.challenge, await authenticate(wanted, sso))).toMatchObject(granted)
  const silent = await authenticate({ nonce: hidden.nonce, prompt: 'none' }, sso)
  expect(await josh.prove(hidden.challenge, silent)).toMatchObject(denied('stale'))
})

it('injected code asks for 1,000 challenges: nothing is kept for them, and the person is still served', async () => {
  const keys: string[] = []
  const kept = memoryStore({ now: clock.now })
  const store: FreshnessStore = {
    consume(...entry) {
      keys.push(entry[0])
      return kept.consume(...entry)
    },
    advance(...entry) {
      keys.push(entry[0])
      return kept.advance(...entry)
    },
    redeem(...entry) {
      keys.push(entry[0])
      return kept.redeem(...entry)
    },
  }
  shop = openShop(op, clock, { store })
  josh = new Browser(shop.app)
  const id_token = await op.mint({ auth_time: clock.time - 3600 })
  for (let count = 0; count < 1_000; count++) {
    expect((await josh.ask({ action: 'email.change', id_token })).status).toBe(401)
  }
  expect((await josh.approve(payment)).status).toBe(401)
  expect(keys).toEqual([])
  const { grant } = await stepUp()
  expect(await josh.approve(payment, grant)).toMatchObject({ status: 200 })
})

describe('local state forged', () => {
  it('the endpoint takes no claim of the client’s about itself', async () => {
    const id_token = await op.mint({ auth_time: clock.time - 3600 })
    const lie = { fresh: true, auth_time: clock.time, max_age: 9999 }
    const reply = await josh.ask({ action: 'email.change', id_token, ...lie })
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  it('a grant of the client’s own making is a 401, and nothing happens', async () => {
    const { grant } = await stepUp()
    const claims = { ...decodeJwt(grant), jti: 'made-up' }
    const forged = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'HS256', typ: 'step-up-grant+jwt' })
      .sign(testKey(9))
    for (const lie of ['true', forged]) expect((await josh.approve(payment, lie)).status).toBe(401)
    expect(shop.ledger).toEqual([])
  })
})

describe('time of check, time of use', () => {
  it('an amount changed after the proof is a 401', async () => {
    const { grant } = await stepUp()
    expect((await josh.approve({ ...payment, cents: 925_000 }, grant)).status).toBe(401)
    expect(shop.ledger).toEqual([])
  })

  it('of two calls at once with one grant, one goes through', async () => {
    const { grant } = await stepUp()
    const replies = await Promise.all([josh.approve(payment, grant), josh.approve(payment, grant)])
    expect(replies.map(reply => reply.status).sort()).toEqual([200, 401])
    expect(shop.ledger).toHaveLength(1)
  })
})

describe('clock skew', () => {
  it.each([
    ['ahead', 25, granted],
    ['behind', -25, denied('clock_skew')],
    ['far behind', -120, denied('clock_skew')],
  ])(
    'an OP whose clock is %s, by %i s, against a login two seconds after the challenge',
    async (_, ahead, outcome) => {
      opAhead = ahead
      const { challenge, ...request } = await ask()
      clock.advance(1)
      expect(await josh.prove(challenge, await authenticate(request, 0))).toMatchObject(outcome)
    },
  )

  it('an OP whose clock jumps two minutes ahead: clock_skew', async () => {
    const { challenge, ...request } = await ask()
    opAhead = 120
    expect(await josh.prove(challenge, await authenticate(request, 0))).toMatchObject(denied('clock_skew'))
  })
})

// JSON has no NaN: an OP in JavaScript sends null for it, others the text.
it.each([
  ['absent', undefined, 'auth_time_missing'],
  ['NaN', Number.NaN, 'auth_time_missing'],
  ['NaN as text', 'NaN', 'invalid_token'],
  ['a string', '1800000000', 'invalid_token'],
  ['in milliseconds', 1_800_000_000_000, 'auth_time_in_future'],
])('auth_time %s: %s is never replaced by iat, under maxAge 0 either', async (_, auth_time, error) => {
  const actions = { 'payment.approve': { reauthenticate: true }, 'email.change': { maxAge: 0 } } as const
  josh.app = openShop(op, clock, { actions }).app
  for (const action of Object.keys(actions)) {
    const { challenge, nonce } = await ask({}, action)
    const proof = await op.mint({ nonce, auth_time, iat: clock.time })
    expect(await josh.prove(challenge, proof)).toMatchObject(denied(error))
  }
})

it('a federated upstream that asked no question but has a new auth_time is refused as federated', async () => {
  const localIdp = ({ idp }: Readonly<Record<string, unknown>>) => idp === 'local'
  josh.app = openShop(op, clock, { actions: { 'payment.approve': { reauthenticate: true, localIdp } } }).app
  const { challenge, nonce } = await ask()
  for (const idp of ['google', undefined]) {
    expect(await josh.prove(challenge, await op.mint({ nonce, idp }))).toMatchObject(denied('federated'))
  }
  expect(await josh.prove(challenge, await op.mint({ nonce, idp: 'local' }))).toMatchObject(granted)
})

describe('a grant stolen, or taken for another action', () => {
  it.each<[string, (grant: string) => Promise<Reply>]>([
    ['in another browser', grant => new Browser(shop.app).approve(payment, grant)],
    [
      "in another person's session in the same browser",
      grant => Object.assign(josh, { subject: 'jane' }).approve(payment, grant),
    ],
    ['for another action', grant => josh.send('/api/payments/reject', payment, { 'Step-Up-Grant': grant })],
    [
      'a minute later',
      grant => {
        clock.advance(60)
        return josh.approve(payment, grant)
      },
    ],
  ])('%s is a 401', async (_, misuse) => {
    const { grant } = await stepUp()
    expect((await misuse(grant)).status).toBe(401)
    expect(shop.ledger).toEqual([])
  })
})

describe('a refresh token used to make an old login look new', () => {
  it('the refreshed ID Token repeats the nonce of a proof: already_used', async () => {
    const { challenge, proof } = await stepUp()
    const { nonce, auth_time } = decodeJwt(proof)
    clock.advance(60)
    const refreshed = await op.mint({ nonce, auth_time })
    expect(await josh.prove(challenge, refreshed)).toMatchObject(denied('already_used'))
  })

  it('its new iat does not make the session fresh', async () => {
    const refreshed = await op.mint({ auth_time: clock.time - 3600, iat: clock.time })
    const reply = await josh.ask({ action: 'email.change', id_token: refreshed })
    expect(reply).toMatchObject({ status: 401, body: { status: 'challenged' } })
  })
})

describe('holes that remain', () => {
  it('one login, several challenges: the second is stale', async () => {
    const [a, b] = [await ask({ auth_time: undefined }), await ask({ auth_time: undefined })]
    clock.advance(5)
    const login = clock.time
    expect(await josh.prove(a.challenge, await authenticate({ nonce: a.nonce }, login))).toMatchObject(
      granted,
    )
    expect(await josh.prove(b.challenge, await authenticate({ nonce: b.nonce }, login))).toMatchObject(
      denied('stale'),
    )
  })

  it.each([
    [0, 'clock_skew'],
    [1, 'stale'],
    [10, 'stale'],
    [31, 'stale'],
  ])('a login %i s before the challenge is refused where no baseline tells of it: %s', async (ago, error) => {
    const login = clock.time - ago
    const { challenge, nonce } = await ask({ auth_time: undefined })
    expect(await josh.prove(challenge, await authenticate({ nonce }, login))).toMatchObject(denied(error))
  })

  it('two logins in one second count as one, so the person is asked once more', async () => {
    const [a, b] = [await ask(), await ask()]
    expect(await josh.prove(a.challenge, await authenticate(a, 0))).toMatchObject(granted)
    expect(await josh.prove(b.challenge, await authenticate(b, 0))).toMatchObject(denied('stale'))
    const c = await ask()
    expect(await josh.prove(c.challenge, await authenticate(c, 0))).toMatchObject(granted)
  })

  it.each([
    [30, granted],
    [31, denied('auth_time_in_future')],
  ])(
    'an OP that dates logins %i s ahead makes them last that much longer, and no more',
    async (ahead, outcome) => {
      const { challenge, nonce } = await ask({}, 'email.change')
      const auth_time = clock.time + ahead
      expect(await josh.prove(challenge, await op.mint({ nonce, auth_time }))).toMatchObject(outcome)
    },
  )

  it('an OP that moves auth_time without asking the person is believed', async () => {
    const { challenge, nonce } = await ask()
    clock.advance(5)
    expect(await josh.prove(challenge, await op.mint({ nonce, auth_time: clock.time }))).toMatchObject(
      granted,
    )
  })

  it('a person whose sub has changed is another person', async () => {
    const { challenge, nonce } = await ask()
    const renamed = await op.mint({ nonce, sub: 'josh.rivera', email: 'josh@example.com' })
    expect(await josh.prove(challenge, renamed)).toMatchObject(denied('subject_mismatch'))
  })

  it('an OP that does not echo the nonce cannot prove anything', async () => {
    const { challenge } = await ask()
    clock.advance(5)
    expect(await josh.prove(challenge, await op.mint({ auth_time: clock.time }))).toMatchObject(
      denied('nonce_mismatch'),
    )
  })
})
