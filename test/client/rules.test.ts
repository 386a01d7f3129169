// @vitest-environment jsdom
import type { AuthClient, SignInOptions } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Departure } from '../../src/op/redirects.ts'
import {
  type ClientOptions,
  createClient,
  departures,
  op,
  page,
  prompt,
  seconds,
  session,
  setUpPage,
  unload,
  until,
} from '../support/client.ts'
import type { AuthorizationAnswer } from '../support/op.ts'
import { payment } from '../support/shop.ts'

const loggedInAt = seconds() - 1000

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

let newest: AuthClient
function create(options: ClientOptions): AuthClient {
  newest = createClient({ storage: 'session', ...options })
  return newest
}

/** A page just loaded. */
async function load(options: ClientOptions): Promise<AuthClient> {
  const client = create(options)
  client.mount()
  await until(() => session(client).status !== 'initializing')
  return client
}

/** A page just loaded that has josh's session, and has not talked to the OP. */
async function loadSignedIn(options: ClientOptions): Promise<AuthClient> {
  const before = await load(options)
  page.popups.push({ claims: { auth_time: loggedInAt }, token: { refresh_token: 'rt' } })
  await before.signIn()
  const kept = Object.entries({ ...sessionStorage }).filter(([key]) => !key.startsWith('afresh:metadata'))
  await unload(before)
  sessionStorage.clear()
  for (const [key, value] of kept) sessionStorage.setItem(key, value)
  return load(options)
}

interface Flow {
  readonly options?: ClientOptions
  prepare(options: ClientOptions): Promise<AuthClient> | AuthClient
  /** Rejects with what the app is told. */
  run(
    client: AuthClient,
    answer: AuthorizationAnswer,
    request: SignInOptions,
    options: ClientOptions,
  ): Promise<unknown>
}

/** What a page load ends in. */
async function loaded(client: AuthClient): Promise<void> {
  client.mount()
  await until(() => session(client).status !== 'initializing')
  const state = session(client)
  if (state.status === 'anonymous') throw state.error ?? state
}

/** A page that does not ask the OP who is signed in. */
const nobody: ClientOptions = { renewal: { restore: ['tabs'] } }
const signIn = (
  client: AuthClient,
  answer: AuthorizationAnswer,
  request: SignInOptions,
): Promise<unknown> => {
  page.popups.push(answer)
  return client.signIn(request)
}

const flows = {
  'a sign-in': { options: nobody, prepare: load, run: signIn },
  'a sign-in by redirect': {
    options: { ...nobody, interaction: ['redirect'] },
    prepare: load,
    async run(client, answer, request, options) {
      const leaving = client.signIn(request)
      await Promise.race([leaving, until(() => departures().length > 0)])
      const { transaction }: Departure<unknown> = JSON.parse(departures()[0]?.[1] ?? 'null')
      const state = new URLSearchParams(op.authorize(transaction?.url ?? '')).get('state')
      const params = new URLSearchParams(op.authorize(transaction?.url ?? '', answer))
      // The callback page finds the departure by the state that came back; without it, it drops the response.
      if (params.get('state') === state)
        sessionStorage.setItem('afresh:response', JSON.stringify(`${params}`))
      await unload(client)
      return loaded(create(options))
    },
  },
  'a restored session': {
    prepare: create,
    run(client, answer) {
      page.frame = answer
      return loaded(client)
    },
  },
  'a renewal in a frame': {
    options: { renewal: { via: ['iframe'] } },
    prepare: loadSignedIn,
    run(client, answer) {
      page.frame = answer
      return client.renew()
    },
  },
  'a renewal by refresh token': {
    options: { renewal: { via: ['refresh'] } },
    prepare: loadSignedIn,
    run(client, answer) {
      op.refreshAnswer = { ...answer, claims: { auth_time: loggedInAt, ...answer.claims } }
      return client.renew()
    },
  },
  'a step-up': {
    prepare: loadSignedIn,
    async run(client, answer) {
      page.popups.push(answer)
      client.store.subscribe(() => {
        const shown = prompt(client)
        const next = shown?.type === 'account_mismatch' ? 'cancel' : 'continue'
        const isOpen = shown?.type === 'step_up' && shown.window !== 'none'
        if (shown && !isOpen) queueMicrotask(() => client.answerPrompt(shown.id, next))
      })
      return client.stepUp('payment.approve', { context: { ...payment } })
    },
  },
  'a switch of account': {
    prepare: loadSignedIn,
    run: (client, answer, request) =>
      signIn(
        client,
        { ...answer, claims: { sub: 'jane', ...answer.claims } },
        { prompt: 'login', ...request },
      ),
  },
} satisfies Record<string, Flow>

type FlowName = keyof typeof flows
const interactive: readonly FlowName[] = ['a sign-in', 'a sign-in by redirect', 'a switch of account']
const byRefresh: FlowName = 'a renewal by refresh token'
const names = Object.keys(flows) as FlowName[]
const but = (...without: FlowName[]): FlowName[] => names.filter(name => !without.includes(name))

interface Rule {
  readonly answer?: () => AuthorizationAnswer
  readonly metadata?: Record<string, unknown>
  readonly options?: ClientOptions
  /** What the person's sign-in asks for. */
  readonly request?: SignInOptions
  readonly error: object
  /** Those in which it is another error. */
  readonly instead?: Partial<Record<FlowName, object>>
  /** Default: all. */
  readonly flows?: readonly FlowName[]
}

const evil = 'https://evil.example'
const advertised = { authorization_response_iss_parameter_supported: true }
const refused = (error: string) => ({ code: 'authorization_failed', error })
const broken = (claim: string, reason: string) => ({ code: 'id_token_invalid', claim, reason })
const claiming = (claims: Record<string, unknown>) => () => ({ claims })
const minted = (minting: AuthorizationAnswer['minting']) => () => ({ minting: minting ?? {} })
const responding = (response: AuthorizationAnswer['response']) => () => ({ response: response ?? {} })
// What the callback page drops, the page that comes back never sees.
const dropped = { 'a sign-in by redirect': { status: 'anonymous', reason: 'login_required' } }
const [verified, front] = [{ idTokenSignature: 'browser' } as const, but(byRefresh)]

const responses: Record<string, Rule> = {
  'another state': {
    answer: responding({ state: 'other' }),
    error: refused('state_mismatch'),
    instead: dropped,
  },
  'no state': {
    answer: responding({ state: undefined }),
    error: refused('state_mismatch'),
    instead: dropped,
  },
  'no code': { answer: responding({ code: undefined }), error: refused('code_missing') },
  'another iss': { answer: responding({ iss: evil }), error: refused('iss_mismatch') },
  'no iss where one is advertised': {
    answer: responding({ iss: undefined }),
    metadata: advertised,
    error: refused('iss_mismatch'),
  },
  'an error and another iss': {
    answer: responding({ code: undefined, error: 'login_required', iss: evil }),
    error: refused('iss_mismatch'),
  },
  'an error and no iss where one is advertised': {
    answer: responding({ code: undefined, error: 'login_required', iss: undefined }),
    metadata: advertised,
    error: refused('iss_mismatch'),
  },
  'an error and another state': {
    answer: responding({ code: undefined, error: 'access_denied', state: 'other' }),
    error: refused('state_mismatch'),
    instead: dropped,
  },
}

const idTokens: Record<string, Rule> = {
  'another iss': { answer: claiming({ iss: evil }), error: broken('iss', 'mismatch') },
  'another aud': { answer: claiming({ aud: 'other' }), error: broken('aud', 'mismatch') },
  'a second aud': {
    answer: claiming({ aud: ['payments', 'other'], azp: 'payments' }),
    error: broken('aud', 'untrusted'),
  },
  'another azp': { answer: claiming({ azp: 'other' }), error: broken('azp', 'mismatch') },
  'an exp that is past': {
    answer: () => ({ claims: { exp: seconds() - 31 } }),
    error: broken('exp', 'expired'),
  },
  'an iat that is to come': {
    answer: () => ({ claims: { iat: seconds() + 60 } }),
    error: broken('iat', 'future'),
  },
  'no sub': { answer: claiming({ sub: undefined }), error: broken('sub', 'missing') },
  'another nonce': { answer: claiming({ nonce: 'other' }), error: broken('nonce', 'mismatch') },
  'no nonce': {
    answer: claiming({ nonce: undefined }),
    error: broken('nonce', 'missing'),
    flows: but(byRefresh),
  },
  'another access token’s at_hash': {
    answer: claiming({ at_hash: 'other' }),
    error: broken('at_hash', 'mismatch'),
  },
  'the alg none': { answer: minted({ alg: 'none' }), error: broken('alg', 'untrusted') },
  'the alg HS256': { answer: minted({ alg: 'HS256' }), error: broken('alg', 'untrusted') },
  'an alg that the OP does not advertise': {
    metadata: { id_token_signing_alg_values_supported: ['ES256'] },
    error: broken('alg', 'mismatch'),
  },
  'another typ': { answer: minted({ header: { typ: 'at+jwt' } }), error: broken('typ', 'mismatch') },
  'another signer’s signature': {
    answer: minted({ foreignKey: true }),
    options: verified,
    error: broken('signature', 'mismatch'),
  },
  'a key that the OP does not publish': {
    answer: minted({ header: { kid: 'unknown' } }),
    options: verified,
    error: broken('signature', 'untrusted'),
  },
  'an auth_time that is older than max_age allows': {
    answer: () => ({ claims: { auth_time: seconds() - 100 } }),
    request: { maxAge: 60 },
    error: broken('auth_time', 'too_old'),
    instead: {
      'a step-up': { code: 'step_up_denied', reason: 'stale' },
      [byRefresh]: broken('auth_time', 'mismatch'),
    },
    flows: [...interactive, 'a step-up', byRefresh],
  },
  'no auth_time where max_age was sent': {
    answer: claiming({ auth_time: undefined }),
    request: { maxAge: 60 },
    error: broken('auth_time', 'missing'),
    instead: { 'a step-up': { code: 'step_up_denied', reason: 'auth_time_missing' } },
    flows: [...interactive, 'a step-up'],
  },
  'an acr that was not asked for': {
    answer: claiming({ acr: 'c' }),
    request: { acrValues: ['a', 'b'] },
    error: broken('acr', 'mismatch'),
    flows: interactive,
  },
  'another sub than the session’s': {
    answer: claiming({ sub: 'jane' }),
    error: { code: 'account_mismatch' },
    instead: { [byRefresh]: broken('sub', 'mismatch') },
    flows: ['a renewal in a frame', byRefresh, 'a step-up'],
  },
}

const others: Record<string, Rule> = {
  'whose discovery document names another issuer': {
    metadata: { issuer: evil },
    error: { code: 'configuration_invalid' },
    // The backend is asked first, and cannot find the OP's keys.
    instead: { 'a step-up': { code: 'network' } },
  },
  'whose authorization endpoint is a script': {
    metadata: { authorization_endpoint: 'javascript:alert(document.domain)//' },
    error: { code: 'configuration_invalid' },
  },
  'whose token endpoint is another host without TLS': {
    metadata: { token_endpoint: 'http://evil.example/token' },
    error: { code: 'configuration_invalid' },
  },
  'whose token endpoint gives no ID Token': {
    answer: () => ({ token: { id_token: undefined } }),
    error: broken('id_token', 'missing'),
    flows: but(byRefresh),
  },
  'whose token endpoint gives a token of another type': {
    answer: () => ({ token: { token_type: 'N_A' } }),
    error: refused('token_type_mismatch'),
  },
}

/** Whatever a later page could find: who is signed in, by which tokens, and what has been begun. */
async function everythingKept(client: AuthClient): Promise<unknown> {
  const state = session(client)
  const { status, account, claims, accessTokenExpiresAt } = { account: null, claims: null, ...state } as never
  const token = status === 'authenticated' ? await client.getAccessToken() : null
  const stored = Object.entries({ ...sessionStorage, ...localStorage })
  const kept = stored.filter(([key]) => !key.startsWith('afresh:metadata')).sort()
  return { status, account, claims, accessTokenExpiresAt, token, kept, windows: page.openWindows }
}

describe.each(names)('%s', name => {
  const { options, prepare, run }: Flow = flows[name]

  async function outcome(rule: Partial<Rule>): Promise<{ error: unknown; before: unknown; after: unknown }> {
    const all = { ...options, ...rule.options }
    const client = await prepare(all)
    const before = await everythingKept(client)
    op.metadata = rule.metadata ?? {}
    const error = await run(client, rule.answer?.() ?? {}, rule.request ?? {}, all).then(
      () => null,
      cause => cause,
    )
    return { error, before, after: await everythingKept(newest) }
  }

  it.each([{}, verified])('that keeps every rule is accepted with the options %j', async options => {
    const { error, before, after } = await outcome({ options, metadata: advertised })
    expect(error).toBeNull()
    expect(after).not.toEqual(before)
  })

  const rules = [
    ...Object.entries(responses).map(([what, rule]) => [
      `whose response has ${what}`,
      { flows: front, ...rule },
    ]),
    ...Object.entries(idTokens).map(([what, rule]) => [`whose ID Token has ${what}`, rule]),
    ...Object.entries(others),
  ] as [string, Rule][]
  it.each(rules.filter(([, { flows = names }]) => flows.includes(name)))(
    '%s is refused, and nothing is kept of it',
    async (_, rule) => {
      const { error, before, after } = await outcome(rule)
      expect(error).toMatchObject(rule.instead?.[name] ?? rule.error)
      // A page that was still being loaded has found nobody.
      const settled = name === 'a restored session' ? { status: 'anonymous' } : {}
      expect(after).toEqual({ ...(before as object), ...settled })
    },
  )
})
