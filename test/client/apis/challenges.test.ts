// @vitest-environment jsdom
import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, it, vi } from 'vitest'
import {
  type ApiAnswer,
  billing,
  listed,
  refreshes,
  reports,
  setUpApis,
  signedIn,
} from '../../support/apis.ts'
import { answer, op, page, prompt, prompted, setUpPage, until } from '../../support/client.ts'

setUpPage()
setUpApis()

const old: ApiAnswer = {
  status: 401,
  challenge: 'Bearer error="insufficient_user_authentication", max_age="60"',
}
const onlyFresh = (token: string): ApiAnswer => (token.startsWith('fresh') ? { status: 200 } : old)
const claims = { access_token: { acrs: { essential: true, value: 'c1' } } }
const lacking = (what: object): ApiAnswer => ({
  status: 401,
  challenge: `Bearer realm="", error="insufficient_claims", claims="${btoa(JSON.stringify(what))}"`,
})

describe('an API with a token of its own that wants a fresher login', () => {
  it('gets a token of that login, in silence where that is enough; the session keeps its own', async () => {
    const client = await signedIn()
    reports.answer = onlyFresh
    page.frame = { token: { access_token: 'fresh', refresh_token: 'rt1' } }
    expect((await client.fetch(reports.url)).status).toBe(200)
    expect(reports.tokens).toEqual(['reports reports.read 1', 'fresh'])
    expect(op.forms.at(-1)?.get('resource')).toBe('https://reports.example')
    expect(page.visited.at(-1)?.searchParams.getAll('resource')).toHaveLength(2)
    expect(await client.getAccessToken()).toBe('at')
    await client.fetch(billing.url)
    expect(billing.tokens).toEqual(['billing billing.read 2'])
    await client.fetch(reports.url)
    expect(reports.tokens.at(-1)).toBe('fresh')
  })

  it('gets it from the person, who is asked once', async () => {
    const client = await signedIn()
    reports.answer = onlyFresh
    const call = client.fetch(reports.url)
    await prompted(client, 'step_up')
    page.popups.push({ token: { access_token: 'fresh', refresh_token: 'rt1' } })
    answer(client, 'continue')
    expect((await call).status).toBe(200)
    expect(reports.tokens).toEqual(['reports reports.read 1', 'fresh'])
    expect(await client.getAccessToken()).toBe('at')
    expect(op.forms.map(form => form.get('resource'))).toEqual([
      'https://reports.example',
      'https://reports.example',
    ])
  })

  it('is answered with a token of that login also where it waited for another API’s step-up', async () => {
    const client = await signedIn()
    // A refresh brings a token of the newest login.
    let isFresh = false
    reports.answer = onlyFresh
    billing.answer = () => (isFresh ? { status: 200 } : old)
    const calls = Promise.all([client.fetch(reports.url), client.fetch(billing.url)])
    await until(() => billing.tokens.length === 1 && prompt(client)?.type === 'step_up')
    page.popups.push({ token: { access_token: 'fresh', refresh_token: 'rt2' } })
    isFresh = true
    answer(client, 'continue')
    expect((await calls).map(({ status }) => status)).toEqual([200, 200])
    expect(prompt(client)).toBeNull()
    expect(billing.tokens).toEqual(['billing billing.read 2', 'billing billing.read 3'])
  })

  it('lets an API that waits for it, and takes the session’s own token, have one of that login too', async () => {
    const client = await signedIn({ api: [...listed().slice(0, 1), { origin: billing.url }] })
    reports.answer = onlyFresh
    billing.answer = token => (token.startsWith('own') ? { status: 200 } : old)
    const first = client.fetch(reports.url)
    await prompted(client, 'step_up')
    const second = client.fetch(billing.url)
    await until(() => billing.tokens.length === 1)
    page.popups.push({ token: { access_token: 'fresh', refresh_token: 'rt1' } })
    answer(client, 'continue')
    expect((await first).status).toBe(200)
    await until(() => billing.tokens.length === 2)
    expect(prompt(client)).toBeNull()
    expect((await second).status).toBe(200)
    expect([reports.tokens.at(-1), billing.tokens]).toEqual(['fresh', ['at', 'own 2']])
  })

  it('goes on being answered with 401 where the new login is not enough', async () => {
    const client = await signedIn()
    reports.answer = () => old
    const call = client.fetch(reports.url)
    await prompted(client, 'step_up')
    page.popups.push({ token: { access_token: 'fresh' } })
    answer(client, 'continue')
    expect((await call).status).toBe(401)
    expect(reports.tokens).toHaveLength(2)
  })
})

describe('an API that wants other claims', () => {
  const askedClaims = (): unknown => JSON.parse(page.visited.at(-1)?.searchParams.get('claims') ?? 'null')

  it('gets a token that was asked for with them, in silence where that is enough', async () => {
    const client = await signedIn()
    reports.answer = token => (token.startsWith('fresh') ? { status: 200 } : lacking(claims))
    page.frame = { token: { access_token: 'fresh' } }
    expect((await client.fetch(reports.url)).status).toBe(200)
    expect(askedClaims()).toEqual(claims)
    expect(prompt(client)).toBeNull()
  })

  it('gets it from the person, beside what every request asks for', async () => {
    op.metadata = { claims_parameter_supported: true }
    const client = await signedIn()
    reports.answer = token => (token.startsWith('fresh') ? { status: 200 } : lacking(claims))
    page.frame = { error: 'interaction_required' }
    const call = client.fetch(reports.url)
    await prompted(client, 'step_up')
    page.popups.push({ token: { access_token: 'fresh' } })
    answer(client, 'continue')
    expect((await call).status).toBe(200)
    expect(askedClaims()).toEqual({ ...claims, id_token: { auth_time: { essential: true } } })
  })

  it('is asked once, and its second refusal is the answer', async () => {
    const client = await signedIn()
    reports.answer = () => lacking(claims)
    const call = client.fetch(reports.url)
    await prompted(client, 'step_up')
    page.popups.push({ token: { access_token: 'fresh' } })
    answer(client, 'continue')
    expect((await call).status).toBe(401)
    expect(prompt(client)).toBeNull()
  })

  it('shares no step-up with an API that wants others', async () => {
    const client = await signedIn()
    const others = { access_token: { acrs: { essential: true, value: 'c2' } } }
    reports.answer = token => (token.startsWith('first') ? { status: 200 } : lacking(claims))
    billing.answer = token => (token.startsWith('second') ? { status: 200 } : lacking(others))
    const first = client.fetch(reports.url)
    await prompted(client, 'step_up')
    const second = client.fetch(billing.url)
    page.popups.push({ token: { access_token: 'first' } })
    answer(client, 'continue')
    expect((await first).status).toBe(200)
    expect(askedClaims()).toEqual(claims)
    await prompted(client, 'step_up')
    page.popups.push({ token: { access_token: 'second' } })
    answer(client, 'continue')
    expect((await second).status).toBe(200)
    expect(askedClaims()).toEqual(others)
  })

  it.each([
    ['that name no claim', { status: 401, challenge: 'Bearer error="insufficient_claims", claims="e30"' }],
    ['that are missing', { status: 401, challenge: 'Bearer error="insufficient_claims"' }],
    ['by a 403', { ...lacking(claims), status: 403 }],
  ])('%s has its answer returned', async (_, refused) => {
    const client = await signedIn()
    reports.answer = () => refused
    expect((await client.fetch(reports.url)).status).toBe(refused.status)
    expect(reports.tokens).toHaveLength(1)
    expect(refreshes).toHaveLength(1)
  })
})

it('with dpop, each API’s token is bound to the key, and its proof goes with it', async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  const client = await signedIn({ dpop: true }, { token: { token_type: 'DPoP' } })
  await client.fetch(reports.url)
  const refresh = op.proofs.at(-1)
  expect(refresh?.claims).toMatchObject({ htm: 'POST', htu: `${op.issuer}/token` })
  const sent = page.requests.at(-1)
  expect(sent?.headers.get('Authorization')).toBe('DPoP reports reports.read 1')
  expect(sent?.headers.get('DPoP')).toMatch(/^eyJ/)
})
