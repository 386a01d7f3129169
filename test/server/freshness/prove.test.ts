import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextHash } from '../../../src/server/index.ts'
import { testKey } from '../../support/keys.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import {
  Browser,
  ManualClock,
  openShop,
  payment,
  type Reply,
  type Shop,
  shopActions,
} from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let josh: Browser

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  shop = openShop(op, clock)
  josh = new Browser(shop.app)
})

const granted = { status: 200, body: { status: 'granted', expires_in: 60 } }
const denied = (error: string) => ({ status: 403, body: { status: 'denied', error } })

/** Josh, who signed in an hour ago, asks to approve the payment. The challenge is a second old when he goes on. */
async function ask(browser = josh, session: object = {}, action = 'payment.approve'): Promise<Reply['body']> {
  const id_token = await op.mint({ auth_time: clock.time - 3600, ...session })
  const context_hash = await contextHash(payment)
  const { status, body } = await browser.ask({ action, context_hash, id_token })
  expect(status).toBe(401)
  clock.advance(1)
  return body
}

describe('an honest proof', () => {
  it('is granted, and the grant says what was proved', async () => {
    const { challenge, nonce } = await ask()
    clock.advance(20)
    const proof = await op.mint({ nonce, acr: 'urn:mfa', amr: ['pwd', 'otp'], auth_time: clock.time - 2 })
    const reply = await josh.prove(challenge, proof)
    expect(reply).toMatchObject(granted)
    expect(decodeJwt(reply.body.grant ?? '')).toMatchObject({
      iss: op.issuer,
      aud: 'https://api.example',
      sub: 'josh',
      action: 'payment.approve',
      context_hash: await contextHash(payment),
      iat: clock.time,
      exp: clock.time + 60,
      auth_time: clock.time - 2,
      acr: 'urn:mfa',
      amr: ['pwd', 'otp'],
      challenge_jti: decodeJwt(challenge ?? '').jti,
    })
  })

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('may be signed with %s', async alg => {
    const { challenge, nonce } = await ask()
    expect(await josh.prove(challenge, await op.mint({ nonce }, { alg }))).toMatchObject(granted)
  })

  it.each([
    ['no typ', { typ: undefined }],
    ['typ jwt in small letters', { typ: 'jwt' }],
  ])('may have %s', async (_, header) => {
    const { challenge, nonce } = await ask()
    expect(await josh.prove(challenge, await op.mint({ nonce }, { header }))).toMatchObject(granted)
  })

  it.each<[string, Record<string, number>]>([
    ['have run out by less than the skew', { exp: -29 }],
    // The challenge is a second old.
    ['be dated before the challenge by the skew', { iat: -31 }],
  ])('may %s', async (_, offsets) => {
    const { challenge, nonce } = await ask()
    const times = Object.entries(offsets).map(([claim, offset]) => [claim, clock.time + offset])
    const proof = await op.mint({ nonce, ...Object.fromEntries(times) })
    expect(await josh.prove(challenge, proof)).toMatchObject(granted)
  })

  it('may come in the last second of the challenge', async () => {
    const { challenge, nonce } = await ask()
    clock.advance(598)
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject(granted)
  })
})

describe('a proof that does not hold is denied, and the honest one still works', () => {
  const attacks: [string, string, (nonce: string | undefined) => Promise<string>][] = [
    ['unsigned (alg none)', 'invalid_token', nonce => op.mint({ nonce }, { alg: 'none' })],
    ['an HMAC with the public key', 'invalid_token', nonce => op.mint({ nonce }, { alg: 'HS256' })],
    ['signed by another party', 'invalid_token', nonce => op.mint({ nonce }, { foreignKey: true })],
    [
      'signed by the key in its own jwk header',
      'invalid_token',
      nonce => op.mint({ nonce }, { foreignKey: true, header: { jwk: op.foreignJwk } }),
    ],
    [
      'signed by the key at its own jku header',
      'invalid_token',
      nonce => op.mint({ nonce }, { foreignKey: true, header: { jku: op.foreignJku } }),
    ],
    ['an access token by type', 'invalid_token', nonce => op.mint({ nonce }, { header: { typ: 'at+jwt' } })],
    [
      'a logout token by type',
      'invalid_token',
      nonce => op.mint({ nonce }, { header: { typ: 'logout+jwt' } }),
    ],
    ['of another issuer', 'invalid_token', nonce => op.mint({ nonce, iss: 'https://login.example.net' })],
    ['of the issuer with a slash more', 'invalid_token', nonce => op.mint({ nonce, iss: `${op.issuer}/` })],
    ['for another client', 'invalid_token', nonce => op.mint({ nonce, aud: 'other' })],
    [
      'also for an untrusted client',
      'invalid_token',
      nonce => op.mint({ nonce, aud: ['payments', 'other'], azp: 'payments' }),
    ],
    ['given to another client', 'invalid_token', nonce => op.mint({ nonce, azp: 'other' })],
    ['expired by more than the skew', 'invalid_token', nonce => op.mint({ nonce, exp: clock.time - 30 })],
    ['without exp', 'invalid_token', nonce => op.mint({ nonce, exp: undefined })],
    ['issued in the future', 'clock_skew', nonce => op.mint({ nonce, iat: clock.time + 31 })],
    ['issued before the challenge', 'clock_skew', nonce => op.mint({ nonce, iat: clock.time - 32 })],
    ['no JWT', 'invalid_token', async () => 'three.little.words'],
    ['without a nonce', 'nonce_mismatch', () => op.mint()],
    ['with a nonce of another type', 'nonce_mismatch', nonce => op.mint({ nonce: [nonce] })],
    ['with the beginning of the nonce', 'nonce_mismatch', nonce => op.mint({ nonce: nonce?.slice(0, -1) })],
    ['with no more than an empty nonce', 'nonce_mismatch', () => op.mint({ nonce: '' })],
    ['with the nonce and more', 'nonce_mismatch', nonce => op.mint({ nonce: `${nonce}A` })],
    ['with another nonce', 'nonce_mismatch', async () => op.mint({ nonce: (await ask()).nonce })],
    ['of another person', 'subject_mismatch', nonce => op.mint({ nonce, sub: 'jane' })],
    [
      'without auth_time, whatever its iat',
      'auth_time_missing',
      nonce => op.mint({ nonce, auth_time: undefined }),
    ],
    ['of a login before the challenge', 'stale', nonce => op.mint({ nonce, auth_time: clock.time - 3600 })],
    [
      'of a login in the second of the challenge',
      'clock_skew',
      nonce => op.mint({ nonce, auth_time: clock.time - 1 }),
    ],
    ['not good for another 31 seconds', 'invalid_token', nonce => op.mint({ nonce, nbf: clock.time + 31 })],
    ['with nbf as text', 'invalid_token', nonce => op.mint({ nonce, nbf: '0' })],
  ]

  it.each(attacks)('%s is denied with %s', async (_, error, forge) => {
    const { challenge, nonce } = await ask()
    expect(await josh.prove(challenge, await forge(nonce))).toMatchObject(denied(error))
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject(granted)
    expect(op.requests.foreign).toBe(0)
  })

  it("is denied as nonce_mismatch when it is the session's own ID Token", async () => {
    const { challenge } = await ask()
    expect(await josh.prove(challenge, await op.mint({ auth_time: clock.time - 3600 }))).toMatchObject(
      denied('nonce_mismatch'),
    )
  })

  it('is denied in a browser without the binding cookie, and in one with another', async () => {
    const { challenge, nonce } = await ask()
    const stranger = new Browser(shop.app)
    const proof = await op.mint({ nonce })
    expect(await stranger.prove(challenge, proof)).toMatchObject(denied('binding_mismatch'))
    await ask(stranger)
    expect(await stranger.prove(challenge, proof)).toMatchObject(denied('binding_mismatch'))
    expect(await josh.prove(challenge, proof)).toMatchObject(granted)
  })

  it('tells another browser no more than that it is another one', async () => {
    const { challenge, nonce } = await ask()
    const stranger = new Browser(shop.app)
    for (const claims of [{ nonce: 'other' }, { nonce, sub: 'jane' }, { nonce, auth_time: 0 }]) {
      expect(await stranger.prove(challenge, await op.mint(claims))).toMatchObject(denied('binding_mismatch'))
    }
  })

  it('is accepted for two audiences when both are trusted, ours is one of them and azp is ours', async () => {
    shop = openShop(op, clock, { trustedAudiences: ['https://api.example'] })
    josh = new Browser(shop.app)
    const { challenge, nonce } = await ask()
    const aud = ['payments', 'https://api.example']
    expect(await josh.prove(challenge, await op.mint({ nonce, aud }))).toMatchObject(denied('invalid_token'))
    const theirs = await op.mint({ nonce, aud: 'https://api.example' })
    expect(await josh.prove(challenge, theirs)).toMatchObject(denied('invalid_token'))
    const proof = await op.mint({ nonce, aud, azp: 'payments' })
    expect(await josh.prove(challenge, proof)).toMatchObject(granted)
  })
})

describe('auth_time in a proof', () => {
  const asked = 1_800_000_000
  const times: [unknown, string | null][] = [
    [asked - 30, 'stale'],
    [asked - 1, 'stale'],
    [asked, 'clock_skew'],
    [asked + 1, null],
    [asked + 70, null],
    [asked + 71, 'auth_time_in_future'],
    [(asked + 40) * 1000, 'auth_time_in_future'],
    [0, 'stale'],
    [-1, 'stale'],
    [null, 'auth_time_missing'],
    [String(asked + 40), 'invalid_token'],
    [asked + 0.5, 'invalid_token'],
    [true, 'invalid_token'],
    [2 ** 53, 'invalid_token'],
  ]
  it.each(times)(
    'under reauthenticate, 40 s after the challenge, leads with %s to %s',
    async (auth_time, error) => {
      const { challenge, nonce } = await ask()
      clock.advance(39)
      const reply = await josh.prove(challenge, await op.mint({ nonce, auth_time }))
      expect(reply).toMatchObject(error === null ? granted : denied(error))
    },
  )

  it('must be newer than the login the person had when asking, even where the OP dates logins ahead', async () => {
    const { challenge, nonce } = await ask(josh, { auth_time: clock.time + 20 })
    const proveWith = async (auth_time: number) => josh.prove(challenge, await op.mint({ nonce, auth_time }))
    expect(await proveWith(clock.time + 19)).toMatchObject(denied('stale'))
    expect(await proveWith(clock.time + 20)).toMatchObject(granted)
  })

  it('counts under maxAge, 0 included, from the moment of the proof', async () => {
    shop = openShop(op, clock, { actions: { 'payment.approve': { maxAge: 0 } } })
    josh = new Browser(shop.app)
    const { challenge, nonce } = await ask()
    clock.advance(100)
    const proveWith = async (auth_time: number) => josh.prove(challenge, await op.mint({ nonce, auth_time }))
    expect(await proveWith(clock.time - 31)).toMatchObject(denied('stale'))
    expect(await proveWith(clock.time - 30)).toMatchObject(granted)
  })

  it('must be within maxAge where the policy sets one as well', async () => {
    shop = openShop(op, clock, { actions: { 'payment.approve': { reauthenticate: true, maxAge: 60 } } })
    josh = new Browser(shop.app)
    const { challenge, nonce } = await ask()
    clock.advance(200)
    const proveWith = async (auth_time: number) => josh.prove(challenge, await op.mint({ nonce, auth_time }))
    expect(await proveWith(clock.time - 91)).toMatchObject(denied('stale'))
    expect(await proveWith(clock.time - 90)).toMatchObject(granted)
  })
})

describe('one use', () => {
  it.each(['payment.approve', 'email.change'])('denies the same proof of %s a second time', async action => {
    const { challenge, nonce } = await ask(josh, {}, action)
    const proof = await op.mint({ nonce })
    expect(await josh.prove(challenge, proof)).toMatchObject(granted)
    expect(await josh.prove(challenge, proof)).toMatchObject(denied('already_used'))
  })

  it('grants one of ten proofs sent at once', async () => {
    const { challenge, nonce } = await ask()
    const proof = await op.mint({ nonce })
    const replies = await Promise.all(Array.from({ length: 10 }, () => josh.prove(challenge, proof)))
    expect(replies.filter(reply => reply.status === 200)).toHaveLength(1)
    expect(replies.filter(reply => reply.body.error === 'already_used')).toHaveLength(9)
  })

  it('denies another, later login for a challenge that was answered', async () => {
    const { challenge, nonce } = await ask()
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject(granted)
    clock.advance(5)
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject(denied('already_used'))
  })

  it('counts a token by its content, not by how its base64url is spelt', async () => {
    const { challenge, nonce } = await ask()
    const proof = await op.mint({ nonce }, { alg: 'ES256' })
    expect(await josh.prove(challenge, proof)).toMatchObject(granted)
    expect(await josh.prove(challenge, respell(proof))).toMatchObject(denied('already_used'))
  })

  it('takes a challenge in one spelling of its base64url only, also with the nonce of another', async () => {
    const { challenge = '', nonce } = await ask()
    const other = respell(challenge)
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(other))
    for (const made of [nonce, Buffer.from(digest).toString('base64url')])
      expect(await josh.prove(other, await op.mint({ nonce: made }))).toMatchObject(denied('invalid_token'))
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject(granted)
  })

  it('lets one login answer one of two challenges under reauthenticate', async () => {
    const first = await ask()
    const second = await ask(josh, {}, 'payment.reject')
    clock.advance(10)
    const auth_time = clock.time
    expect(await josh.prove(first.challenge, await op.mint({ nonce: first.nonce, auth_time }))).toMatchObject(
      granted,
    )
    clock.advance(10)
    const silent = await op.mint({ nonce: second.nonce, auth_time })
    expect(await josh.prove(second.challenge, silent)).toMatchObject(denied('stale'))
  })

  it('counts logins by person, and not at all for maxAge', async () => {
    const first = await ask()
    const jane = new Browser(shop.app)
    const hers = await ask(jane, { sub: 'jane' })
    const session = await op.mint({ auth_time: clock.time - 3600 })
    const email = (await josh.ask({ action: 'email.change', id_token: session })).body
    clock.advance(10)
    const auth_time = clock.time
    const mint = (nonce: string | undefined, sub = 'josh') => op.mint({ nonce, auth_time, sub })
    expect(await josh.prove(email.challenge, await mint(email.nonce))).toMatchObject(granted)
    expect(await josh.prove(first.challenge, await mint(first.nonce))).toMatchObject(granted)
    expect(await jane.prove(hers.challenge, await mint(hers.nonce, 'jane'))).toMatchObject(granted)
  })
})

/** The same bytes in another base64url text: a signature's last character has bits to spare. */
function respell(jws: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(jws.slice(-1))
  const other = jws.slice(0, -1) + alphabet[last ^ 1]
  const bytes = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url')
  expect(bytes(other)).toEqual(bytes(jws))
  return other
}

describe('the challenge', () => {
  it('is denied once expired, by our clock and without skew', async () => {
    const { challenge, nonce } = await ask()
    clock.advance(599)
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject(denied('challenge_expired'))
  })

  it('is denied when signed by another key', async () => {
    const forger = openShop(op, clock, { keys: [testKey(8)] })
    const { challenge, nonce } = await ask(new Browser(forger.app))
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject(denied('invalid_token'))
  })

  it('is denied when it was made for another API or of another OP, though signed with the same key', async () => {
    const otherOp = await startOp(clock.now)
    for (const options of [{ audience: 'https://other.example' }, { issuer: otherOp.issuer }]) {
      const other = new Browser(openShop(op, clock, options).app)
      const issuer = options.issuer ? otherOp : op
      const id_token = await issuer.mint({ auth_time: 1 })
      const { body } = await other.ask({ action: 'email.change', id_token })
      other.app = shop.app
      const proof = await op.mint({ nonce: body.nonce })
      expect(await other.prove(body.challenge, proof)).toMatchObject(denied('invalid_token'))
    }
    await otherOp.close()
  })

  it('is never taken for a grant or an ID Token, nor one of these for a challenge', async () => {
    const { challenge = '', nonce } = await ask()
    expect(await josh.prove(challenge, challenge)).toMatchObject(denied('nonce_mismatch'))
    const { grant = '' } = (await josh.prove(challenge, await op.mint({ nonce }))).body
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(grant))
    const proof = await op.mint({ nonce: Buffer.from(digest).toString('base64url') })
    expect(await josh.prove(grant, proof)).toMatchObject(denied('invalid_token'))
    expect(await josh.prove(proof, proof)).toMatchObject(denied('invalid_token'))
    expect((await josh.approve(payment, challenge)).status).toBe(401)
    expect(shop.ledger).toEqual([])
  })

  it('signed with an older key of the list is accepted until the key is gone', async () => {
    const older = testKey(7)
    const newer = Buffer.from(testKey(8)).toString('base64url')
    const { challenge, nonce } = await ask()
    const proof = await op.mint({ nonce })
    josh.app = openShop(op, clock, { keys: [newer] }).app
    expect(await josh.prove(challenge, proof)).toMatchObject(denied('invalid_token'))
    josh.app = openShop(op, clock, { keys: [newer, older] }).app
    expect(await josh.prove(challenge, proof)).toMatchObject(granted)
  })

  it('for an action that is no longer configured is an unknown action', async () => {
    const { challenge, nonce } = await ask()
    josh.app = openShop(op, clock, { actions: { 'email.change': { maxAge: 300 } } }).app
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject({
      status: 400,
      body: { error: 'unknown_action' },
    })
  })
})

describe('the strength of a login', () => {
  const strict = { reauthenticate: true, acrValues: ['urn:mfa', 'urn:hw'], amr: ['pwd', 'otp'] } as const
  const localIdp = (claims: Readonly<Record<string, unknown>>) => claims.idp === 'local'
  const cases: [string, object, string | null][] = [
    ['another acr', { acr: 'urn:pwd' }, 'acr_unmet'],
    ['no acr', { acr: undefined }, 'acr_unmet'],
    ['the acr in a list', { acr: ['urn:mfa'] }, 'acr_unmet'],
    ['the second acr', { acr: 'urn:hw' }, null],
    ['one amr of two', { amr: ['pwd'] }, 'amr_unmet'],
    ['no amr', { amr: undefined }, 'amr_unmet'],
    ['amr as text', { amr: 'pwd otp' }, 'amr_unmet'],
    ['more amr than asked', { amr: ['otp', 'hwk', 'pwd'] }, null],
    ['another idp', { idp: 'google' }, 'federated'],
    ['no idp', { idp: undefined }, 'federated'],
  ]
  it.each(cases)('leads for %s, %j, to %s', async (_, claims, error) => {
    shop = openShop(op, clock, { actions: { 'payment.approve': { ...strict, localIdp } } })
    josh = new Browser(shop.app)
    const { challenge, nonce } = await ask()
    const full = { nonce, acr: 'urn:mfa', amr: ['pwd', 'otp'], idp: 'local' }
    const reply = await josh.prove(challenge, await op.mint({ ...full, ...claims }))
    expect(reply).toMatchObject(error === null ? granted : denied(error))
  })

  it('requires a local-IdP rule to say true', async () => {
    const vague = (() => 'yes') as unknown as () => boolean
    shop = openShop(op, clock, {
      actions: { 'payment.approve': { ...shopActions['email.change'], maxAge: 1, localIdp: vague } },
    })
    josh = new Browser(shop.app)
    const { challenge, nonce } = await ask()
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject(denied('federated'))
  })

  it("is judged by today's policy", async () => {
    const { challenge, nonce } = await ask()
    josh.app = openShop(op, clock, { actions: { 'payment.approve': strict } }).app
    expect(await josh.prove(challenge, await op.mint({ nonce }))).toMatchObject(denied('acr_unmet'))
  })
})
