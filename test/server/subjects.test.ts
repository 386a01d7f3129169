import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../src/core/provider-profile.ts'
import { createAccessTokenGuard } from '../../src/server/access-token.ts'
import {
  createFreshnessGuard,
  type FreshnessStore,
  type GuardOptions,
  memoryStore,
} from '../../src/server/index.ts'
import { testKey } from '../support/keys.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { Browser, ManualClock, type Reply } from '../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
})

type Claims = Readonly<Record<string, unknown>>

/** How a vendor names one person in its two kinds of token, and another person. */
interface Vendor {
  readonly profile: ProviderProfile
  readonly id: Claims
  readonly access: Claims
  readonly otherId: Claims
  readonly otherAccess: Claims
  readonly subject: string
}

const vendors: [string, Vendor][] = [
  [
    'Okta, whose access tokens have the login name in sub',
    {
      profile: {
        name: 'Okta',
        subjectOf: ({ sub, uid }, token) => (token === 'id_token' ? sub : uid),
      },
      id: { sub: '00u1' },
      access: { sub: 'josh@example.com', uid: '00u1' },
      otherId: { sub: '00u2' },
      // The name was Josh's and is Jane's now.
      otherAccess: { sub: 'josh@example.com', uid: '00u2' },
      subject: '00u1',
    },
  ],
  [
    'Entra, whose sub is another for each registration',
    {
      profile: {
        name: 'Entra',
        subjectOf: ({ tid, oid }) => (typeof oid === 'string' ? `${tid}.${oid}` : undefined),
      },
      id: { sub: 'of-the-app', tid: 't1', oid: 'o1' },
      access: { sub: 'of-the-api', tid: 't1', oid: 'o1' },
      otherId: { sub: 'of-the-app', tid: 't2', oid: 'o1' },
      otherAccess: { sub: 'of-the-api', tid: 't1', oid: 'o2' },
      subject: 't1.o1',
    },
  ],
]

/** An API that knows people by access tokens and has payments approved with a step-up, as the README has it. */
function openApi(options: Partial<GuardOptions>) {
  const keys: string[] = []
  const memory = memoryStore({ now: clock.now })
  const store: FreshnessStore = {
    ...memory,
    since: 0,
    redeem: (consumeKey, advanceKey, ...entry) => {
      // The trial before the first use has keys of its own.
      if (advanceKey.startsWith('login:')) keys.push(advanceKey)
      return memory.redeem(consumeKey, advanceKey, ...entry)
    },
  }
  const common = { issuer: op.issuer, store, now: clock.now, ...options }
  const accessTokens = createAccessTokenGuard({ ...common, audience: 'https://api.example' })
  const guard = createFreshnessGuard({
    ...{ ...common, clientId: 'payments', audience: 'https://api.example', keys: [testKey(1)] },
    actions: { pay: { reauthenticate: true }, mail: { maxAge: 300 } },
  })
  const app = {
    async request(request: Request): Promise<Response> {
      if (new URL(request.url).pathname === '/api/freshness') return guard.handler(request)
      try {
        const { subject } = await accessTokens.requireAccessToken(request)
        const record = await guard.require(request, 'pay', { subject })
        return Response.json({ subject: record.subject })
      } catch (error) {
        return (error as { toResponse(): Response }).toResponse()
      }
    },
  }
  return { browser: new Browser(app), keys }
}

async function pay(browser: Browser, claims: Claims, grant?: string): Promise<Reply> {
  const token = await op.mint({ aud: 'https://api.example', ...claims }, { header: { typ: 'at+jwt' } })
  const headers = { Authorization: `Bearer ${token}`, ...(grant && { 'Step-Up-Grant': grant }) }
  return browser.send('/pay', {}, headers)
}

describe.each(vendors)('%s', (_, vendor) => {
  const { profile, id, access, otherId, otherAccess, subject } = vendor

  it('a person who asks, proves and pays is one person', async () => {
    const { browser, keys } = openApi({ provider: profile })
    const asked = await browser.ask({
      action: 'pay',
      id_token: await op.mint({ ...id, auth_time: clock.time - 60 }),
    })
    expect(asked.status).toBe(401)
    clock.advance(1)
    const { challenge, nonce } = asked.body
    const { status, body } = await browser.prove(challenge, await op.mint({ ...id, nonce }))
    expect(status).toBe(200)
    const paid = await pay(browser, access, body.grant)
    expect(paid).toMatchObject({ status: 200, body: { subject } })
    // Two people must not share an entry, whatever their raw `sub` is.
    expect(keys).toHaveLength(1)
    const other = openApi({ provider: profile })
    const again = await other.browser.ask({
      action: 'pay',
      id_token: await op.mint({ ...otherId, auth_time: clock.time - 60 }),
    })
    clock.advance(1)
    const proof = await op.mint({ ...otherId, nonce: again.body.nonce })
    expect((await other.browser.prove(again.body.challenge, proof)).status).toBe(200)
    expect(other.keys[0]).not.toBe(keys[0])
  })

  it('a payment without a grant is challenged, and the proof of the ID Token answers that challenge', async () => {
    const { browser } = openApi({ provider: profile })
    const { status, body: demand } = await pay(browser, access)
    expect(status).toBe(401)
    clock.advance(1)
    const { status: proved, body } = await browser.prove(
      demand.challenge,
      await op.mint({ ...id, nonce: demand.nonce }),
    )
    expect(proved).toBe(200)
    expect((await pay(browser, access, body.grant)).status).toBe(200)
  })

  it('another person neither answers the challenge nor uses the grant', async () => {
    const { browser } = openApi({ provider: profile })
    const { body: demand } = await pay(browser, access)
    clock.advance(1)
    const { challenge, nonce } = demand
    const theirs = await browser.prove(challenge, await op.mint({ ...otherId, nonce }))
    expect(theirs.body).toMatchObject({ error: 'subject_mismatch' })
    const { body } = await browser.prove(challenge, await op.mint({ ...id, nonce }))
    expect((await pay(browser, otherAccess, body.grant)).status).toBe(401)
    expect((await pay(browser, access, body.grant)).status).toBe(200)
  })

  it('without the profile a person is challenged for ever', async () => {
    const { browser } = openApi({})
    const { body: demand } = await pay(browser, access)
    clock.advance(1)
    const { body } = await browser.prove(demand.challenge, await op.mint({ ...id, nonce: demand.nonce }))
    expect(body).toMatchObject({ error: 'subject_mismatch' })
  })
})

describe('a rule that names nobody', () => {
  const throws = (): never => {
    throw new Error('x')
  }
  it.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['null', () => null],
    ['an empty text', () => ''],
    ['a number', () => 7],
    ['a list', () => ['josh']],
    ['an error', throws],
  ])('and gives %s is invalid_token everywhere, and reported as no failure', async (_, subjectOf) => {
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const { browser } = openApi({ subjectOf, onError })
    expect(await pay(browser, { sub: 'josh' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
    const denied = { status: 403, body: { status: 'denied', error: 'invalid_token' } }
    expect(await browser.ask({ action: 'mail', id_token: await op.mint() })).toMatchObject(denied)
    // Its challenge is of a time when the rule still had a name.
    const before = openApi({})
    const { body } = await before.browser.ask({ action: 'pay', id_token: await op.mint() })
    for (const [name, value] of before.browser.cookies) browser.cookies.set(name, value)
    clock.advance(1)
    const proof = await op.mint({ nonce: body.nonce })
    expect(await browser.prove(body.challenge, proof)).toMatchObject(denied)
    expect(errors).toEqual([])
  })
})

it('a rule that is async names nobody, and is reported, also where it rejects', async () => {
  for (const subjectOf of [async () => 'josh', () => Promise.reject(new Error('x'))]) {
    const errors: unknown[] = []
    const { browser } = openApi({ subjectOf, onError: error => errors.push(error) })
    expect(await pay(browser, { sub: 'josh' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
    const asked = await browser.ask({ action: 'mail', id_token: await op.mint() })
    expect(asked).toMatchObject({ status: 403, body: { error: 'invalid_token' } })
    // One for each of the two guards.
    const fault = { code: 'configuration_invalid', message: expect.stringMatching(/subjectOf/) }
    expect(errors).toMatchObject([fault, fault])
  }
})

it('the guard’s own rule goes before the profile’s', async () => {
  const provider: ProviderProfile = { name: 'x', subjectOf: ({ oid }) => oid }
  const { browser } = openApi({ provider, subjectOf: ({ sub }) => sub })
  const claims = { sub: 'josh', oid: 'other' }
  const { status, body } = await browser.ask({ action: 'mail', id_token: await op.mint(claims) })
  expect(status).toBe(200)
  const [, payload = ''] = (body.grant ?? '').split('.')
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: 'josh' })
})

it('a rule is told which token the claims are of', async () => {
  const kinds: string[] = []
  const { browser } = openApi({
    subjectOf({ sub }, token) {
      kinds.push(token)
      return sub
    },
  })
  await pay(browser, { sub: 'josh' })
  await browser.ask({ action: 'mail', id_token: await op.mint() })
  expect(kinds).toEqual(['access_token', 'id_token'])
})
