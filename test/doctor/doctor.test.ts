import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../../demo/listen.ts'
import { startOp } from '../../demo/op/op.ts'
import { examine } from '../../src/doctor/examine.ts'
import type { Finding } from '../../src/doctor/report.ts'
import { listen } from '../support/http.ts'

const app = 'http://localhost:5173'
const servers: { close(): unknown }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener)
  servers.push({
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
  return listen(server)
}
const look = (issuer: string, more: object = {}) =>
  examine({ issuer, clientId: 'payments', origin: app, seconds: 2, ...more })
const levels = (findings: readonly Finding[], check: string): string[] =>
  findings.filter(one => one.check === check).map(({ level }) => level)

/** An OP of three documents. */
async function scripted(
  change: (metadata: Record<string, unknown>) => object,
  cors = true,
  type = 'application/json; charset=utf-8',
): Promise<string> {
  const issuer: string = await serve((request, response) => {
    if (cors) response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Content-Type', type)
    const documents: Record<string, object> = {
      '/.well-known/openid-configuration': change({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        code_challenge_methods_supported: ['S256'],
        id_token_signing_alg_values_supported: ['RS256'],
      }),
      '/jwks': { keys: [{ kty: 'RSA' }] },
      '/token': { error: 'invalid_grant' },
    }
    response.end(JSON.stringify(documents[request.url ?? ''] ?? {}))
  })
  return issuer
}

describe('the doctor', () => {
  it('finds the demo’s OP usable, and that prompt=none comes back', async () => {
    const place = { port: await freePort(), app, clientId: 'payments' }
    const op = await startOp({ ...place, apis: [{ audience: 'https://api.example' }] })
    servers.push(op)
    const report = await look(op.issuer, { redirectUri: `${app}/auth/callback.html` })
    expect(report.findings.filter(({ level }) => level === 'fail')).toEqual([])
    expect(report).toMatchObject({ usable: true, profile: 'generic' })
    expect(levels(report.findings, 'prompt=none')).toEqual(['good'])
    expect(levels(report.findings, 'token endpoint')).toEqual(['good'])
  })

  it.each([
    ['a web page', (_, response) => response.end('<!doctype html><title>Hello</title>')],
    ['a document of another kind', (_, response) => response.end('{"hello":"world"}')],
    ['an answer that never ends', (_, response) => response.write('{')],
    ['a huge one', (_, response) => response.end('x'.repeat(600 * 1024))],
    ['a redirect', (_, response) => response.writeHead(302, { Location: '/' }).end()],
    ['nothing at all', () => {}],
  ] satisfies [string, RequestListener][])('finds that %s is no OP', async (_, listener) => {
    const report = await look(await serve(listener), { seconds: 0.5 })
    expect(report.usable).toBe(false)
    expect(report.findings.map(({ check, level }) => [check, level])).toEqual([['discovery', 'fail']])
  })

  it.each<[string, { to?: string; headers?: Record<string, string> }, Finding['level'][]]>([
    ['within the provider', {}, ['good', 'risk']],
    ['that pages may not read', { headers: {} }, ['fail', 'risk']],
    ['to where the provider must not be asked', { to: 'http://op.example/discovery' }, ['fail']],
  ])('judges a redirect of discovery %s as client and guards do', async (_, redirect, expected) => {
    const { to, headers = { 'Access-Control-Allow-Origin': app } } = redirect
    const issuer: string = await serve((request, response) => {
      if (request.url?.endsWith('/openid-configuration')) {
        response.writeHead(301, { Location: to ?? `${request.url}/`, ...headers }).end()
        return
      }
      response.setHeader('Access-Control-Allow-Origin', app)
      response.setHeader('Content-Type', 'application/json')
      const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }
      const keys = [{ kty: 'RSA' }]
      response.end(JSON.stringify({ issuer, ...endpoints, jwks_uri: `${issuer}/jwks`, keys }))
    })
    const { findings } = await look(issuer)
    expect(levels(findings, 'discovery')).toEqual(expected)
    const place = `${issuer}/.well-known/openid-configuration/`
    const advice = findings.findLast(({ check }) => check === 'discovery')?.text
    expect(advice).toContain('`metadataUrl`')
    expect(advice).toContain(to ?? `"${place}"`)
  })

  it('follows a redirect of discovery to another host, which must let any page read the document', async () => {
    const answers: Record<string, string> = {}
    const other: string = await serve((request, response) => {
      answers.origin = request.headers.origin ?? ''
      response.setHeader('Access-Control-Allow-Origin', app)
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ issuer }))
    })
    const issuer: string = await serve((_, response) => {
      response.writeHead(302, { Location: `${other}/document`, 'Access-Control-Allow-Origin': app }).end()
    })
    const { findings } = await look(issuer)
    expect(levels(findings, 'discovery')).toEqual(['fail', 'risk'])
    expect(answers.origin).toBe('null')
  })

  it('finds that a dead port is no OP', async () => {
    expect((await look(`http://127.0.0.1:${await freePort()}`)).usable).toBe(false)
  })

  it.each([
    ['another issuer', 'issuer', () => scripted(metadata => ({ ...metadata, issuer: 'https://x.example' }))],
    ['no CORS', 'discovery', () => scripted(metadata => metadata, false)],
    [
      'PKCE without S256',
      'PKCE',
      () => scripted(metadata => ({ ...metadata, code_challenge_methods_supported: ['plain'] })),
    ],
    [
      'HS256 only',
      'signatures',
      () => scripted(metadata => ({ ...metadata, id_token_signing_alg_values_supported: ['HS256'] })),
    ],
    [
      'pushed requests only',
      'PAR',
      () => scripted(metadata => ({ ...metadata, require_pushed_authorization_requests: true })),
    ],
    [
      'a document that pages do not read',
      'discovery',
      () => scripted(metadata => metadata, true, 'text/html'),
    ],
    ['no keys', 'jwks_uri', () => scripted(metadata => ({ ...metadata, jwks_uri: undefined }))],
    [
      'an authorization endpoint at no URL',
      'authorization_endpoint',
      () => scripted(metadata => ({ ...metadata, authorization_endpoint: 'auth' })),
    ],
    ['keys at no URL', 'jwks_uri', () => scripted(metadata => ({ ...metadata, jwks_uri: 'keys' }))],
  ])('finds that an OP with %s cannot be used', async (_, check, open) => {
    const { usable, findings } = await look(await open())
    expect(usable).toBe(false)
    expect(levels(findings, check)).toContain('fail')
  })

  it('takes a document without signature algorithms, as the client does', async () => {
    const { usable, findings } = await look(
      await scripted(metadata => ({ ...metadata, id_token_signing_alg_values_supported: undefined })),
    )
    expect(usable).toBe(true)
    expect(levels(findings, 'signatures')).toEqual(['unknown'])
  })

  it('asks as a page of the app does: with its origin', async () => {
    const origins: unknown[] = []
    const issuer = await serve((request, response) => {
      origins.push(request.headers.origin)
      const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }
      response.end(JSON.stringify({ issuer, ...endpoints, jwks_uri: `${issuer}/jwks` }))
    })
    await look(issuer, { redirectUri: `${app}/auth/callback.html` })
    expect(origins).toEqual([app, app, app, app])
  })

  it('finds the document where it is, and checks that it is of this issuer', async () => {
    const issuer = await serve((request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*')
      const isThere = request.url === '/elsewhere'
      const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }
      const metadata = { issuer: `${issuer}/{tenantid}/v2.0`, ...endpoints, jwks_uri: `${issuer}/jwks` }
      response.end(isThere ? JSON.stringify(metadata) : '{"keys":[{"kty":"RSA"}]}')
    })
    const metadataUrl = `${issuer}/elsewhere`
    expect((await look(`${issuer}/{tenantid}/v2.0`, { metadataUrl })).usable).toBe(true)
    const { usable, findings } = await look(issuer, { metadataUrl })
    expect(usable).toBe(false)
    expect(levels(findings, 'issuer')).toEqual(['fail'])
  })

  // Browsers ignore it there: only the page behind the last redirect counts.
  it.each([
    ['a redirect', 302, { Location: `${app}/callback?error=login_required&state=doctor` }, []],
    ['a redirect to its login page', 302, { Location: '/login' }, []],
    ['a page', 200, {}, ['risk']],
  ])('what %s says of frames', async (_, status, headers, risks) => {
    const issuer = await serve((request, response) => {
      const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }
      if (request.url?.startsWith('/auth'))
        response.writeHead(status, { 'X-Frame-Options': 'DENY', ...headers })
      response.end(JSON.stringify({ issuer, ...endpoints, jwks_uri: `${issuer}/jwks` }))
    })
    const { findings } = await look(issuer, { redirectUri: `${app}/callback` })
    expect(levels(findings, 'frame')).toEqual(risks)
  })

  it('finds that an OP with little metadata can be used, and names its risks', async () => {
    const { usable, findings } = await look(await scripted(metadata => metadata))
    expect(usable).toBe(true)
    for (const check of ['iss', 'prompt', 'auth_time', 'sign-out'])
      expect(levels(findings, check)).toEqual(['risk'])
  })
})
