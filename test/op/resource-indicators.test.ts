import { decodeJwt } from 'jose'
import type { Context, Middleware, Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../demo/listen.ts'
import { type RunningOp, startOp } from '../../demo/op/op.ts'
import { type ApiTarget, targetKey } from '../../src/core/api-target.ts'
import { type AuthorizationRequest, accessTokenFor, type TokenSet } from '../../src/core/tokens.ts'
import { createOpenIdProvider, type OpenIdProvider } from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'

// What oidc-provider itself, with its resource indicators, makes of requests for several APIs (RFC 8707).

const app = 'http://localhost:9'
const reports: ApiTarget = { resource: 'https://reports.example', scope: 'reports.read' }
const billing: ApiTarget = { resource: 'https://billing.example', scope: 'billing.read' }
const scopes: Readonly<Record<string, string>> = {
  'https://reports.example': 'reports.read reports.write',
  'https://billing.example': 'billing.read',
}
const now = (): number => Math.floor(Date.now() / 1000)
let server: RunningOp
let op: OpenIdProvider

beforeAll(async () => {
  let provider: Provider | undefined
  const logIn: Middleware = async (ctx, next) => {
    if (!provider || !ctx.path.startsWith('/interaction/')) return next()
    const result = { login: { accountId: 'josh', amr: ['pwd'] }, consent: {} }
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result))
    ctx.status = 303
  }
  server = await startOp({
    port: await freePort(),
    app,
    clientId: 'payments',
    apis: [{ audience: 'https://unused.example' }],
    overrides: {
      middleware: [logIn],
      configure: base => ({
        ...base,
        clients: base.clients.map(client => ({
          ...client,
          scope: `openid profile email ${Object.values(scopes).join(' ')}`,
        })),
        scopes: ['openid', 'offline_access', ...Object.values(scopes).join(' ').split(' ')],
        issueRefreshToken: () => true,
        rotateRefreshToken: true,
        features: {
          ...base.features,
          resourceIndicators: {
            enabled: true,
            defaultResource: () => undefined,
            useGrantedResource: () => false,
            getResourceServerInfo: (_, resource = '') => ({
              scope: scopes[resource] ?? '',
              audience: resource,
              accessTokenFormat: 'jwt',
              accessTokenTTL: 300,
              jwt: { sign: { alg: 'RS256' } },
            }),
          },
        },
        interactions: {
          ...base.interactions,
          url: (ctx: Context, { uid }: { uid: string }) => {
            provider = ctx.oidc.provider
            return `/interaction/${uid}`
          },
        },
      }),
    },
  })
  op = createOpenIdProvider({
    browser: pageBrowser,
    issuer: server.issuer,
    clientId: 'payments',
    scope: 'openid profile email reports.read billing.read',
    resources: ['https://reports.example', 'https://billing.example'],
    callbackUrl: `${app}/auth/callback.html`,
    profile: { name: 'oidc-provider' },
    now,
    clockSkew: 30,
    timeLimit: 10,
  })
})
afterAll(() => server.close())

/** What a browser does, with its cookies, until it is back at the app. */
async function visit(url: string, cookies: Map<string, string>): Promise<string> {
  let at = url
  while (!at.startsWith(app)) {
    const cookie = Array.from(cookies, pair => pair.join('=')).join('; ')
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      cookies.set(name, value)
    }
    at = new URL(response.headers.get('Location') ?? '', at).href
  }
  const { hash, search } = new URL(at)
  return (hash || search).slice(1)
}

async function login(
  request: Partial<AuthorizationRequest> = {},
  cookies = new Map<string, string>(),
): Promise<TokenSet> {
  const transaction = await op.begin({ kind: 'sign_in', ...request })
  return (await op.redeem(transaction, await visit(transaction.url, cookies))).tokens
}

const claimsOf = (tokens: TokenSet, target: ApiTarget): unknown => {
  const { aud, scope, sub } = decodeJwt(accessTokenFor(tokens, target)?.accessToken ?? '')
  return { aud, scope, sub }
}

describe('one sign-in for two APIs', () => {
  it('has a refresh token that is good for each, and is rotated each time', async () => {
    const first = await login()
    const { tokens: second } = await op.refresh(first, reports)
    const { tokens: third } = await op.refresh(second, billing)
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3)
    expect(claimsOf(third, reports)).toEqual({
      aud: 'https://reports.example',
      scope: 'reports.read',
      sub: 'josh',
    })
    expect(claimsOf(third, billing)).toEqual({
      aud: 'https://billing.example',
      scope: 'billing.read',
      sub: 'josh',
    })
    expect(third.accessToken).toBe(first.accessToken)
    await expect(op.refresh(third)).resolves.toMatchObject({ tokens: { account: { sub: 'josh' } } })
  })

  it('gives the access token of the API that the code is exchanged for', async () => {
    const tokens = await login({ target: reports })
    expect(Object.keys(tokens.others ?? {})).toEqual([targetKey(reports)])
    expect(claimsOf(tokens, reports)).toMatchObject({ aud: 'https://reports.example' })
    expect(claimsOf((await op.refresh(tokens, billing)).tokens, billing)).toMatchObject({
      aud: 'https://billing.example',
    })
  })

  it('gives it without a question once more (`prompt=none`), for this API alone', async () => {
    const cookies = new Map<string, string>()
    const { idToken } = await login({}, cookies)
    const request = {
      prompt: 'none',
      target: billing,
      resources: ['https://billing.example'],
      scope: 'openid billing.read',
      idTokenHint: idToken,
    }
    expect(claimsOf(await login(request, cookies), billing)).toMatchObject({ scope: 'billing.read' })
  })
})

it.each([
  ['invalid_scope', { resource: 'https://reports.example', scope: 'reports.write' }],
  ['invalid_target', { resource: 'https://other.example' }],
])('refuses with %s what the sign-in has not asked for', async (error, target) => {
  await expect(op.refresh(await login(), target)).rejects.toMatchObject({ error })
})

it('uses a refresh token up even where it refuses the API, so none is sent for an API that no sign-in has asked for', async () => {
  const tokens = await login()
  await op.refresh(tokens, { resource: 'https://other.example' }).catch(() => {})
  await expect(op.refresh(tokens)).rejects.toMatchObject({ error: 'invalid_grant' })
})
