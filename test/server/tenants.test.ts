import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AccessTokenGuard } from 'afresh/server/access-token'
import type { Hono } from 'hono'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type FreshnessGuard,
  GuardError,
  memoryStore,
  type TransactionalStore,
} from '../../src/server/index.ts'
import { createProver, sha256 } from '../support/dpop.ts'
import { testKey } from '../support/keys.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { readBlocks, writeFiles } from '../support/page-blocks.ts'
import { ManualClock } from '../support/shop.ts'

// The recipe of docs/backend/tenants.md. Its code is taken from the page.

interface Tenant {
  readonly issuer: string
  readonly clientId: string
}
interface Guards {
  readonly callers: AccessTokenGuard
  readonly guard: FreshnessGuard<
    { readonly 'payment.approve': { readonly reauthenticate: true; readonly context: 'required' } },
    unknown
  >
}
interface Recipe {
  guardsOf(name: string, tenant: Tenant, common: object): Guards
  tenantRoutes(tenants: Readonly<Record<string, Tenant>>, common: object): Hono
}

const clock = new ManualClock()
const context = { id: 'p1', cents: 25_000 }
const keys = [Buffer.from(testKey(1)).toString('base64url')]
const root = fileURLToPath(new URL('../..', import.meta.url))

const names = ['acme', 'otherProvider', 'otherClient', 'otherAudience'] as const
type Name = (typeof names)[number]
const pairs = names.flatMap(from => names.filter(to => to !== from).map(to => [from, to] as const))

let folder: string
let recipe: Recipe
let ops: Readonly<Record<Name, ScriptedOp>>
let tenants: Readonly<Record<Name, Tenant>>
let guards: Readonly<Record<Name, Guards>>
let common: object

beforeAll(async () => {
  const [op, other] = [await startOp(clock.now), await startOp(clock.now)]
  ops = { acme: op, otherProvider: other, otherClient: op, otherAudience: op }
  tenants = {
    acme: { issuer: op.issuer, clientId: 'payments' },
    otherProvider: { issuer: other.issuer, clientId: 'payments' },
    otherClient: { issuer: op.issuer, clientId: 'invoices' },
    otherAudience: { issuer: op.issuer, clientId: 'payments' },
  }
  // In the repository, so that the packages are found.
  await mkdir(join(root, 'test-results'), { recursive: true })
  folder = await mkdtemp(join(root, 'test-results/tenants-'))
  await writeFiles(folder, await readBlocks('docs/backend/tenants.md'))
  recipe = await import(join(folder, 'src/tenants.ts'))
  return async () => {
    await Promise.all([op.close(), other.close()])
    await rm(folder, { recursive: true, force: true })
  }
})

beforeEach(() => {
  clock.advance(100)
  const memory = memoryStore({ now: clock.now })
  const store: TransactionalStore<unknown> = { ...memory, within: () => memory }
  common = { store, keys, now: clock.now }
  const make = (name: Name): Guards => recipe.guardsOf(name, tenants[name], common)
  guards = {
    acme: make('acme'),
    otherProvider: make('otherProvider'),
    otherClient: make('otherClient'),
    otherAudience: make('otherAudience'),
  }
})

const audienceOf = (name: Name): string => `https://api.example.com/${name}`
const urlOf = (name: Name): string => `${audienceOf(name)}/api/freshness`

const post = (to: Name, cookies: readonly string[], message: object): Promise<Response> =>
  guards[to].guard.handler(
    new Request(urlOf(to), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: cookies.join('; ') },
      body: JSON.stringify(message),
    }),
  )

/** josh, who has signed in at this tenant's provider, for its client. */
const idToken = (at: Name, claims: object = {}): Promise<string> =>
  ops[at].mint({ aud: tenants[at].clientId, ...claims })

interface Challenged {
  readonly challenge: string
  readonly nonce: string
  readonly cookies: readonly string[]
}

async function ask(at: Name, cookies: readonly string[] = []): Promise<Challenged> {
  const { answer } = await use(at, '', cookies)
  const body = (await answer?.json()) as Omit<Challenged, 'cookies'>
  return { ...body, cookies: answer?.headers.getSetCookie().map(line => line.split(';')[0] ?? '') ?? [] }
}

/** Name, random part and MAC of the only cookie. */
function partsOf([cookie = '']: readonly string[]): readonly string[] {
  return cookie.split(/[=.]/)
}

/** A login in a later second than the challenge. */
async function prove(at: Name, { challenge, nonce, cookies }: Challenged, by: Name = at): Promise<Answer> {
  clock.advance(1)
  const reply = await post(at, cookies, { challenge, id_token: await idToken(by, { nonce }) })
  return (await reply.json()) as Answer
}

interface Answer {
  readonly status: string
  readonly error?: string
  readonly grant?: string
}

/** The sensitive call: whether it passed, or why the grant was not taken. */
async function use(
  at: Name,
  grant: string,
  cookies: readonly string[],
): Promise<{ readonly outcome: unknown; readonly answer?: Response }> {
  const request = new Request(`${audienceOf(at)}/api/payments/p1`, {
    method: 'POST',
    headers: { Cookie: cookies.join('; '), ...(grant && { 'Step-Up-Grant': grant }) },
  })
  const options = { subject: 'josh', context, transaction: 'tx' }
  try {
    return { outcome: await guards[at].guard.protect(request, 'payment.approve', options, () => 'done') }
  } catch (error) {
    if (!(error instanceof GuardError)) throw error
    return { outcome: error.reason, answer: error.toResponse() }
  }
}

async function accessToken(of: Name, claims: object = {}): Promise<string> {
  const usual = { aud: audienceOf(of), client_id: tenants[of].clientId, jti: 'at', auth_time: undefined }
  return ops[of].mint({ ...usual, ...claims }, { header: { typ: 'at+jwt' } })
}

async function call(at: Name, headers: Record<string, string>): Promise<unknown> {
  const request = new Request(`${audienceOf(at)}/api/payments`, { method: 'POST', headers })
  const outcome = await guards[at].callers.requireAccessToken(request).catch((error: unknown) => error)
  return outcome instanceof GuardError ? outcome.code : (outcome as { subject: string }).subject
}

describe.each(pairs)('of tenant %s, tenant %s takes no', (from, to) => {
  it('challenge', async () => {
    const challenged = await ask(from)
    // The login itself is one that `to` would take.
    expect(await prove(to, challenged, to)).toMatchObject({ status: 'denied', error: 'invalid_token' })
    expect(await prove(from, challenged)).toMatchObject({ status: 'granted' })
  })

  it('grant', async () => {
    const challenged = await ask(from)
    const { grant = '' } = await prove(from, challenged)
    expect((await use(to, grant, challenged.cookies)).outcome).toBe('grant_invalid')
    expect((await use(from, grant, challenged.cookies)).outcome).toBe('done')
  })

  it('cookie, also under a name of its own', async () => {
    const [foreign, own] = [await ask(from), await ask(to)]
    const [name] = partsOf(own.cookies)
    const [, random, mac] = partsOf(foreign.cookies)
    const cookies = [...foreign.cookies, `${name}=${random}.${mac}`]
    expect(await prove(to, { ...own, cookies })).toMatchObject({ error: 'binding_mismatch' })
    // Nor does it bind a new challenge to it.
    const [, given] = partsOf((await ask(to, cookies)).cookies)
    expect(given).not.toBe(random)
    expect(await prove(to, own)).toMatchObject({ status: 'granted' })
  })

  it('access token', async () => {
    const Authorization = `Bearer ${await accessToken(from)}`
    expect(await call(to, { Authorization })).toBe('invalid_token')
    expect(await call(from, { Authorization })).toBe('josh')
  })

  it('DPoP proof', async () => {
    const prover = await createProver()
    const token = await accessToken(to, { cnf: { jkt: prover.thumbprint } })
    const proof = (name: Name): Promise<string> =>
      prover.prove('POST', `${audienceOf(name)}/api/payments`, clock.time, { claims: { ath: sha256(token) } })
    const Authorization = `DPoP ${token}`
    expect(await call(to, { Authorization, DPoP: await proof(from) })).toBe('invalid_dpop_proof')
    expect(await call(to, { Authorization, DPoP: await proof(to) })).toBe('josh')
  })
})

// Tenants that share provider and client share its ID Tokens; only an answer to their own challenge counts.
const strangers = pairs.filter(pair => pair.some(name => name !== 'acme' && name !== 'otherAudience'))

it.each(strangers)('of tenant %s, tenant %s takes no ID Token, with its own nonce', async (from, to) => {
  const challenged = await ask(to)
  expect(await prove(to, challenged, from)).toMatchObject({ error: 'invalid_token' })
  expect(await prove(to, challenged)).toMatchObject({ status: 'granted' })
})

it('two clients of one API take neither challenge nor grant of each other', async () => {
  guards = { ...guards, otherClient: recipe.guardsOf('acme', tenants.otherClient, common) }
  const challenged = await ask('acme')
  expect(await prove('otherClient', challenged)).toMatchObject({ error: 'invalid_token' })
  const { grant = '' } = await prove('acme', challenged)
  expect((await use('otherClient', grant, challenged.cookies)).outcome).toBe('grant_invalid')
  expect((await use('acme', grant, challenged.cookies)).outcome).toBe('done')
})

it('a login that has served one tenant serves none other of the same provider', async () => {
  const [first, second] = [await ask('acme'), await ask('otherAudience')]
  expect(await prove('acme', first)).toMatchObject({ status: 'granted' })
  clock.advance(-1)
  expect(await prove('otherAudience', second)).toMatchObject({ error: 'stale' })
})

it('the same sub at another provider is another person', async () => {
  const [first, second] = [await ask('acme'), await ask('otherProvider')]
  expect(await prove('acme', first)).toMatchObject({ status: 'granted' })
  clock.advance(-1)
  expect(await prove('otherProvider', second)).toMatchObject({ status: 'granted' })
})

it.each(['nobody', '__proto__', 'constructor', 'toString', '%61cme%2F', 'ACME'])(
  'answers an unknown tenant, %s, with 404, and asks no provider about it',
  async name => {
    const routes = recipe.tenantRoutes(tenants, common)
    const requests = Object.values(ops).map(op => ({ ...op.requests }))
    for (const path of ['api/freshness', 'api/payments/p1']) {
      const reply = await routes.request(`https://api.example.com/${name}/${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await accessToken('acme')}` },
        body: JSON.stringify({ action: 'payment.approve', id_token: await idToken('acme'), ...tenants.acme }),
      })
      expect(reply.status).toBe(404)
    }
    expect(Object.values(ops).map(op => op.requests)).toEqual(requests)
  },
)

it('a known tenant’s endpoint asks by that tenant’s guard', async () => {
  const routes = recipe.tenantRoutes(tenants, common)
  const reply = await routes.request(urlOf('acme'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      action: 'payment.approve',
      context_hash: sha256('{}'),
      id_token: await idToken('acme'),
    }),
  })
  expect([reply.status, await reply.json()]).toMatchObject([401, { status: 'challenged' }])
})
