// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { RequestKind } from '../../src/core/authorization-params.ts'
import {
  answer,
  type ClientOptions,
  departures,
  op,
  openTab,
  page,
  prompted,
  rememberSession,
  session,
  setUpPage,
  until,
} from '../support/client.ts'

setUpPage()

const sent = (): URLSearchParams => page.visited.at(-1)?.searchParams ?? new URLSearchParams()

async function signedIn(options: ClientOptions = {}): Promise<AuthClient> {
  const client = openTab(options)
  await until(() => session(client).status === 'anonymous')
  page.popups.push({})
  await client.signIn()
  return client
}

describe('authorizationParams as a function', () => {
  const kinds: RequestKind[] = []
  const options: ClientOptions = {
    authorizationParams: kind => {
      kinds.push(kind)
      return { kind }
    },
  }
  beforeEach(() => {
    kinds.length = 0
  })

  it('is asked for the restore of a page that loads, and for the sign-in', async () => {
    await signedIn(options)
    expect(kinds).toEqual(['restore', 'sign_in'])
    expect(sent().get('kind')).toBe('sign_in')
  })

  it('is asked for the restore by a full-page redirect', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    rememberSession()
    openTab({ ...options, renewal: { restore: ['top-level'] } })
    await until(() => departures().length > 0)
    expect(kinds).toEqual(['restore'])
  })

  it.each<[RequestKind, (client: AuthClient) => Promise<unknown>]>([
    ['sign_up', client => client.signUp()],
    ['switch_account', client => client.accounts.switchAccount()],
    ['switch_account', client => client.accounts.switchAccount({ iss: op.issuer, sub: 'jane' })],
    ['switch_account', client => client.accounts.addAccount()],
    ['renewal', client => client.renew()],
  ])('is asked for %s', async (kind, work) => {
    const client = await signedIn({ ...options, provider: { name: 'test', signUp: { prompt: 'signup' } } })
    page.popups.push({})
    page.frame = {}
    kinds.length = 0
    await work(client)
    expect(kinds).toEqual([kind])
    expect(sent().get('kind')).toBe(kind)
  })

  it('is asked for a sign-in where the session has ended', async () => {
    const client = await signedIn(options)
    kinds.length = 0
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_000 })
    const waiting = client.getAccessToken()
    await prompted(client, 'session_ended')
    page.popups.push({})
    answer(client, 'continue')
    await waiting
    expect(kinds).toEqual(['renewal', 'sign_in'])
  })

  it('is asked for a step-up, in silence and with the person', async () => {
    const client = await signedIn(options)
    kinds.length = 0
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_000_000 })
    const pending = client.stepUp('email.change')
    await prompted(client, 'step_up')
    page.popups.push({})
    answer(client, 'continue')
    await pending
    expect(kinds.filter(kind => kind === 'step_up').length).toBeGreaterThan(0)
    expect(kinds).not.toContain('sign_in')
    expect(sent().get('kind')).toBe('step_up')
  })
})

describe('authorizationParams of one call', () => {
  const options: ClientOptions = {
    provider: { name: 'test', signUp: { prompt: 'signup' }, authorizationParams: { a: '1', b: '1', c: '1' } },
    authorizationParams: { b: '2', c: '2' },
  }
  const call = { authorizationParams: { c: '3' } }

  it.each<[string, (client: AuthClient) => Promise<unknown>]>([
    ['signIn', client => client.signIn(call)],
    ['signUp', client => client.signUp(call)],
    ['switchAccount', client => client.accounts.switchAccount(undefined, call)],
    ['addAccount', client => client.accounts.addAccount(call)],
  ])('of %s come after the option’s and the provider’s', async (_, work) => {
    const client = await signedIn(options)
    page.popups.push({})
    await work(client)
    expect(Object.fromEntries(sent())).toMatchObject({ a: '1', b: '2', c: '3' })
  })

  it('that are the protocol’s own are refused before anything leaves the page', async () => {
    const client = await signedIn()
    page.popups.push({})
    const before = page.visited.length
    await expect(client.signIn({ authorizationParams: { nonce: 'x' } })).rejects.toMatchObject({
      code: 'configuration_invalid',
    })
    expect(page.visited).toHaveLength(before)
  })
})

it('claims of the app go along with those that the package asks for', async () => {
  op.metadata = { claims_parameter_supported: true }
  await signedIn({ authorizationParams: { claims: JSON.stringify({ id_token: { email: null } }) } })
  expect(JSON.parse(sent().get('claims') ?? '')).toEqual({
    id_token: { email: null, auth_time: { essential: true } },
  })
})

it('claims of the app go out also where discovery does not say that the OP takes them', async () => {
  await signedIn({ authorizationParams: { claims: '{"userinfo":{"email":null}}' } })
  expect(sent().get('claims')).toBe('{"userinfo":{"email":null}}')
})

describe('the option resource', () => {
  it.each([
    ['resource', undefined],
    ['resource', 'resource'],
    ['audience', 'audience'],
  ] as const)('is sent as %s to an OP whose profile says %s', async (name, resourceParam) => {
    const provider = { name: 'test', ...(resourceParam && { resourceParam }) }
    await signedIn({ resource: 'https://api.example', provider })
    expect(sent().getAll(name)).toEqual(['https://api.example'])
  })

  it.each([
    [undefined, 'of the profile'],
    ['https://api.example', 'https://api.example'],
  ])('%s counts before an audience that the provider’s profile sends: %s', async (resource, audience) => {
    const authorizationParams = { audience: 'of the profile' }
    await signedIn({ resource, provider: { name: 'test', resourceParam: 'audience', authorizationParams } })
    expect(sent().getAll('audience')).toEqual([audience])
  })
})

describe('the options acrValues and prompt', () => {
  const options: ClientOptions = {
    acrValues: ['gold', 'silver'],
    prompt: 'login',
    provider: { name: 'test', signUp: { prompt: 'signup' }, accountSelection: 'select_account' },
  }
  const gold = { claims: { acr: 'gold' } }
  const asked = () => [sent().get('prompt'), sent().get('acr_values')]

  async function withGold(more: ClientOptions = {}): Promise<AuthClient> {
    const client = openTab({ ...options, ...more })
    await until(() => session(client).status === 'anonymous')
    page.popups.push(gold)
    await client.signIn()
    return client
  }

  it('are sent with a sign-in that names none itself, and not in silence', async () => {
    const client = await withGold()
    expect(asked()).toEqual(['login', 'gold silver'])
    page.frame = gold
    await client.renew()
    expect(asked()).toEqual(['none', null])
  })

  it.each<[string, (client: AuthClient) => Promise<unknown>, string, string]>([
    ['signIn', client => client.signIn({ prompt: 'consent' }), 'consent', 'gold silver'],
    ['signIn', client => client.signIn({ acrValues: ['gold'] }), 'login', 'gold'],
    ['signUp', client => client.signUp(), 'signup', 'gold silver'],
    ['switchAccount', client => client.accounts.switchAccount(), 'select_account', 'gold silver'],
    ['addAccount', client => client.accounts.addAccount(), 'login', 'gold silver'],
  ])('leave %s what it says itself', async (_, work, prompt, acrValues) => {
    const client = await withGold()
    page.popups.push(gold)
    await work(client)
    expect(asked()).toEqual([prompt, acrValues])
  })

  it('are sent with a sign-up by screen_hint', async () => {
    const client = await withGold({ provider: { name: 'test', signUp: { screenHint: 'signup' } } })
    page.popups.push(gold)
    await client.signUp()
    expect([...asked(), sent().get('screen_hint')]).toEqual(['login', 'gold silver', 'signup'])
  })

  it('are sent where the session has ended', async () => {
    const client = await withGold()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_000 })
    const waiting = client.getAccessToken()
    await prompted(client, 'session_ended')
    page.popups.push(gold)
    answer(client, 'continue')
    await waiting
    expect(asked()).toEqual(['login', 'gold silver'])
  })

  it('are not sent with a step-up', async () => {
    const client = await withGold()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_000_000 })
    const pending = client.stepUp('email.change')
    await prompted(client, 'step_up')
    page.popups.push({})
    answer(client, 'continue')
    await pending
    expect(asked()).toEqual([null, null])
  })

  it('hold the answer to the acr values, as those of a call do', async () => {
    const client = openTab(options)
    await until(() => session(client).status === 'anonymous')
    page.popups.push({ claims: { acr: 'bronze' } })
    await expect(client.signIn()).rejects.toMatchObject({ code: 'id_token_invalid' })
    expect(session(client).status).toBe('anonymous')
  })
})
