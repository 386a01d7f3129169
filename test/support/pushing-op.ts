import { createHash, randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Context, Middleware, Provider } from 'oidc-provider'
import { freePort } from '../../demo/listen.ts'
import { type RunningOp, startOp } from '../../demo/op/op.ts'
import type { StepUpClientOptions } from '../../src/server/index.ts'

const app = 'http://localhost:9'
/** The callback page, which nobody serves: `visit` stops before it. */
export const callback: string = `${app}/auth/callback.html`

/** `oidc-provider` itself, with the clients of a bank: `payments` in the browser, and two that push. */
export interface PushingOp extends RunningOp {
  /** The guard's client, by each way to show who it is. */
  readonly clients: Readonly<Record<'private_key_jwt' | 'client_secret_basic', StepUpClientOptions>>
  /** Another customer of the OP, who can push as well. */
  readonly stranger: { readonly id: string; readonly secret: string }
  /** Who signs in, whenever the OP asks. */
  person: string
  /** What the OP makes of the authorization details in the token response. Default: nothing else. */
  granted: (details: readonly object[]) => readonly object[] | undefined
  /** The parameters of the authorization requests that the OP has carried out, as it understood them. */
  readonly seen: Record<string, unknown>[]
  /** Paths that the OP was asked at. */
  readonly asked: string[]
}

const secret = 'a secret: 100% +/='

async function keyPair(): Promise<{ readonly key: JWK; readonly publicKey: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const [key, published] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)])
  return { key: { ...key, kid: 'bank-1' }, publicKey: { ...published, kid: 'bank-1' } }
}

/** Starts it. Its clock is `Date`. */
export async function startPushingOp({ takesPushes = true } = {}): Promise<PushingOp> {
  const { key, publicKey } = await keyPair()
  let provider: Provider | undefined
  const logIn: Middleware = async (ctx, next) => {
    op.asked.push(ctx.path)
    if (!provider || !ctx.path.startsWith('/interaction/')) return next()
    const { params } = await provider.interactionDetails(ctx.req, ctx.res)
    op.seen.push({ ...params })
    const result = { login: { accountId: op.person, amr: ['pwd'] }, consent: {} }
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result))
    ctx.status = 303
  }
  const pushing = {
    redirect_uris: [callback],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    scope: 'openid',
    authorization_details_types: ['payment'],
    require_pushed_authorization_requests: takesPushes,
  }
  const running = await startOp({
    port: await freePort(),
    app,
    clientId: 'payments',
    apis: [{ audience: 'https://unused.example' }],
    overrides: {
      middleware: [logIn],
      configure: base => ({
        ...base,
        clients: [
          ...base.clients,
          {
            ...{ ...pushing, client_id: 'bank', token_endpoint_auth_method: 'private_key_jwt' },
            ...{ token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [publicKey] } },
          },
          { ...pushing, client_id: 'bank: 2', client_secret: secret },
          { ...pushing, client_id: 'stranger', client_secret: secret },
        ],
        features: {
          ...base.features,
          pushedAuthorizationRequests: { enabled: takesPushes },
          richAuthorizationRequests: {
            enabled: true,
            types: { payment: { validate: () => {} } },
            authorizationDetailsForGrantSource: ({ oidc }: Context) =>
              JSON.parse(oidc.params.authorization_details ?? '[]'),
            authorizationDetailsForAccessToken: (
              _: unknown,
              __: unknown,
              { rar }: { readonly rar: readonly object[] },
            ) => op.granted(rar),
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
  const common = { redirectUri: callback }
  const op: PushingOp = {
    ...running,
    clients: {
      private_key_jwt: {
        ...common,
        clientId: 'bank',
        authentication: { method: 'private_key_jwt', key },
      },
      client_secret_basic: {
        ...common,
        clientId: 'bank: 2',
        authentication: { method: 'client_secret_basic', secret },
      },
    },
    stranger: { id: 'stranger', secret },
    person: 'josh',
    granted: details => details,
    seen: [],
    asked: [],
  }
  return op
}

/** What a browser does, with its cookies, until it is back at the app. @returns the response's parameters */
export async function visit(url: string, cookies: Map<string, string>): Promise<Record<string, string>> {
  let at = url
  while (!at.startsWith(app)) {
    const cookie = Array.from(cookies, pair => pair.join('=')).join('; ')
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      cookies.set(name, value)
    }
    const location = response.headers.get('Location')
    if (location === null)
      return { error: `the OP shows a page (${response.status})`, page: await response.text() }
    at = new URL(location, at).href
  }
  const { hash, search } = new URL(at)
  return Object.fromEntries(new URLSearchParams((hash || search).slice(1)))
}

/** An authorization request that the browser carries by itself, with a verifier of its own. */
export function plainRequest(
  { issuer }: RunningOp,
  parameters: Readonly<Record<string, string>> = {},
): { readonly url: string; readonly verifier: string } {
  const verifier = randomBytes(32).toString('base64url')
  const code_challenge = createHash('sha256').update(verifier).digest('base64url')
  const query = new URLSearchParams({
    ...{ client_id: 'payments', redirect_uri: callback, response_type: 'code', scope: 'openid' },
    ...{ response_mode: 'fragment', code_challenge, code_challenge_method: 'S256', max_age: '600' },
    ...parameters,
  })
  return { url: `${issuer}/auth?${query}`, verifier }
}

/** Redeems the code of such a request, as the browser's client does. */
export async function redeemPlain({ issuer }: RunningOp, code: string, verifier: string): Promise<string> {
  const form = { grant_type: 'authorization_code', client_id: 'payments', redirect_uri: callback }
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, code, code_verifier: verifier }),
  })
  const { id_token } = await response.json()
  return id_token
}
