// @vitest-environment jsdom
import { createAuthClient, selectPrompt } from 'afresh'
import { createFreshnessGuard, type FreshnessGuard, GuardError, memoryStore } from 'afresh/server'
import { IDBFactory } from 'fake-indexeddb'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { testKey } from '../support/keys.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { TestPage } from '../support/page.ts'
import { payment, shopActions } from '../support/shop.ts'

vi.mock('../../src/op/popup.ts', () => import('../support/windows.ts'))
vi.mock('../../src/op/windows.ts', () => import('../support/windows.ts'))

const seconds = (): number => Math.floor(Date.now() / 1000)
const context = { ...payment }
let op: ScriptedOp
let page: TestPage
let guard: FreshnessGuard
let sent: Request[]

beforeAll(async () => {
  op = await startOp(seconds)
})
afterAll(() => op.close())
beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  op.proofs.length = 0
  page = new TestPage(op)
  vi.stubGlobal('indexedDB', new IDBFactory())
  guard = createFreshnessGuard({
    issuer: op.issuer,
    clientId: 'payments',
    audience: 'https://api.example',
    keys: [testKey(1)],
    actions: shopActions,
    store: memoryStore(),
    dpop: true,
    publicUrl: location.origin,
  })
  sent = []
  const network = fetch
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    if (new URL(request.url).origin !== location.origin) return network(request)
    sent.push(request)
    return serve(request).catch(error => {
      if (error instanceof GuardError) return error.toResponse()
      throw error
    })
  })
})
afterEach(() => vi.unstubAllGlobals())

/** The API: takes the OP's tokens, bound to the key that they were got with. No cookie ever reaches it. */
async function serve(request: Request): Promise<Response> {
  if (request.url.endsWith('/api/freshness')) return guard.handler(request)
  await guard.checkDpop(request, { cnf: { jkt: op.proofs[0]?.thumbprint } })
  await guard.require(request, 'payment.approve', { subject: 'josh', context: await request.json() })
  return Response.json({ status: 'done' })
}

it('with dpop, a step-up holds from Ask to Use by the key alone', async () => {
  const client = createAuthClient({
    issuer: op.issuer,
    clientId: 'payments',
    freshness: { endpoint: '/api/freshness' },
    dpop: true,
  })
  page.popups.push({ claims: { auth_time: seconds() - 1000 } }, {})
  await client.signIn()
  const approval = client.stepUp('payment.approve', { context })
  await vi.waitFor(() => expect(selectPrompt(client.store.getState())).not.toBeNull())
  client.answerPrompt(selectPrompt(client.store.getState())?.id ?? '', 'continue')
  const grant = await approval
  const init = { method: 'POST', body: JSON.stringify(context) }
  expect((await grant.fetch('/api/pay', init)).status).toBe(200)
  expect(sent.map(({ headers }) => [headers.get('Authorization'), headers.has('DPoP')])).toEqual([
    [null, true],
    [null, true],
    ['DPoP at', true],
  ])
  const again = await grant.fetch('/api/pay', init)
  expect([again.status, again.headers.get('WWW-Authenticate')]).toEqual([
    401,
    expect.stringMatching(/^DPoP error="insufficient_user_authentication"/),
  ])
  client.dispose()
})

it('with dpop, a browser without IndexedDB cannot sign in, and is told why', async () => {
  vi.stubGlobal('indexedDB', undefined)
  const client = createAuthClient({ issuer: op.issuer, clientId: 'payments', dpop: true })
  page.popups.push({})
  await expect(client.signIn()).rejects.toMatchObject({ code: 'configuration_invalid' })
  expect(page.openWindows).toBe(0)
  client.dispose()
})

it.each([
  ['browser', false],
  ['server', true],
] as const)('with idTokenSignature %s, a forged token signs in: %j', async (idTokenSignature, signsIn) => {
  const client = createAuthClient({ issuer: op.issuer, clientId: 'payments', idTokenSignature })
  page.popups.push({ minting: { foreignKey: true } })
  const outcome = await client.signIn().then(
    () => null,
    error => error,
  )
  if (signsIn) expect(outcome).toBeNull()
  else expect(outcome).toMatchObject({ code: 'id_token_invalid', claim: 'signature', reason: 'mismatch' })
  client.dispose()
})
