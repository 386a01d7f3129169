import { decodeJwt, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createProofReader } from '../../../src/server/http/dpop.ts'
import {
  contextHash,
  createFreshnessGuard,
  type GuardOptions,
  memoryStore,
} from '../../../src/server/index.ts'
import { createProver, type ProofFields, type Prover, sha256 } from '../../support/dpop.ts'
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
const endpoint = 'https://api.example/api/freshness'
const approve = 'https://api.example/api/payments/approve'
let op: ScriptedOp
let key: Prover
let otherKey: Prover
let shop: Shop
let josh: Browser

beforeAll(async () => {
  op = await startOp(clock.now)
  key = await createProver()
  otherKey = await createProver()
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  shop = openShop(op, clock, { dpop: true })
  josh = new Browser(shop.app)
})

const proofFor = (url: string, fields?: ProofFields, prover = key): Promise<string> =>
  prover.prove('POST', url, clock.time, fields)

const mayAsk = async (): Promise<Record<string, string>> => ({
  action: 'payment.approve',
  context_hash: await contextHash(payment),
  id_token: await op.mint({ auth_time: clock.time - 3600 }),
})
async function ask(DPoP: string | null, headers: Record<string, string> = {}): Promise<Reply> {
  const reply = await josh.send('/api/freshness', await mayAsk(), {
    ...headers,
    ...(DPoP !== null && { DPoP }),
  })
  clock.advance(1)
  return reply
}
async function prove({ challenge, nonce }: Reply['body'], DPoP: string | null): Promise<Reply> {
  const message = { challenge, id_token: await op.mint({ nonce }) }
  return josh.send('/api/freshness', message, DPoP === null ? {} : { DPoP })
}
function use(grant: string | undefined, DPoP: string | null): Promise<Reply> {
  const headers = { 'Step-Up-Grant': grant ?? '', ...(DPoP !== null && { DPoP }) }
  return josh.send('/api/payments/approve', payment, headers)
}
async function granted(): Promise<string | undefined> {
  const challenged = await ask(await proofFor(endpoint))
  return (await prove(challenged.body, await proofFor(endpoint))).body.grant
}

const badProof = { status: 401, body: { status: 'failed', error: 'invalid_dpop_proof' } }
const challenged = { status: 401, body: { status: 'challenged' } }
const binding = (token: string | undefined): unknown => decodeJwt(token ?? '').binding

describe('a proof that does not hold is refused, not overlooked', () => {
  it.each<[string, ProofFields]>([
    ['signed by another key', { foreignKey: true }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['of no type', { header: { typ: undefined } }],
    ['without its key', { header: { jwk: undefined } }],
    ['with a shared secret as key', { header: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } }],
    ['for another method', { claims: { htm: 'GET' } }],
    ['for the method in small letters', { claims: { htm: 'post' } }],
    ['for another path', { claims: { htu: 'https://api.example/api/email' } }],
    ['for another host', { claims: { htu: 'https://evil.example/api/freshness' } }],
    ['for another port', { claims: { htu: 'https://api.example:8443/api/freshness' } }],
    ['for plain HTTP', { claims: { htu: 'http://api.example/api/freshness' } }],
    ['for a path only', { claims: { htu: '/api/freshness' } }],
    ['for no URL', { claims: { htu: undefined } }],
    ['for a list of URLs', { claims: { htu: [endpoint] } }],
    ['91 seconds old', { claims: { iat: 1_800_000_000 - 91 } }],
    ['31 seconds ahead', { claims: { iat: 1_800_000_000 + 31 } }],
    ['in milliseconds', { claims: { iat: 1_800_000_000_000 } }],
    ['without iat', { claims: { iat: undefined } }],
    ['with iat as text', { claims: { iat: '1800000000' } }],
    ['expired', { claims: { exp: 1_800_000_000 - 31 } }],
    ['without jti', { claims: { jti: undefined } }],
    ['with an empty jti', { claims: { jti: '' } }],
    ['with a jti that is no text', { claims: { jti: 1 } }],
  ])('%s', async (_, fields) => {
    const reply = await ask(await proofFor(endpoint, fields))
    expect(reply).toMatchObject(badProof)
    expect(reply.headers.get('WWW-Authenticate')).toMatch(/^DPoP error="invalid_dpop_proof", algs="RS256 /)
  })

  it.each<[string, () => string | Promise<string>]>([
    ['no JWT', () => 'proof'],
    ['nothing', () => ''],
    ['unsigned', () => new UnsecuredJWT({ htm: 'POST', htu: endpoint }).setJti('1').encode()],
    ['two of them', async () => `${await proofFor(endpoint)}, ${await proofFor(endpoint)}`],
    ['one that gives its private key away', () => proofFor(endpoint, { header: { jwk: key.privateJwk } })],
  ])('%s', async (_, make) => {
    expect(await ask(await make())).toMatchObject(badProof)
  })
})

describe('a proof holds', () => {
  it.each<[string, ProofFields]>([
    ['90 seconds old', { claims: { iat: 1_800_000_000 - 90 } }],
    ['30 seconds ahead', { claims: { iat: 1_800_000_000 + 30 } }],
    ['expired by less than the skew', { claims: { exp: 1_800_000_000 - 29 } }],
    ['with a query and a fragment in its URL', { claims: { htu: `${endpoint}?a=1#b` } }],
    ['with the default port in its URL', { claims: { htu: 'https://api.example:443/api/freshness' } }],
    [
      'with an escape in its URL that it does not need',
      { claims: { htu: 'https://api.example/%61pi/freshness' } },
    ],
    ['with a nonce that was not asked for', { claims: { nonce: 'n' } }],
    ['with the hash of a token that it came without', { claims: { ath: sha256('at') } }],
  ])('%s', async (_, fields) => {
    expect(await ask(await proofFor(endpoint, fields))).toMatchObject(challenged)
  })

  it.each(['DPoP at', 'dpop at', 'DPoP  at'])(
    'of the access token that the request carries as "%s", and of no other',
    async Authorization => {
      const headers = { Authorization }
      const send = async (claims: ProofFields['claims']): Promise<Reply> =>
        ask(await proofFor(endpoint, { claims: claims ?? {} }), headers)
      expect(await send({ ath: sha256('at') })).toMatchObject(challenged)
      expect(await send({ ath: sha256('other') })).toMatchObject(badProof)
      expect(await send({})).toMatchObject(badProof)
    },
  )

  it('of an RSA key with a usual exponent only, since the cost of other signatures has no bound', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(publicKey)
    const { n = '' } = jwk
    const sign = (header: JWK): Promise<string> =>
      new SignJWT({ htm: 'POST', htu: endpoint, jti: 'j' })
        .setProtectedHeader({ alg: 'RS256', typ: 'dpop+jwt', jwk: header })
        .setIssuedAt(clock.time)
        .sign(privateKey)
    expect(await ask(await sign(jwk))).toMatchObject(challenged)
    const verify = vi.spyOn(crypto.subtle, 'verify')
    for (const e of ['AAEAAQ', 'Aw', `${'_'.repeat(340)}w`]) {
      expect(await ask(await sign({ ...jwk, e }))).toMatchObject(badProof)
    }
    // One of 4,096 bits is not too long to look at.
    expect(await ask(await sign({ ...jwk, n: n.padEnd(684, 'A') }))).toMatchObject(badProof)
    expect(await ask(await sign({ ...jwk, n: [n] as never }))).toMatchObject(badProof)
    // What is verified is the ID Token, whose key is the OP's.
    expect(verify).toHaveBeenCalledTimes(5)
    expect(await ask(await sign({ ...jwk, n: n.padEnd(683, 'A') }))).toMatchObject(badProof)
    expect(verify).toHaveBeenCalledTimes(7)
    verify.mockRestore()
  })
})

describe('with a proof, the key is what binds', () => {
  it('the challenge, without a cookie', async () => {
    const reply = await ask(await proofFor(endpoint))
    expect(binding(reply.body.challenge)).toBe(key.thumbprint)
    expect(reply.headers.get('Set-Cookie')).toBeNull()
    expect(reply.headers.get('WWW-Authenticate')).toMatch(/^DPoP error="insufficient_user_authentication"/)
  })

  it('the grant, from Ask to Use', async () => {
    const grant = await granted()
    expect(binding(grant)).toBe(key.thumbprint)
    expect(await use(grant, await proofFor(approve))).toMatchObject({ status: 200 })
    expect(shop.ledger).toHaveLength(1)
    expect(josh.cookies.size).toBe(0)
  })

  it('a grant for a person who is fresh enough already', async () => {
    const message = { action: 'email.change', id_token: await op.mint() }
    const reply = await josh.send('/api/freshness', message, { DPoP: await proofFor(endpoint) })
    expect(reply).toMatchObject({ status: 200, body: { status: 'granted' } })
    expect(binding(reply.body.grant)).toBe(key.thumbprint)
    expect(reply.headers.get('Set-Cookie')).toBeNull()
  })

  it('so another key, or a cookie, proves nothing, and the right key still does', async () => {
    const { body } = await ask(await proofFor(endpoint))
    const mismatch = { status: 403, body: { status: 'denied', error: 'binding_mismatch' } }
    expect(await prove(body, await proofFor(endpoint, {}, otherKey))).toMatchObject(mismatch)
    expect(await prove(body, null)).toMatchObject(mismatch)
    expect(await prove(body, await proofFor(endpoint))).toMatchObject({ status: 200 })
  })

  it('so another key, or a cookie, uses no grant, and the right key still does', async () => {
    const grant = await granted()
    expect(await use(grant, await proofFor(approve, {}, otherKey))).toMatchObject(challenged)
    expect(await use(grant, null)).toMatchObject(badProof)
    expect(shop.ledger).toEqual([])
    expect(await use(grant, await proofFor(approve))).toMatchObject({ status: 200 })
  })

  it('so a request without a proof is refused, asking and using', async () => {
    expect(await ask(null)).toMatchObject(badProof)
    expect(await josh.approve(payment)).toMatchObject(badProof)
  })

  it('but not where the guard is not told: then the cookie binds, and the proof is not looked at', async () => {
    shop = openShop(op, clock)
    josh = new Browser(shop.app)
    const { body } = await ask('no proof at all')
    expect(binding(body.challenge)).not.toBe(key.thumbprint)
    expect(await prove(body, null)).toMatchObject({ status: 200 })
  })

  it('and the challenge of a sensitive call that came without a grant', async () => {
    const headers = { DPoP: await proofFor(approve) }
    const reply = await josh.send('/api/payments/approve', payment, headers)
    expect(reply).toMatchObject(challenged)
    expect(binding(reply.body.challenge)).toBe(key.thumbprint)
  })
})

describe('a proof that does not hold uses nothing up', () => {
  it('at Prove', async () => {
    const { body } = await ask(await proofFor(endpoint))
    expect(await prove(body, await proofFor(endpoint, { foreignKey: true }))).toMatchObject(badProof)
    expect(await prove(body, await proofFor(endpoint))).toMatchObject({ status: 200 })
  })

  it('at Use', async () => {
    const grant = await granted()
    expect(await use(grant, await proofFor(approve, { foreignKey: true }))).toMatchObject(badProof)
    expect(shop.ledger).toEqual([])
    expect(await use(grant, await proofFor(approve))).toMatchObject({ status: 200 })
  })

  it.each<[string, object]>([
    ['the nonce', { nonce: 'other' }],
    ['the person', { sub: 'jane' }],
  ])('and no signature is verified at Prove where %s is wrong', async (_, claims) => {
    const { body } = await ask(await proofFor(endpoint))
    const message = { challenge: body.challenge, id_token: await op.mint({ nonce: body.nonce, ...claims }) }
    const DPoP = await proofFor(endpoint)
    const verify = vi.spyOn(crypto.subtle, 'verify')
    expect((await josh.send('/api/freshness', message, { DPoP })).status).toBe(403)
    expect(verify).not.toHaveBeenCalled()
    verify.mockRestore()
  })

  it('and nothing is written for the proofs of a caller that only asks', async () => {
    const consume = vi.fn(async () => true)
    shop = openShop(op, clock, { dpop: true, store: { ...memoryStore(), consume } })
    josh = new Browser(shop.app)
    for (const prover of [key, otherKey]) {
      expect(await ask(await proofFor(endpoint, {}, prover))).toMatchObject(challenged)
    }
    expect(consume).not.toHaveBeenCalled()
  })
})

describe('the URL that a proof is for', () => {
  const guardAt = (options: Partial<GuardOptions> = {}) =>
    createFreshnessGuard({
      issuer: op.issuer,
      clientId: 'payments',
      audience: 'https://api.example',
      keys: [testKey(1)],
      actions: shopActions,
      store: memoryStore({ now: clock.now }),
      dpop: true,
      now: clock.now,
      ...options,
    })
  const send = async (url: string, options?: Partial<GuardOptions>): Promise<number> => {
    const headers = { 'Content-Type': 'application/json', DPoP: await proofFor(endpoint) }
    const body = JSON.stringify(await mayAsk())
    const request = new Request(url, { method: 'POST', headers, body })
    const { error } = await (await guardAt(options).handler(request)).json()
    return error === undefined ? 200 : 401
  }

  it.each<[string, string, Partial<GuardOptions>, number]>([
    ['behind a proxy that ends TLS', 'http://api.example/api/freshness', {}, 200],
    ['behind a proxy that changes the host', 'http://10.0.0.1:3000/api/freshness', {}, 200],
    ['behind a proxy that keeps the port', 'http://api.example:443/api/freshness', {}, 200],
    ['behind a proxy that changes the path', 'https://api.example/freshness', {}, 401],
    [
      'that a proxy shortens, once told',
      'http://10.0.0.1/freshness',
      { publicUrl: 'https://api.example/api/' },
      200,
    ],
    ['by a function', 'http://10.0.0.1/freshness', { publicUrl: () => 'https://api.example/api' }, 200],
    ['told to be another', endpoint, { publicUrl: 'https://other.example' }, 401],
    ['whatever Host says', 'https://evil.example/api/freshness', {}, 200],
  ])('%s', async (_, url, options, status) => {
    expect(await send(url, options)).toBe(status)
  })
})

it('a publicUrl that throws undefined is reported all the same', async () => {
  const publicUrl = (): string => {
    throw undefined
  }
  shop = openShop(op, clock, { dpop: true, publicUrl })
  josh = new Browser(shop.app)
  expect((await ask(await proofFor(endpoint))).status).toBe(503)
  expect(shop.errors.map(String)).toEqual([expect.stringContaining('without a reason')])
})

it('two guards with one store may each use up the proof of one request', async () => {
  const store = memoryStore({ now: clock.now })
  const headers = { DPoP: await proofFor(approve) }
  const request = new Request(approve, { method: 'POST', headers })
  for (const prefix of ['dpop', 'other']) {
    const read = createProofReader({
      ...{ store, prefix, audience: 'https://api.example', clockSkew: 30 },
      expectedUrl: () => approve,
    })
    await expect(read(request, clock.time).then(proof => proof?.spend())).resolves.toBeUndefined()
  }
})

it('a proof for the attacker’s own host is refused, whatever Host the request has', async () => {
  const DPoP = await proofFor('https://evil.example/api/freshness')
  const headers = { 'Content-Type': 'application/json', DPoP }
  const body = JSON.stringify(await mayAsk())
  const request = new Request('https://evil.example/api/freshness', { method: 'POST', headers, body })
  expect((await shop.guard.handler(request)).status).toBe(401)
})

it('two guards with one store may both read one request', async () => {
  const store = memoryStore({ now: clock.now })
  const DPoP = await proofFor(approve, { claims: { ath: sha256('at') } })
  const request = new Request(approve, { method: 'POST', headers: { Authorization: 'DPoP at', DPoP } })
  for (const audience of ['https://api.example', 'https://api.example/reports']) {
    const { guard } = openShop(op, clock, { dpop: true, store, audience })
    await guard.checkDpop(request, { cnf: { jkt: key.thumbprint } })
  }
})

describe('checkDpop', () => {
  const request = async (
    authorization = 'DPoP at',
    fields: ProofFields = { claims: { ath: sha256('at') } },
  ): Promise<Request> => {
    const headers = { Authorization: authorization, DPoP: await proofFor(approve, fields) }
    return new Request(approve, { method: 'POST', headers })
  }
  const claims = () => ({ sub: 'josh', cnf: { jkt: key.thumbprint } })

  it('lets the key’s own token pass, and require may follow for the same request', async () => {
    const passed = await request()
    await expect(shop.guard.checkDpop(passed, claims())).resolves.toBeUndefined()
    const required = shop.guard.require(passed, 'email.change', { subject: 'josh' })
    await expect(required).rejects.toMatchObject({ code: 'step_up_required', reason: 'grant_missing' })
  })

  it('says in detail which claim of a token does not fit, and to the client without its value', async () => {
    const refusal = await shop.guard
      .checkDpop(await request(), { cnf: { jkt: 'other-key' } })
      .catch(error => error)
    const detail = 'cnf.jkt is not the key of the DPoP proof'
    expect(refusal).toMatchObject({ code: 'invalid_token', detail })
    expect(refusal.toResponse().headers.get('WWW-Authenticate')).toContain(`error_description="${detail}"`)
  })

  it('says that the guard does not know its own URL', async () => {
    const { guard } = openShop(op, clock, { audience: 'payments-api' })
    const refusal = guard.checkDpop(await request(), claims())
    await expect(refusal).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  it.each([[undefined], [null], ['josh'], [[]]])('says that %j are no claims', async none => {
    const refusal = shop.guard.checkDpop(await request(), none as never)
    await expect(refusal).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  it('lets a proof pass once', async () => {
    const [first, again] = [
      await request('DPoP at', { claims: { ath: sha256('at'), jti: 'x' } }),
      await request('DPoP at', { claims: { ath: sha256('at'), jti: 'x' } }),
    ]
    await shop.guard.checkDpop(first, claims())
    await expect(shop.guard.checkDpop(again, claims())).rejects.toMatchObject({ code: 'invalid_dpop_proof' })
  })

  it('lets a proof pass again for the same request, which more than one part of an app may ask about', async () => {
    const passed = await request()
    await shop.guard.checkDpop(passed, claims())
    await expect(shop.guard.checkDpop(passed, claims())).resolves.toBeUndefined()
  })

  it('keeps the jti of one key apart from the same jti of another', async () => {
    const fields = { claims: { ath: sha256('at'), jti: 'x' } }
    const headers = { Authorization: 'DPoP at', DPoP: await proofFor(approve, fields, otherKey) }
    const theirs = new Request(approve, { method: 'POST', headers })
    await shop.guard.checkDpop(theirs, { cnf: { jkt: otherKey.thumbprint } })
    const ours = await request('DPoP at', fields)
    await expect(shop.guard.checkDpop(ours, claims())).resolves.toBeUndefined()
  })

  it('remembers a proof while a process whose clock is behind by twice the skew would take it', async () => {
    const store = memoryStore({ now: clock.now })
    const at = (offset: number) =>
      openShop(op, clock, { dpop: true, store, now: () => clock.time + offset }).guard
    const [fast, slow] = [at(0), at(-60)]
    const fields = { claims: { ath: sha256('at'), jti: 'x', iat: clock.time + 30 } }
    const [first, again, late] = [
      await request('DPoP at', fields),
      await request('DPoP at', fields),
      await request('DPoP at', { claims: { ...fields.claims, jti: 'y' } }),
    ]
    await fast.checkDpop(first, claims())
    clock.advance(180)
    await expect(slow.checkDpop(again, claims())).rejects.toMatchObject({ code: 'invalid_dpop_proof' })
    // Not for its age: another one of that second still holds there.
    await expect(slow.checkDpop(late, claims())).resolves.toBeUndefined()
  })

  it.each<[string, object]>([
    ['bound to another key', { cnf: { jkt: 'other' } }],
    ['bound to nothing', {}],
    ['bound to null', { cnf: null }],
    ['bound by certificate', { cnf: { 'x5t#S256': 'x' } }],
  ])('refuses a token that is %s', async (_, unbound) => {
    const refusal = await shop.guard.checkDpop(await request(), unbound).catch(error => error)
    expect(refusal).toMatchObject({ name: 'GuardError', code: 'invalid_token' })
    const response = refusal.toResponse()
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toMatch(/^DPoP error="invalid_token"/)
  })

  it.each<[string, () => Request | Promise<Request>]>([
    ['sent as Bearer', () => request('Bearer at')],
    ['that the proof does not name', () => request('DPoP at', {})],
    ['that is another than the proof names', () => request('DPoP other')],
    [
      'with another party’s signature',
      () => request('DPoP at', { claims: { ath: sha256('at') }, foreignKey: true }),
    ],
    [
      'without a proof',
      () => new Request(approve, { method: 'POST', headers: { Authorization: 'DPoP at' } }),
    ],
  ])('refuses a token %s', async (_, make) => {
    const refusal = await shop.guard.checkDpop(await make(), claims()).catch(error => error)
    expect(refusal).toMatchObject({ code: 'invalid_dpop_proof' })
    expect(refusal.toResponse().headers.get('WWW-Authenticate')).toContain('invalid_dpop_proof')
  })
})
