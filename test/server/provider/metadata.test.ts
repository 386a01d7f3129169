import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AccessTokenGuardOptions, createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { createFreshnessGuard, type GuardOptions } from '../../../src/server/index.ts'
import { testKey } from '../../support/keys.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'

// As at Entra: one document for all tenants, elsewhere than its issuer says, with a template for an issuer.
const clock = new ManualClock()
const login = 'https://login.example'
const issuer = `${login}/{tenantid}/v2.0`
const metadataUrl = `${login}/common/v2.0/.well-known/openid-configuration`
const [acme, globex] = [`${login}/acme/v2.0`, `${login}/globex/v2.0`]
const subjectOf = ({ tid, oid }: Readonly<Record<string, unknown>>): unknown =>
  typeof tid === 'string' && typeof oid === 'string' ? `${tid}.${oid}` : undefined
const provider = { name: 'Entra', issuers: [acme], subjectOf, metadataUrl }
let op: ScriptedOp
let keySet: { keys: object[] }
let asked: string[]
/** What the document says instead. */
let document: object
/** What each key says of its issuer. */
let keyIssuer: string | undefined

beforeAll(async () => {
  op = await startOp(clock.now)
  keySet = await (await fetch(`${op.issuer}/jwks`)).json()
})
afterAll(() => op.close())
beforeEach(() => {
  asked = []
  document = {}
  keyIssuer = issuer
})

const scripted: typeof fetch = async input => {
  const url = String(input)
  asked.push(url)
  if (url === metadataUrl) {
    const endpoints = { jwks_uri: `${login}/keys`, introspection_endpoint: `${login}/introspect` }
    return Response.json({ issuer, ...endpoints, ...document })
  }
  if (url === `${login}/keys`) {
    return Response.json({ keys: keySet.keys.map(key => ({ ...key, issuer: keyIssuer })) })
  }
  if (url === `${login}/introspect`) {
    return Response.json({ active: true, tid: 'acme', oid: 'josh', aud: 'api' })
  }
  return new Response(null, { status: 404 })
}

const common = { issuer, provider, store: 'memory', now: clock.now, fetch: scripted } as const
const person = { iss: acme, tid: 'acme', oid: 'josh', sub: 'pairwise' }

async function admit(token: string, options: Partial<AccessTokenGuardOptions> = {}) {
  const guard = createAccessTokenGuard({ ...common, audience: 'api', onError: () => {}, ...options })
  const headers = { Authorization: `Bearer ${token}` }
  return guard.requireAccessToken(new Request(login, { headers })).catch(error => error)
}
const accessToken = (claims: object = {}) =>
  op.mint({ ...person, aud: 'api', ...claims }, { header: { typ: 'at+jwt' } })

/** The status with which a freshness guard answers a question. */
async function ask(claims: object = {}, options: Partial<GuardOptions> = {}) {
  const guard = createFreshnessGuard({
    ...{ ...common, clientId: 'payments', audience: 'api', keys: [testKey(1)], onError: () => {} },
    ...{ actions: { mail: { maxAge: 300 } }, ...options },
  })
  const body = JSON.stringify({ action: 'mail', id_token: await op.mint({ ...person, ...claims }) })
  const headers = { 'Content-Type': 'application/json' }
  const response = await guard.handler(new Request(login, { method: 'POST', headers, body }))
  return response.status
}

describe('a document elsewhere, with a template for an issuer', () => {
  it('is found by both guards, and by introspection', async () => {
    expect(await ask()).toBe(200)
    expect(await admit(await accessToken())).toMatchObject({ subject: 'acme.josh' })
    const introspection = { clientId: 'api', clientSecret: 'secret' }
    expect(await admit('opaque', { introspection })).toMatchObject({ subject: 'acme.josh' })
    expect(new Set(asked)).toEqual(new Set([metadataUrl, `${login}/keys`, `${login}/introspect`]))
  })

  it('by the guard’s own option rather than the profile’s', async () => {
    const elsewhere = { ...provider, metadataUrl: `${login}/nowhere` }
    expect(await ask({}, { provider: elsewhere })).toBe(503)
    expect(await ask({}, { provider: elsewhere, metadataUrl })).toBe(200)
  })

  it('is refused when it is of another issuer, to the letter', async () => {
    for (const other of [acme, `${login}/{tenantId}/v2.0`, `${issuer}/`]) {
      document = { issuer: other }
      expect(await ask()).toBe(503)
      expect(await admit(await accessToken())).toMatchObject({ code: 'temporarily_unavailable' })
    }
  })

  it.each<[string, object, boolean]>([
    ['of a tenant of the list', {}, true],
    ['of another tenant', { iss: globex, tid: 'globex' }, false],
    ['of the template itself', { iss: issuer, tid: '{tenantid}' }, false],
    ['of a tenant whose name only begins alike', { iss: `${login}/acme/v2.0/`, tid: 'acme' }, false],
    ['that names another tenant than its issuer', { tid: 'globex' }, false],
    ['that names no tenant', { tid: undefined }, false],
    ['that names no person', { oid: undefined }, false],
  ])('takes a token %s: %s', async (_, claims, passes) => {
    const refusal = { code: 'invalid_token' }
    const result = await admit(await accessToken(claims))
    expect(result).toMatchObject(passes ? { subject: 'acme.josh' } : refusal)
    expect(await ask(claims)).toBe(passes ? 200 : 403)
  })

  it('whose key is another tenant’s takes no token', async () => {
    keyIssuer = globex
    expect(await ask()).toBe(403)
    const error = await admit(await accessToken())
    expect(error).toMatchObject({ code: 'invalid_token', detail: expect.stringMatching(/^the key /) })
  })

  it('whose key is another tenant’s takes no token by a key that is at hand either', async () => {
    const guard = createAccessTokenGuard({
      ...{ ...common, audience: 'api' },
      provider: { ...provider, issuers: [acme, globex] },
    })
    const call = async (claims: object) => {
      const headers = { Authorization: `Bearer ${await accessToken(claims)}` }
      return guard.requireAccessToken(new Request(login, { headers })).catch(error => error)
    }
    keyIssuer = globex
    const [theirs, ours] = [{ iss: globex, tid: 'globex' }, {}]
    expect(await call(theirs)).toMatchObject({ subject: 'globex.josh' })
    expect(await call(ours)).toMatchObject({ code: 'invalid_token' })
    expect(await call(theirs)).toMatchObject({ subject: 'globex.josh' })
  })
})

describe('metadata in the options', () => {
  const metadata = { issuer, jwks_uri: `${login}/keys`, introspection_endpoint: `${login}/introspect` }

  it('is used instead of a document', async () => {
    expect(await ask({}, { metadata })).toBe(200)
    const introspection = { clientId: 'api', clientSecret: 'secret' }
    expect(await admit('opaque', { metadata, introspection })).toMatchObject({ subject: 'acme.josh' })
    expect(asked).toEqual([`${login}/keys`, `${login}/introspect`])
  })

  it('is kept as it was, whatever its owner does to it later', async () => {
    const changing: Record<string, unknown> = { ...metadata }
    const guard = createAccessTokenGuard({ ...common, audience: 'api', metadata: changing })
    changing.jwks_uri = 'https://evil.example/keys'
    const headers = { Authorization: `Bearer ${await accessToken()}` }
    expect(await guard.requireAccessToken(new Request(login, { headers }))).toMatchObject({ claims: person })
  })
})
