import { generic } from 'afresh/providers'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ActionPolicy, contextHash, type GuardOptions } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { scriptPush } from '../../support/scripted-push.ts'
import { Browser, ManualClock, openShop, payment, type Reply, type Shop } from '../../support/shop.ts'

/** What a person approves, in the backend's words. */

const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let josh: Browser
/** What `display` was called with. */
let shown: unknown[]

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  shown = []
})

type Display = (context: unknown, about: { locale: string | undefined }) => unknown

function open(
  display?: Display,
  more: Partial<ActionPolicy> = {},
  options: Partial<GuardOptions> = {},
): void {
  const words = display && {
    display(context: unknown, about: { locale: string | undefined }) {
      shown.push([context, about])
      return display(context, about) as string
    },
  }
  const policy = { reauthenticate: true, context: 'required', ...more, ...words } as ActionPolicy
  shop = openShop(op, clock, { actions: { 'payment.approve': policy }, ...options })
  josh = new Browser(shop.app)
}

const approve: Display = (context, { locale }) => {
  const { cents, to } = context as typeof payment
  return { title: `Approve to ${to}`, facts: { Amount: new Intl.NumberFormat(locale).format(cents / 100) } }
}

async function ask(message: object = {}, headers: Record<string, string> = {}): Promise<Reply> {
  const context_hash = await contextHash(payment)
  const id_token = await op.mint({ auth_time: clock.time - 3600 })
  return josh.send(
    '/api/freshness',
    { action: 'payment.approve', id_token, context_hash, ...message },
    headers,
  )
}

describe('the words of the server', () => {
  it('come with the challenge of an Ask that has the context', async () => {
    open(approve)
    const { status, body } = await ask({ context: payment, ui_locales: 'de-CH en' })
    expect(status).toBe(401)
    expect(body).toMatchObject({ display: { title: 'Approve to ACME', facts: { Amount: '250' } } })
    expect(shown).toEqual([[payment, { locale: 'de-CH' }]])
    expect(body).not.toHaveProperty('pushed')
  })

  it('come with the 401 of a sensitive call, whose context is the backend’s own', async () => {
    open(approve)
    const { status, body } = await josh.send('/api/payments/approve', payment, {
      'Accept-Language': 'fr;q=0.1, nl',
    })
    expect(status).toBe(401)
    expect(body).toMatchObject({ status: 'challenged', display: { title: 'Approve to ACME' } })
    expect(shown).toEqual([[payment, { locale: 'nl' }]])
  })

  it.each<[string, Display | undefined, object]>([
    ['an Ask of an older client, which has the hash alone', approve, {}],
    ['a policy without them', undefined, { context: payment }],
  ])('are absent for %s', async (_, display, message) => {
    open(display)
    const { status, body } = await ask(message)
    expect(status).toBe(401)
    expect(body).not.toHaveProperty('display')
    expect(shown).toEqual([])
  })

  it('may be about null', async () => {
    open(() => 'Nothing in particular')
    const { body } = await ask({ context: null, context_hash: await contextHash(null) })
    expect(body).toMatchObject({ display: { title: 'Nothing in particular' } })
  })

  it('are one line, and no more than fits', async () => {
    open(() => ({ title: `Approve\n\u202e${'x'.repeat(200)}`, facts: { Bad: 1, To: 'ACME' } }))
    const { body } = await ask({ context: payment })
    expect(body).toMatchObject({ display: { title: `Approve ${'x'.repeat(111)}…`, facts: { To: 'ACME' } } })
  })

  it.each<[string, Display]>([
    ['throws', () => JSON.parse('{')],
    ['gives a promise', async () => 'Approve'],
    ['gives a rejected promise', () => Promise.reject(new Error('no'))],
    ['gives a number', () => 250],
    ['gives an empty text', () => ' \n'],
    ['gives facts alone', () => ({ facts: { To: 'ACME' } })],
  ])('are left out and reported, once in 30 seconds, where the rule %s', async (_, display) => {
    open(display)
    for (let count = 0; count < 2; count++) {
      const { status, body } = await ask({ context: payment })
      expect(status).toBe(401)
      expect(body).not.toHaveProperty('display')
    }
    expect(shop.errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/^The option display of "payment.approve" /),
      }),
    ])
  })

  it('change no grant: a policy that gets them keeps the grants that were given before', async () => {
    open()
    const { body } = await ask()
    clock.advance(1)
    const { body: granted } = await josh.prove(body.challenge, await op.mint({ nonce: body.nonce }))
    const { cookies } = josh
    open(approve)
    for (const [name, value] of cookies) josh.cookies.set(name, value)
    expect((await josh.approve(payment, granted.grant)).status).toBe(200)
  })
})

describe('a context in an Ask', () => {
  it.each<[string, object, RegExp]>([
    ['without its hash', { context_hash: undefined, context: payment }, /without its `context_hash`/],
    ['of another hash', { context: { ...payment, cents: 1 } }, /is not that of the `context`/],
    ['null, and the hash of something', { context: null }, /is not that of the `context`/],
    ['that has no canonical form', { context: '\ud800' }, /has no canonical JSON/],
  ])('%s is refused', async (_, message, words) => {
    open(approve)
    const { status, body } = await ask(message)
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { status: 'failed', error: 'invalid_request' },
    })
    expect(body.error_description).toMatch(words)
    expect(shown).toEqual([])
    expect(shop.errors).toEqual([])
  })

  it('that is nested too deep to be read is refused, and is no fault of ours', async () => {
    open(approve)
    const deep = `${'['.repeat(8_000)}${']'.repeat(8_000)}`
    const body = `{"action":"payment.approve","context_hash":"${'A'.repeat(43)}","context":${deep}}`
    expect(await josh.send('/api/freshness', body)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
    expect(shop.errors).toEqual([])
  })

  it('counts towards the 16 KiB of the body', async () => {
    open(approve)
    const context = { ...payment, note: 'x'.repeat(16_384) }
    expect((await ask({ context, context_hash: await contextHash(context) })).status).toBe(413)
  })
})

describe('what the OP shall show', () => {
  const openWith = (authorizationDetails: unknown, more: object = {}): void =>
    open(undefined, { authorizationDetails, ...more } as ActionPolicy, scriptPush(op).options)

  it('is never granted at Ask, however fresh the login is, and the hint says so', async () => {
    openWith(() => [{ type: 'payment' }], { reauthenticate: false, maxAge: 300 })
    const { status } = await ask({ context: payment, id_token: await op.mint() })
    expect(status).toBe(401)
    expect(shop.guard.freshness('payment.approve', { auth_time: clock.time })).toMatchObject({
      secondsLeft: 0,
    })
  })

  it('needs the context itself', async () => {
    openWith(() => [{ type: 'payment' }])
    const { status, body } = await ask()
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('not its hash alone'),
    })
  })

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['an empty list', () => []],
    ['no list', () => ({ type: 'payment' })],
    ['an object without type', () => [{ amount: 1 }]],
    ['an empty type', () => [{ type: '' }]],
    ['a promise', async () => [{ type: 'payment' }]],
    ['something that is no JSON', () => [{ type: 'payment', at: new Date() }]],
    ['too much', () => [{ type: 'payment', note: 'x'.repeat(6_144) }]],
    ['an error', () => JSON.parse('{')],
  ])('is a fault of the backend where the rule gives %s', async (_, authorizationDetails) => {
    openWith(authorizationDetails)
    const { status, body } = await ask({ context: payment })
    expect({ status, error: body.error }).toEqual({ status: 503, error: 'temporarily_unavailable' })
    const fault = {
      code: 'configuration_invalid',
      message: expect.stringContaining('"payment.approve": authorizationDetails'),
    }
    expect(shop.errors).toEqual([expect.objectContaining(fault)])
    const request = new Request('https://api.example/pay', { method: 'POST' })
    const call = shop.guard.require(request, 'payment.approve', { subject: 'josh', context: payment })
    await expect(call).rejects.toMatchObject(fault)
  })

  it('may be none for a context that the page has made up, which is no fault of the backend', async () => {
    openWith(() => null)
    const { status, body } = await ask({ context: payment })
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_request' })
    expect(shop.errors).toEqual([])
    const request = new Request('https://api.example/pay', { method: 'POST' })
    const call = shop.guard.require(request, 'payment.approve', { subject: 'josh', context: payment })
    expect(await call.catch(error => error.toResponse().status)).toBe(400)
  })

  it('fits into the body of a Prove, at its longest', async () => {
    openWith(() => [{ type: 'payment', note: 'x'.repeat(6_100) }])
    const { body } = await ask({ context: payment })
    const proof = { challenge: body.challenge, code: 'x'.repeat(4_096), state: 'x'.repeat(43) }
    expect((await josh.send('/api/freshness', proof)).status).toBe(403)
  })

  it('counts in a grant by its presence: one that was given without it is refused', async () => {
    open(undefined, {}, scriptPush(op, 'preferred').options)
    const { body } = await ask()
    clock.advance(1)
    const { body: granted } = await josh.prove(body.challenge, await op.mint({ nonce: body.nonce }))
    const { cookies } = josh
    openWith(() => [{ type: 'payment' }])
    for (const [name, value] of cookies) josh.cookies.set(name, value)
    expect((await josh.approve(payment, granted.grant)).status).toBe(401)
  })
})

describe('the hint of a pushed request', () => {
  const push = async (claims: object, options: Partial<GuardOptions> = {}): Promise<string | null> => {
    const scripted = scriptPush(op)
    open(undefined, {}, { ...scripted.options, ...options })
    const { body } = await ask({ id_token: await op.mint({ auth_time: clock.time - 3600, ...claims }) })
    clock.advance(1)
    expect(await josh.send('/api/freshness', { challenge: body.challenge })).toMatchObject({ status: 200 })
    return scripted.pushed[0]?.get('login_hint') ?? null
  }

  it.each([
    [{ preferred_username: 'josh.r', email: 'josh@example.com' }, 'josh.r'],
    [{ email: 'josh@example.com' }, 'josh@example.com'],
    [{ preferred_username: '', email: 5 }, null],
    [{}, null],
  ])('is of the person whose ID Token asks: %j', async (claims, hint) => {
    expect(await push(claims)).toBe(hint)
  })

  it.each([
    ['de-CH en', undefined, 'de-CH'],
    [undefined, 'fr;q=0.8, ja', 'ja'],
    ['not_a_tag', undefined, null],
  ])('goes with the language that the person wants: %j, %j', async (ui_locales, accepted, language) => {
    const scripted = scriptPush(op)
    open(undefined, {}, scripted.options)
    const { body } = await ask({ ui_locales }, accepted === undefined ? {} : { 'Accept-Language': accepted })
    clock.advance(1)
    await josh.send('/api/freshness', { challenge: body.challenge })
    expect(scripted.pushed[0]?.get('ui_locales') ?? null).toBe(language)
  })

  it('is left out where the provider does not keep to it', async () => {
    const provider = { ...generic(), dropHintsOnStepUp: true }
    expect(await push({ email: 'josh@example.com' }, { provider })).toBeNull()
  })

  it('is none where the backend knows who asks, and where the request is not pushed', async () => {
    expect(
      await push({ email: 'josh@example.com' }, { authenticate: () => ({ subject: 'josh' }) }),
    ).toBeNull()
    open(approve)
    const { body } = await ask({ id_token: await op.mint({ email: 'josh@example.com' }) })
    expect(decodeJwt(String(body.challenge))).not.toHaveProperty('login_hint')
  })
})
