import { createFreshnessGuard, type GrantFailure, GuardError } from 'afresh/server'
import { createTestGuard, createTestOp, type IdTokenFault } from 'afresh/testing/server'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../support/transactions.ts'

const actions = {
  'payment.approve': { reauthenticate: true, context: 'required' },
  'email.change': { maxAge: 300 },
  'key.rotate': { reauthenticate: true, acrValues: ['urn:mfa'], amr: ['pwd', 'otp'] },
  'vault.open': { maxAge: 60, localIdp: claims => claims.idp === undefined },
} as const satisfies Parameters<typeof createFreshnessGuard>[0]['actions']
const payment = { id: 'p1', cents: 25_000 }

const open = () => createTestGuard({ actions })

/** Why the guard stops the call; null when it does not. */
async function failureOf(work: Promise<unknown>): Promise<string | undefined | null> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof GuardError) return error.reason
    throw error
  }
}

describe('a grant of the test guard', () => {
  it('is good for what it is asked for, once', async () => {
    const { guard, grantFor, clock } = open()
    const grant = await grantFor('payment.approve', { context: payment })
    const use = () =>
      guard.require(grant.request('/pay'), 'payment.approve', { subject: 'josh', context: payment })
    const record = await use()
    expect(record).toMatchObject({ subject: 'josh', action: 'payment.approve', authTime: clock.now() })
    expect(await failureOf(use())).toBe('already_used')
  })

  it('is for the person that is named', async () => {
    const { guard, grantFor } = open()
    const grant = await grantFor('email.change', { subject: 'jane' })
    const record = await guard.require(grant.request('/email'), 'email.change', { subject: 'jane' })
    expect(record.challengeId).toBeUndefined()
  })

  it('is of a login that is as strong as the policy demands', async () => {
    const { guard, grantFor } = open()
    const grant = await grantFor('key.rotate', { subject: 'josh' })
    const record = await guard.require(grant.request('/key'), 'key.rotate', { subject: 'josh' })
    expect(record).toMatchObject({ acr: 'urn:mfa', amr: ['pwd', 'otp'] })
  })

  it('can be asked for often at the same time, and while the clock stands still', async () => {
    const { guard, grantFor } = open()
    const grants = await Promise.all(
      [1, 2, 3].map(id => grantFor('payment.approve', { subject: 'josh', context: { id } })),
    )
    const used = grants.map((grant, index) => {
      const context = { id: index + 1 }
      return guard.require(grant.request('/'), 'payment.approve', { subject: 'josh', context })
    })
    await expect(Promise.all(used)).resolves.toHaveLength(3)
  })

  it('lives as long as the policy says', async () => {
    const { guard, grantFor, clock } = open()
    const grant = await grantFor('email.change', {})
    clock.advance(60)
    const use = guard.require(grant.request('/'), 'email.change', { subject: 'josh' })
    expect(await failureOf(use)).toBe('grant_expired')
  })

  it('brings the headers that it is given, and keeps their cookies', async () => {
    const { guard, grantFor } = open()
    const headers = { Authorization: 'Bearer token', cookie: 'session=1' }
    const grant = await grantFor('email.change', { headers })
    const request = grant.request('https://app.example/email', { headers: { 'X-Own': '1' }, method: 'PUT' })
    expect(request.url).toBe('https://app.example/email')
    expect(request.method).toBe('PUT')
    expect(request.headers.get('Authorization')).toBe('Bearer token')
    expect(request.headers.get('X-Own')).toBe('1')
    expect(request.headers.get('Cookie')).toMatch(/^session=1; __Host-afresh-/)
    expect(await failureOf(guard.require(request, 'email.change', { subject: 'josh' }))).toBeNull()
  })

  it('is not made where no login meets the policy', async () => {
    const grant = open().grantFor('vault.open', { claims: { idp: 'elsewhere' } })
    await expect(grant).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  it('is made with the claims that the policy wants', async () => {
    const { guard, grantFor } = open()
    const grant = await grantFor('vault.open', { claims: {} })
    expect(await failureOf(guard.require(grant.request('/'), 'vault.open', { subject: 'josh' }))).toBeNull()
  })

  it('is for the person whom `subjectOf` names', async () => {
    const { guard, grantFor } = createTestGuard({ actions, subjectOf: ({ tid, oid }) => `${tid} ${oid}` })
    const claims = { tid: 't1', oid: 'o1' }
    const grant = await grantFor('email.change', { claims })
    const use = guard.require(grant.request('/'), 'email.change', { subject: 't1 o1' })
    expect(await failureOf(use)).toBeNull()
    const spent = await grantFor('email.change', { claims, refusedAs: 'already_used' })
    const again = guard.require(spent.request('/'), 'email.change', { subject: 't1 o1' })
    expect(await failureOf(again)).toBe('already_used')
  })

  it('reports the acr where the profile says', async () => {
    const provider = { name: 'Entra', acrClaim: 'acrs', iatLag: 300 } as const
    const { guard, grantFor } = createTestGuard({
      actions: { pay: { maxAge: 60, acrValues: ['c1'] } },
      provider,
    })
    const grant = await grantFor('pay', {})
    const record = await guard.require(grant.request('/'), 'pay', { subject: 'josh' })
    expect(record.acr).toBe('c1')
  })

  it('needs a context where the policy demands one', async () => {
    // @ts-expect-error
    const grant = open().grantFor('payment.approve', { subject: 'josh' })
    await expect(grant).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  const reasons: Readonly<Record<GrantFailure, true>> = {
    grant_missing: true,
    grant_invalid: true,
    grant_expired: true,
    action_mismatch: true,
    subject_mismatch: true,
    context_mismatch: true,
    policy_changed: true,
    binding_mismatch: true,
    already_used: true,
  }
  const cases = (Object.keys(reasons) as GrantFailure[]).flatMap(reason =>
    (['payment.approve', 'email.change', 'key.rotate'] as const).map(action => [reason, action] as const),
  )

  it.each(cases)('is refused as %s: %s', async (refusedAs, action) => {
    const { guard, grantFor } = open()
    const grant = await grantFor(action, { context: payment, refusedAs })
    const use = guard.require(grant.request('/'), action, { subject: 'josh', context: payment })
    expect(await failureOf(use)).toBe(refusedAs)
  })
})

describe('the guard under test', () => {
  it('protects work in a transaction', async () => {
    const op = createTestOp()
    const database = openDatabase({ time: 0, now: op.clock.now, advance: () => {} })
    const { guard, grantFor } = createTestGuard({ actions, op, store: database.store })
    const grant = await grantFor('payment.approve', { context: payment })
    const pay = () =>
      database.transaction(transaction =>
        guard.protect(
          grant.request('/pay'),
          'payment.approve',
          { subject: 'josh', context: payment, transaction },
          ({ subject }) => `paid by ${subject}`,
        ),
      )
    await expect(pay()).resolves.toBe('paid by josh')
    expect(await failureOf(pay())).toBe('already_used')
  })

  it('tells `audit` of what the app did, and of no grant that the test has made', async () => {
    const events: string[] = []
    const { guard, grantFor } = createTestGuard({ actions, audit: ({ event }) => events.push(event) })
    const grant = await grantFor('email.change', {})
    await guard.require(grant.request('/'), 'email.change', { subject: 'josh' })
    expect(events).toEqual(['used'])
  })

  it('lets an app make its guard by itself', async () => {
    const { options, grantFor } = open()
    const own = createFreshnessGuard({ ...options, actions })
    const grant = await grantFor('email.change', {})
    expect(await failureOf(own.require(grant.request('/'), 'email.change', { subject: 'josh' }))).toBeNull()
  })

  it('asks `authenticate` at its endpoint, and not for a grant that the test has made', async () => {
    const { guard, ask, grantFor } = createTestGuard({
      actions,
      authenticate: ({ headers }) => {
        const subject = headers.get('X-Person')
        return subject === null ? null : { subject }
      },
    })
    await grantFor('email.change', {})
    const refused = await guard.handler(await ask('email.change', {}))
    expect(await refused.json()).toMatchObject({ status: 'denied', error: 'invalid_token' })
    const asked = await guard.handler(await ask('email.change', { headers: { 'X-Person': 'josh' } }))
    expect(asked.status).toBe(401)
  })

  it('has no DPoP', () => {
    const options = { actions, dpop: true }
    expect(() => createTestGuard(options)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
  })

  it('answers with 503 while the OP is down', async () => {
    const { guard, ask, op } = createTestGuard({ actions, onError: () => {} })
    op.isUp = false
    const request = await ask('email.change', {})
    expect((await guard.handler(request.clone())).status).toBe(503)
    op.isUp = true
    op.clock.advance(1)
    expect((await guard.handler(request)).status).toBe(200)
  })
})

describe('a challenge of the test guard', () => {
  it('is met by a new login', async () => {
    const { guard, challengeFor } = open()
    const challenge = await challengeFor('payment.approve', { context: payment })
    expect(challenge.answer).toMatchObject({ prompt: 'login', max_age: 0, expires_in: 600 })
    const granted = await guard.handler(await challenge.proof())
    const { grant } = await granted.json()
    const headers = { ...challenge.headers, 'Step-Up-Grant': grant }
    const request = new Request('http://localhost/pay', { headers })
    const use = guard.require(request, 'payment.approve', { subject: 'josh', context: payment })
    expect(await failureOf(use)).toBeNull()
  })

  it('is over after ten minutes', async () => {
    const { guard, challengeFor, clock } = open()
    const challenge = await challengeFor('email.change', {})
    clock.advance(600)
    expect(await (await guard.handler(await challenge.proof())).json()).toMatchObject({
      error: 'challenge_expired',
    })
  })

  it('is met once', async () => {
    const { guard, challengeFor } = open()
    const challenge = await challengeFor('email.change', {})
    expect((await guard.handler(await challenge.proof())).status).toBe(200)
    expect(await (await guard.handler(await challenge.proof())).json()).toMatchObject({
      error: 'already_used',
    })
  })

  it('is none where the guard gives a grant', async () => {
    const challenge = createTestGuard({ actions: { pay: { maxAge: 86_400 } } }).challengeFor('pay', {})
    await expect(challenge).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  /** What the real guard says of a proof with it; null: it does not look at that. */
  const refusals: Readonly<Record<Exclude<IdTokenFault, 'missing'>, string | null>> = {
    iss: 'invalid_token',
    aud: 'invalid_token',
    aud_untrusted: 'invalid_token',
    azp: 'invalid_token',
    azp_missing: 'invalid_token',
    nonce: 'nonce_mismatch',
    nonce_missing: 'nonce_mismatch',
    at_hash: null,
    exp: 'invalid_token',
    iat: 'clock_skew',
    nbf: 'invalid_token',
    auth_time: 'stale',
    auth_time_missing: 'auth_time_missing',
    auth_time_text: 'invalid_token',
    auth_time_future: 'auth_time_in_future',
    acr: 'acr_unmet',
    acr_missing: 'acr_unmet',
    amr: 'amr_unmet',
    amr_missing: 'amr_unmet',
    sub: 'subject_mismatch',
    sub_missing: 'invalid_token',
    alg: 'invalid_token',
    alg_none: 'invalid_token',
    alg_HS256: 'invalid_token',
    typ: 'invalid_token',
    kid: 'invalid_token',
    signature: 'invalid_token',
    malformed: 'invalid_token',
  }

  it.each(Object.entries(refusals) as [Exclude<IdTokenFault, 'missing'>, string | null][])(
    'is not met by an ID Token that breaks a rule: %s',
    async (fault, error) => {
      const { guard, challengeFor } = open()
      const challenge = await challengeFor('key.rotate', {})
      const answer = await guard.handler(await challenge.proof({}, fault))
      expect(await answer.json()).toMatchObject(error === null ? { status: 'granted' } : { error })
    },
  )
})

describe('a guard with a client that pushes', () => {
  const openPushing = () =>
    createTestGuard({
      actions: {
        'payment.approve': {
          ...{ reauthenticate: true, context: 'required' },
          display: ({ cents }: typeof payment) => `Approve ${cents}`,
          authorizationDetails: ({ cents }: typeof payment) => [{ type: 'payment', cents }],
        },
      },
      stepUpClient: {
        ...{ clientId: 'bank', redirectUri: 'https://app.example/callback' },
        authentication: { method: 'client_secret_basic', secret: 'any' },
      },
    })

  it('has grants ready, which the OP has given the details for', async () => {
    const { guard, grantFor } = openPushing()
    const grant = await grantFor('payment.approve', { context: payment })
    const used = guard.require(grant.request('/pay'), 'payment.approve', {
      subject: 'josh',
      context: payment,
    })
    expect(await used).toMatchObject({ detailsReturned: true })
  })

  it('challenges in words, and takes the code of a login, once', async () => {
    const { guard, challengeFor } = openPushing()
    const { answer, proof } = await challengeFor('payment.approve', { context: payment })
    expect(answer).toMatchObject({ pushed: true, display: { title: 'Approve 25000' } })
    const sent = await proof()
    expect(await sent.clone().json()).toEqual({
      ...{ challenge: answer.challenge, code: expect.any(String), state: expect.any(String) },
      iss: 'https://op.example',
    })
    expect((await guard.handler(sent.clone())).status).toBe(200)
    expect(await (await guard.handler(sent)).json()).toMatchObject({ error: 'invalid_token' })
  })

  it.each<[string, Readonly<Record<string, unknown>>, IdTokenFault | undefined]>([
    ['subject_mismatch', { sub: 'jane' }, undefined],
    ['nonce_mismatch', {}, 'nonce'],
    ['invalid_token', {}, 'signature'],
  ])('denies with %s a login that is not right', async (error, claims, fault) => {
    const { guard, challengeFor } = openPushing()
    const { proof } = await challengeFor('payment.approve', { context: payment })
    const answer = await guard.handler(await proof(claims, fault as never))
    expect(await answer.json()).toMatchObject({ status: 'denied', error })
  })
})
