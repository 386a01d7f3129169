import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextHash, GuardError, type StepUpRecord } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, type Payment, payment, type Shop } from '../../support/shop.ts'

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

/** Josh calls, is challenged, signs in again, and gets a grant for this payment. */
async function stepUp(what: Payment = payment): Promise<string> {
  const { body } = await josh.approve(what)
  clock.advance(5)
  const proof = await op.mint({ nonce: body.nonce })
  return (await josh.prove(body.challenge, proof)).body.grant ?? ''
}

/** Calls `require` directly, as the request of a browser with the given headers. */
async function callRequire(
  options: Parameters<Shop['guard']['require']>[2],
  headers: Record<string, string> = {},
  action = 'payment.approve',
): Promise<StepUpRecord | unknown> {
  const request = new Request('https://api.example/x', { headers })
  return shop.guard.require(request, action, options).catch(error => error)
}

describe('the sensitive call', () => {
  it('without a grant is challenged for its own action and context', async () => {
    const reply = await josh.approve()
    expect(reply).toMatchObject({ status: 401, body: { status: 'challenged', prompt: 'login', max_age: 0 } })
    expect(reply.headers.get('WWW-Authenticate')).toContain('insufficient_user_authentication')
    expect(decodeJwt(reply.body.challenge ?? '')).toMatchObject({
      sub: 'josh',
      action: 'payment.approve',
      context_hash: await contextHash(payment),
    })
    expect(shop.ledger).toEqual([])
  })

  it('goes through once the challenge is answered, and the ledger shows how', async () => {
    const grant = await stepUp()
    expect((await josh.approve(payment, grant)).status).toBe(200)
    expect(shop.ledger).toEqual([
      {
        subject: 'josh',
        action: 'payment.approve',
        authTime: clock.time,
        acr: undefined,
        amr: undefined,
        contextHash: await contextHash(payment),
        challengeId: expect.any(String),
        detailsReturned: false,
      },
    ])
  })

  it('finds the same context whatever the order of its keys', async () => {
    const grant = await stepUp()
    const { to, cents, id } = payment
    expect((await josh.approve({ to, cents, id }, grant)).status).toBe(200)
  })
})

describe('a grant misused is challenged anew, and the right use still works', () => {
  it.each<[string, (grant: string) => Promise<{ status: number }>]>([
    ['for another amount', grant => josh.approve({ ...payment, cents: 925_000 }, grant)],
    ['for more than was asked', grant => josh.approve({ ...payment, note: 'x' } as Payment, grant)],
    ['for another action', grant => josh.send('/api/payments/reject', payment, { 'Step-Up-Grant': grant })],
    ['for an action without context', grant => josh.send('/api/email', {}, { 'Step-Up-Grant': grant })],
    [
      'by another person',
      grant => {
        const jane = Object.assign(new Browser(shop.app), { subject: 'jane', cookies: josh.cookies })
        return jane.approve(payment, grant)
      },
    ],
    [
      'in another browser',
      async grant => {
        const thief = new Browser(shop.app)
        await thief.approve(payment, grant)
        return thief.approve(payment, grant)
      },
    ],
    ['twice in one header', grant => josh.approve(payment, `${grant}, ${grant}`)],
  ])('%s', async (_, misuse) => {
    const grant = await stepUp()
    expect((await misuse(grant)).status).toBe(401)
    expect(shop.ledger).toEqual([])
    expect((await josh.approve(payment, grant)).status).toBe(200)
  })

  it.each<[string, string, (grant: string) => Promise<unknown>]>([
    ['no grant', 'grant_missing', () => callRequire({ subject: 'josh', context: payment })],
    ['an ID Token', 'grant_invalid', async () => requireWith(await op.mint())],
    [
      'another amount',
      'context_mismatch',
      grant => requireWith(grant, { context: { ...payment, cents: 1 } }),
    ],
    ['another person', 'subject_mismatch', grant => requireWith(grant, { subject: 'jane' })],
    ['another action', 'action_mismatch', grant => requireWith(grant, {}, 'payment.reject')],
    ['no cookie', 'binding_mismatch', grant => requireWith(grant, {}, undefined, '')],
    [
      'a used grant',
      'already_used',
      async grant => {
        await requireWith(grant)
        return requireWith(grant)
      },
    ],
    [
      'an expired grant',
      'grant_expired',
      async grant => {
        clock.advance(60)
        return requireWith(grant)
      },
    ],
  ])('when it has %s, and the backend is told %s', async (_, reason, call) => {
    const grant = await stepUp()
    const error = await call(grant)
    expect(error).toBeInstanceOf(GuardError)
    expect(error).toMatchObject({ code: 'step_up_required', reason })
    expect((error as GuardError).toResponse().status).toBe(401)
  })

  it.each<[string, unknown, unknown]>([
    ['for something in particular is not good for the action alone', payment, undefined],
    ['for the action alone is not good for something in particular', undefined, payment],
  ])('%s', async (_, asked, used) => {
    const about = asked === undefined ? {} : { context_hash: await contextHash(asked) }
    const { body } = await josh.ask({ action: 'email.change', id_token: await op.mint(), ...about })
    const call = (context: unknown) => requireWith(body.grant ?? '', { context }, 'email.change')
    expect(await call(used)).toMatchObject({ reason: 'context_mismatch' })
    expect(await call(asked)).toMatchObject({ action: 'email.change' })
  })

  function requireWith(grant: string, options: object = {}, action?: string, cookie?: string) {
    const cookies = Array.from(josh.cookies, pair => pair.join('=')).join('; ')
    const headers = { 'Step-Up-Grant': grant, Cookie: cookie ?? cookies }
    return callRequire({ subject: 'josh', context: payment, ...options }, headers, action)
  }

  it('of another API or OP, though signed with the same key, is invalid', async () => {
    const other = openShop(op, clock, { audience: 'https://other.example' })
    josh.app = other.app
    const grant = await stepUp()
    expect(await requireWith(grant)).toMatchObject({ reason: 'grant_invalid' })
    expect((await josh.approve(payment, grant)).status).toBe(200)
  })
})

describe('one use', () => {
  it('lets one of ten calls at once through', async () => {
    const grant = await stepUp()
    const replies = await Promise.all(Array.from({ length: 10 }, () => josh.approve(payment, grant)))
    expect(replies.filter(reply => reply.status === 200)).toHaveLength(1)
    expect(replies.filter(reply => reply.status === 401)).toHaveLength(9)
    expect(shop.ledger).toHaveLength(1)
  })

  it('takes a grant in one spelling of its base64url only', async () => {
    const grant = await stepUp()
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const respelt = grant.slice(0, -1) + alphabet[alphabet.indexOf(grant.slice(-1)) ^ 1]
    for (const other of [respelt, `${grant}.`, `${grant}.x`, grant.replace(/\.[^.]*$/, ''), `${grant}=`])
      expect((await josh.approve(payment, other)).status).toBe(401)
    expect((await josh.approve(payment, grant)).status).toBe(200)
    expect((await josh.approve(payment, respelt)).status).toBe(401)
    expect(shop.ledger).toHaveLength(1)
  })

  it('is remembered for as long as the grant lives', async () => {
    const grant = await stepUp()
    expect((await josh.approve(payment, grant)).status).toBe(200)
    clock.advance(59)
    expect((await josh.approve(payment, grant)).status).toBe(401)
  })

  it('ends 60 s after the grant, by our clock and without skew', async () => {
    const [first, second] = [await stepUp(), await stepUp({ ...payment, id: 'p2' })]
    clock.advance(54)
    expect((await josh.approve(payment, first)).status).toBe(200)
    clock.advance(6)
    expect((await josh.approve({ ...payment, id: 'p2' }, second)).status).toBe(401)
  })
})

describe('what the backend passes in', () => {
  it('authTime becomes the baseline of the challenge', async () => {
    const error = await callRequire({ subject: 'josh', context: payment, authTime: 1_700_000_000 })
    const body: { challenge: string } = await (error as GuardError).toResponse().json()
    expect(decodeJwt(body.challenge)).toMatchObject({ auth_time: 1_700_000_000 })
  })

  it.each([
    ['an unknown action', { subject: 'josh' }, 'toString'],
    ['no subject', { subject: '' }, 'email.change'],
    ['an authTime of NaN', { subject: 'josh', authTime: Number.NaN }, 'email.change'],
    ['an authTime with a fraction', { subject: 'josh', authTime: 1.5 }, 'email.change'],
    ['an authTime in milliseconds', { subject: 'josh', authTime: Date.now() }, 'email.change'],
    ['an authTime beyond the skew', { subject: 'josh', authTime: 1_800_000_031 }, 'email.change'],
    ['no context where the policy demands one', { subject: 'josh' }, 'payment.approve'],
    ['an undefined member', { subject: 'josh', context: { to: undefined } }, 'payment.approve'],
    ['a misspelt option', { subject: 'josh', contxt: payment } as never, 'payment.approve'],
    ['a Date in the context', { subject: 'josh', context: { at: new Date(0) } }, 'payment.approve'],
    ['a BigInt in the context', { subject: 'josh', context: { cents: 1n } }, 'payment.approve'],
    ['no options', undefined as never, 'email.change'],
  ])('%s is a ConfigurationError', async (_, options, action) => {
    expect(await callRequire(options, {}, action)).toMatchObject({ code: 'configuration_invalid' })
  })

  it('authTime may be as far ahead as the clocks may differ', async () => {
    const error = await callRequire({ subject: 'josh', authTime: clock.time + 30 }, {}, 'email.change')
    expect(error).toMatchObject({ code: 'step_up_required' })
  })

  it.each([
    ['a lone surrogate', { to: '\ud800' }],
    ['a number without end', JSON.parse('{ "cents": 1e999 }')],
    ['nesting beyond measure', JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))],
  ])('%s is answered with 400, not 500', async (_, context) => {
    const error = await callRequire({ subject: 'josh', context })
    expect(error).toMatchObject({ code: 'invalid_request', reason: undefined })
    const response = (error as GuardError).toResponse()
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ status: 'failed', error: 'invalid_request' })
  })

  it('null counts as a context like any other', async () => {
    const error = await callRequire({ subject: 'josh', context: null })
    const body: { challenge: string } = await (error as GuardError).toResponse().json()
    expect(decodeJwt(body.challenge)).toMatchObject({ context_hash: await contextHash(null) })
  })
})
