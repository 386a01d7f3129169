// @vitest-environment jsdom
import { createFreshnessGuard, type FreshnessGuard, GuardError, memoryStore } from 'afresh/server'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, it, vi } from 'vitest'
import { answer, createClient, op, page, prompted, seconds, setUpPage } from '../support/client.ts'
import { testKey } from '../support/keys.ts'
import { payment, shopActions } from '../support/shop.ts'

const context = { ...payment }
let guard: FreshnessGuard
let sent: Request[]

setUpPage()
beforeEach(() => {
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
  const network = page.fetch
  page.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (new URL(request.url).origin !== location.origin) return network(request)
    sent.push(request)
    return serve(request).catch(error => {
      if (error instanceof GuardError) return error.toResponse()
      throw error
    })
  }
})

/** The API: takes the OP's tokens, bound to the key that they were got with. No cookie ever reaches it. */
async function serve(request: Request): Promise<Response> {
  if (request.url.endsWith('/api/freshness')) return guard.handler(request)
  await guard.checkDpop(request, { cnf: { jkt: op.proofs[0]?.thumbprint } })
  await guard.require(request, 'payment.approve', { subject: 'josh', context: await request.json() })
  return Response.json({ status: 'done' })
}

it('with dpop, a step-up is bound from Ask to Use by the key alone', async () => {
  const client = createClient({ dpop: true })
  page.popups.push({ claims: { auth_time: seconds() - 1000 } }, {})
  await client.signIn()
  const approval = client.stepUp('payment.approve', { context })
  await prompted(client, 'step_up')
  answer(client, 'continue')
  const grant = await approval
  const init = { method: 'POST', body: JSON.stringify(context) }
  expect((await grant.fetch('/api/pay', init)).status).toBe(200)
  expect(sent.map(({ headers }) => [headers.get('Authorization'), headers.has('DPoP')])).toEqual([
    [null, true],
    [null, true],
    ['DPoP at', true],
  ])
  const again = await grant.fetch('/api/pay', init).catch(error => error.response)
  expect([again.status, again.headers.get('WWW-Authenticate')]).toEqual([
    401,
    expect.stringMatching(/^DPoP error="insufficient_user_authentication"/),
  ])
})

it('with dpop, a browser without IndexedDB cannot sign in, and is told why', async () => {
  vi.stubGlobal('indexedDB', undefined)
  const client = createClient({ dpop: true })
  page.popups.push({})
  await expect(client.signIn()).rejects.toMatchObject({ code: 'configuration_invalid' })
  expect(page.openWindows).toBe(0)
})

it.each([
  ['browser', false],
  ['server', true],
] as const)('with idTokenSignature %s, a forged token signs in: %j', async (idTokenSignature, signsIn) => {
  const client = createClient({ idTokenSignature })
  page.popups.push({ minting: { foreignKey: true } })
  const outcome = await client.signIn().then(
    () => null,
    error => error,
  )
  if (signsIn) expect(outcome).toBeNull()
  else expect(outcome).toMatchObject({ code: 'id_token_invalid', claim: 'signature', reason: 'mismatch' })
})
