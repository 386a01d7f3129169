import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ActionPolicy, GuardOptions } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, type Reply } from '../../support/shop.ts'

const clock = new ManualClock()
const start = 1_800_000_000
let op: ScriptedOp

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = start
})

type Claims = Readonly<Record<string, unknown>>

const granted = { status: 200, body: { status: 'granted' } }
const denied = (error: string) => ({ status: 403, body: { status: 'denied', error } })
const actions: Record<string, ActionPolicy> = { now: { reauthenticate: true }, soon: { maxAge: 300 } }

const browserOf = (options: Partial<GuardOptions>): Browser =>
  new Browser(openShop(op, clock, { actions, ...options }).app)

/** Asks with the ID Token of a session of an hour ago, and proves a second later with a new login. */
async function prove(
  options: Partial<GuardOptions>,
  proof: Claims | ((challengedAt: number) => Claims),
  action = 'now',
  session: Claims = {},
): Promise<Reply> {
  const browser = browserOf(options)
  const lag = options.provider?.iatLag ?? 0
  const usual = { iat: clock.time - lag, auth_time: clock.time - 3600 }
  const asked = await browser.ask({ action, id_token: await op.mint({ ...usual, ...session }) })
  if (asked.status !== 401) return asked
  const { challenge, nonce } = asked.body
  const challengedAt = clock.time
  clock.advance(1)
  const claims = typeof proof === 'function' ? proof(challengedAt) : proof
  return browser.prove(challenge, await op.mint({ nonce, ...claims }))
}

describe('trusted audiences of an ID Token', () => {
  const ask = async (claims: Claims, options: Partial<GuardOptions>) =>
    browserOf(options).ask({ action: 'soon', id_token: await op.mint(claims) })
  const project = { aud: ['payments', 'project-1'], azp: 'payments' }
  const trustsAll = { name: 'Zitadel', trustedAudiences: () => true }

  it('may be a list or a rule, of the profile or of the guard', async () => {
    for (const trustedAudiences of [['project-1'], (audience: string) => audience === 'project-1']) {
      expect(await ask(project, { trustedAudiences })).toMatchObject(granted)
      expect(await ask(project, { provider: { name: 'x', trustedAudiences } })).toMatchObject(granted)
    }
  })

  it('are the guard’s own rather than the profile’s', async () => {
    const options = { provider: trustsAll, trustedAudiences: ['project-2'] }
    expect(await ask(project, options)).toMatchObject(denied('invalid_token'))
  })

  it('are none by default, and the answer names the audience and the option', async () => {
    const reply = await ask(project, {})
    expect(reply).toMatchObject(denied('invalid_token'))
    expect(reply.body.error_description).toMatch(/aud.*project-1.*trustedAudiences/)
  })

  it.each<[string, Claims, string | null]>([
    ['with our client and azp', project, null],
    ['without azp', { aud: ['payments', 'project-1'] }, 'invalid_token'],
    ['with the azp of another', { aud: ['payments', 'project-1'], azp: 'project-1' }, 'invalid_token'],
    ['without our client', { aud: ['project-1'], azp: 'payments' }, 'invalid_token'],
    ['of another audience alone', { aud: 'project-1' }, 'invalid_token'],
    ['of ours alone', { aud: 'payments' }, null],
    ['of ours in a list of one', { aud: ['payments'] }, null],
  ])('that are all trusted still leave out an ID Token %s', async (_, claims, error) => {
    const reply = await ask(claims, { provider: trustsAll })
    expect(reply).toMatchObject(error === null ? granted : denied(error))
  })

  it.each<[string, () => unknown]>([
    ['false', () => false],
    ['1', () => 1],
    ['a promise', async () => true],
    ['undefined', () => undefined],
    [
      'an error',
      () => {
        throw new Error('x')
      },
    ],
  ])('are not trusted by a rule that gives %s', async (_, rule) => {
    const reply = await ask(project, { trustedAudiences: rule as () => boolean })
    expect(reply).toMatchObject(denied('invalid_token'))
  })

  it('are not trusted where an empty list takes back what the profile trusts', async () => {
    const provider = { name: 'x', trustedAudiences: () => true }
    expect(await ask(project, { provider })).not.toMatchObject(denied('invalid_token'))
    expect(await ask(project, { provider, trustedAudiences: [] })).toMatchObject(denied('invalid_token'))
  })

  it.each<[string, object]>([
    ['text', { trustedAudiences: 'project-1' }],
    ['true', { trustedAudiences: true }],
    ['text of the profile', { provider: { name: 'x', trustedAudiences: 'project-1' } }],
  ])('cannot be %s', (_, options) => {
    expect(() => browserOf(options)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
  })
})

describe('an iat that the OP dates back by 300 s', () => {
  const provider = { name: 'Entra', iatLag: 300 }

  // The challenge is of `start`, the proof arrives a second later, the skew is 30 s.
  it.each<[string, number, string | null]>([
    ['as the OP writes it', start + 1 - 300, null],
    ['31 s before the challenge', start - 300 - 31, 'clock_skew'],
    ['30 s before the challenge', start - 300 - 30, null],
    ['29 s before the challenge', start - 300 - 29, null],
    ['29 s ahead', start + 1 - 300 + 29, null],
    ['30 s ahead', start + 1 - 300 + 30, null],
    ['31 s ahead', start + 1 - 300 + 31, 'clock_skew'],
    ['that is not dated back', start + 1, 'clock_skew'],
  ])('%s, in a proof', async (_, iat, error) => {
    const reply = await prove({ provider }, { iat })
    expect(reply).toMatchObject(error === null ? granted : denied(error))
  })

  it('that is not dated back is refused until the lag less the skew has passed, and the answer says why', async () => {
    const reply = await prove({ provider }, { iat: start + 1 })
    expect(reply.body.error_description).toBe('iat is in the future, see iatLag of the provider')
    const without = await prove({}, challengedAt => ({ iat: challengedAt + 1 + 31 }))
    expect(without.body).toMatchObject({ error: 'clock_skew', error_description: 'iat is in the future' })
    const ask = async (iat: number): Promise<Reply> =>
      browserOf({ provider }).ask({ action: 'soon', id_token: await op.mint({ iat, auth_time: clock.time }) })
    expect(await ask(clock.time - 269)).toMatchObject(denied('clock_skew'))
    expect(await ask(clock.time - 270)).toMatchObject(granted)
  })

  it('is refused without the profile, as before', async () => {
    const backdated = { iat: start + 1 - 300 }
    expect(await prove({}, backdated)).toMatchObject(denied('clock_skew'))
  })

  it('does not make the OP’s clock look slow, so that a login in time is told from an old one', async () => {
    op.dateHeaders = () => ({})
    const iat = start + 1 - 300
    // With a clock that looks slow, this would be `clock_skew`.
    const reply = await prove({ provider }, { iat, auth_time: start - 10 })
    expect(reply).toMatchObject(denied('stale'))
  })

  it('still shows an OP whose clock is ahead', async () => {
    op.dateHeaders = () => ({})
    const ahead = 20
    const session = { iat: start - 300 + ahead }
    const browser = browserOf({ provider })
    const id_token = await op.mint({ ...session, auth_time: start - 3600 })
    await browser.ask({ action: 'now', id_token })
    const { body } = await browser.ask({ action: 'now', id_token })
    expect(decodeJwt(body.challenge ?? '')).toMatchObject({ op_offset: -21 })
  })
})

describe('authentication contexts in acrs', () => {
  const provider = { name: 'Entra', acrClaim: 'acrs' } as const
  const policies: Record<string, ActionPolicy> = {
    now: { reauthenticate: true, acrValues: ['c1', 'c2'] },
    soon: { maxAge: 300, acrValues: ['c1', 'c2'] },
  }

  it.each<[unknown, string | null]>([
    [['c1'], null],
    [['c3', 'c2'], null],
    [['c3'], 'acr_unmet'],
    ['c1', 'acr_unmet'],
    [undefined, 'acr_unmet'],
  ])('%j in a proof', async (acrs, error) => {
    const reply = await prove({ provider, actions: policies }, { acrs, acr: 'c1' })
    expect(reply).toMatchObject(error === null ? granted : denied(error))
  })

  it('count for a login that is fresh enough, and the grant has the one that met the policy', async () => {
    const session = { acrs: ['c3', 'c2'], auth_time: start }
    const reply = await prove({ provider, actions: policies }, {}, 'soon', session)
    expect(reply).toMatchObject(granted)
    expect(decodeJwt(reply.body.grant ?? '')).toMatchObject({ acr: 'c2' })
  })

  it('do not count where the provider reports acr', async () => {
    const reply = await prove({ actions: policies }, { acrs: ['c1'] })
    expect(reply).toMatchObject(denied('acr_unmet'))
  })
})

describe('localIdp: true', () => {
  const provider = { name: 'x', localIdp: ({ idp }: Claims) => idp === 'local' }
  const policies = { now: { reauthenticate: true, localIdp: true } } as const
  it.each<[unknown, string | null]>([
    ['local', null],
    ['google', 'federated'],
    [undefined, 'federated'],
  ])('asks the provider’s rule about %s', async (idp, error) => {
    const reply = await prove({ provider, actions: policies }, { idp })
    expect(reply).toMatchObject(error === null ? granted : denied(error))
  })

  it('counts in the digest of the policy as a function does', async () => {
    const byHand = { now: { reauthenticate: true, localIdp: () => true } } as const
    const digest = async (options: Partial<GuardOptions>): Promise<unknown> =>
      decodeJwt((await prove(options, { idp: 'local' })).body.grant ?? '').policy
    expect(await digest({ provider, actions: policies })).toBe(await digest({ actions: byHand }))
  })
})

describe('an access token that is made out to the client', () => {
  const provider = { name: 'FusionAuth', isAccessToken: ({ applicationId }: Claims) => applicationId === 'a' }
  const access = { applicationId: 'a', auth_time: start }

  it('is no ID Token of a session, and none of a proof', async () => {
    const refusal = denied('invalid_token')
    expect(await prove({ provider }, {}, 'soon', access)).toMatchObject(refusal)
    const reply = await prove({ provider }, { ...access, auth_time: start + 1 })
    expect(reply).toMatchObject(refusal)
    expect(reply.body.error_description).toMatch(/isAccessToken/)
    expect(await prove({ provider }, {}, 'soon', { auth_time: start })).toMatchObject(granted)
  })

  it.each<[string, () => unknown]>([
    ['throws', () => JSON.parse('')],
    ['gives 1', () => 1],
    ['is async', () => Promise.reject(new Error('x'))],
  ])('is told by no rule that %s', async (_, rule) => {
    const isAccessToken = rule as () => boolean
    expect(await prove({ provider: { name: 'x', isAccessToken } }, {}, 'soon', access)).toMatchObject(granted)
  })
})

describe('a rule of the options that', () => {
  const fails = (): never => {
    throw new Error('x')
  }
  const rejects = () => Promise.reject(new Error('x')) as never
  it.each<[string, () => boolean]>([
    ['throws', fails],
    ['is async', rejects],
  ])('%s says no, and onError hears of it once in 30 seconds', async (_, rule) => {
    for (const [options, audience, error] of [
      [{ trustedAudiences: rule }, ['payments', 'other'], 'invalid_token'],
      [{ actions: { now: { reauthenticate: true, localIdp: rule } } }, 'payments', 'federated'],
      [
        {
          actions: { now: { reauthenticate: true, localIdp: true } },
          provider: { name: 'x', localIdp: rule },
        },
        'payments',
        'federated',
      ],
    ] as const) {
      const shop = openShop(op, clock, { actions, ...options })
      const browser = new Browser(shop.app)
      const session = await op.mint({ auth_time: clock.time - 3600 })
      const { body } = await browser.ask({ action: 'now', id_token: session })
      clock.advance(1)
      const proof = await op.mint({ nonce: body.nonce, aud: audience, azp: 'payments' })
      expect(await browser.prove(body.challenge, proof)).toMatchObject(denied(error))
      expect(await browser.prove(body.challenge, proof)).toMatchObject(denied(error))
      expect(shop.errors).toMatchObject([{ code: 'configuration_invalid' }])
      clock.advance(30)
      await browser.prove(body.challenge, proof)
      expect(shop.errors).toHaveLength(2)
    }
  })
})

describe('a maxAge policy', () => {
  it('is met by the person’s login anywhere, where that is what auth_time says', async () => {
    const provider = { name: 'GitLab', authTime: 'person' } as const
    const options = { provider, actions: { soon: { maxAge: 300 } } }
    expect(await prove(options, {}, 'soon', { auth_time: start - 300 })).toMatchObject(granted)
  })
})

describe('an ID Token that is refused', () => {
  const described = async (claims: Claims, minting = {}) => {
    const id_token = await op.mint(claims, minting)
    const { status, body } = await browserOf({}).ask({ action: 'soon', id_token })
    expect([status, body.error]).toEqual([
      403,
      expect.stringMatching(/^(invalid_token|auth_time_in_future)$/),
    ])
    for (const part of id_token.split('.')) expect(JSON.stringify(body)).not.toContain(part)
    return body.error_description
  }

  it.each<[RegExp, Claims, object]>([
    [/\baud\b/, { aud: 'other' }, {}],
    [/\biss\b/, { iss: 'https://evil.example' }, {}],
    [/\bazp\b/, { azp: 'other' }, {}],
    [/\bnbf\b/, { nbf: start + 31 }, {}],
    [/\bexp\b/, { exp: 'soon' }, {}],
    [/^auth_time /, { auth_time: 'soon' }, {}],
    [/^auth_time /, { auth_time: start + 31 }, {}],
    [/signature/, {}, { foreignKey: true }],
    [/\balg\b/, {}, { alg: 'HS256' }],
    [/\btyp\b/, {}, { header: { typ: 'at+jwt' } }],
    [/^kid /, {}, { header: { kid: 'unheard-of' } }],
  ])('says which claim is wrong: %s', async (words, claims, minting) => {
    expect(await described(claims, minting)).toMatch(words)
  })

  it('as a proof says which claim is wrong too', async () => {
    const expired = await prove({}, () => ({ exp: start - 60 }))
    expect(expired.body).toMatchObject({ error: 'invalid_token', error_description: 'exp is over' })
    const browser = browserOf({})
    const { body } = await browser.ask({ action: 'now', id_token: await op.mint({ auth_time: start }) })
    expect((await browser.prove('x.y.z', await op.mint())).body.error_description).toMatch(/challenge/)
    expect((await browser.prove(body.challenge, 'x.y.z')).body.error_description).toMatch(/ID Token/)
  })

  it('for another reason has no description', async () => {
    const reply = await prove({}, { auth_time: start - 60 })
    expect(reply.body).toEqual({ status: 'denied', error: 'stale' })
  })

  it('because authenticate knows no person says so', async () => {
    const reply = await browserOf({ authenticate: () => null }).ask({ action: 'soon' })
    expect(reply.body).toMatchObject({ error: 'invalid_token', error_description: /authenticate/ })
  })
})

it.each<[string, Claims]>([
  ['a numeric acr', { acr: 1 }],
  ['amr as text', { amr: 'pwd' }],
  ['email_verified as text', { email_verified: 'true' }],
  ['an aud of one element', { aud: ['payments'] }],
  ['a sub of 255 characters', { sub: 'ü'.repeat(255) }],
  ['a sub that is not ASCII', { sub: 'Жижка 😀' }],
])('an ID Token with %s is taken, in a session and in a proof', async (_, claims) => {
  expect(await prove({}, claims, 'soon', { ...claims, auth_time: start })).toMatchObject(granted)
  expect(await prove({}, claims, 'now', claims)).toMatchObject(granted)
})
