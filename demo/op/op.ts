import { createServer } from 'node:http'
import type { Configuration, Provider as LibraryProvider, Login, Middleware } from 'oidc-provider'
import { close, listen } from '../listen.ts'
import { type ConfigurationOptions, createKey, opConfiguration } from './configuration.ts'
import { type InteractionOptions, interactions } from './interactions.ts'
import { Provider } from './library.ts'

/** What makes an emulation of another OP out of this one. */
export interface OpOverrides extends Omit<InteractionOptions, 'app'> {
  /** The issuer for an origin, such as one with a slash at its end. */
  readonly issuer?: (origin: string) => string
  readonly configure?: (configuration: Configuration) => Configuration
  /** Sees each request before the OP does: may change `ctx.url`, or answer by itself. */
  readonly middleware?: readonly Middleware[]
  /** What an ID Token says in the end. */
  readonly idToken?: (claims: Claims, about: AboutIdToken) => Claims
}

export type Claims = Readonly<Record<string, unknown>>

export interface AboutIdToken {
  /** The authorization request that it answers; undefined after a refresh. */
  readonly request: URLSearchParams | undefined
  /** What the OP knows of the login behind it. */
  readonly login: Login
}

/** Where an OP is to be, and whom it serves. */
export interface OpPlace {
  readonly port: number
  /** The app's origin. */
  readonly app: string
  readonly clientId: string
}

export interface OpOptions extends OpPlace {
  /** `localhost` by default; `127.0.0.1` makes it another site than an app on localhost. */
  readonly host?: string
  readonly audience: string
  readonly accessTokenTtl?: number
  readonly authTime?: ConfigurationOptions['authTime']
  readonly dpop?: boolean
  readonly overrides?: OpOverrides
}

export interface RunningOp {
  readonly issuer: string
  /** What it calls the app: some OPs do not let others choose. */
  readonly clientId: string
  close(): Promise<void>
}

export async function startOp(options: OpOptions): Promise<RunningOp> {
  const { host = 'localhost', port, app, overrides = {} } = options
  const origin = `http://${host}:${port}`
  const issuer = overrides.issuer?.(origin) ?? origin
  const base = opConfiguration({
    app,
    audience: options.audience,
    clientId: options.clientId,
    key: await createKey(),
    accessTokenTtl: options.accessTokenTtl ?? 300,
    authTime: options.authTime ?? 'on-demand',
    dpop: options.dpop ?? false,
  })
  const provider = new Provider(issuer, overrides.configure?.(base) ?? base)
  if (overrides.idToken) rewriteIdTokens(provider, overrides.idToken)
  for (const middleware of overrides.middleware ?? []) provider.use(middleware)
  provider.use(interactions(provider, { ...overrides, app }))
  provider.on('server_error', (_, error) => console.error('The OP failed:', error))

  const server = createServer(provider.callback())
  await listen(server, host, port)
  return { issuer, clientId: options.clientId, close: () => close(server) }
}

/** An ID Token is made at the token endpoint, which knows the authorization request by its nonce only. */
function rewriteIdTokens(provider: LibraryProvider, rewrite: NonNullable<OpOverrides['idToken']>): void {
  const requests = new Map<unknown, URLSearchParams>()
  provider.use(async (ctx, next) => {
    const request = new URLSearchParams(ctx.querystring)
    if (request.has('nonce')) requests.set(request.get('nonce'), request)
    await next()
  })
  const { prototype } = provider.IdToken
  const { payload } = prototype
  prototype.payload = async function () {
    const claims = await payload.call(this)
    const { AuthorizationCode: code, RefreshToken: refreshToken } = this.ctx.oidc.entities
    const login = code ?? refreshToken ?? {}
    return rewrite(claims, { request: code && requests.get(code.nonce), login })
  }
}
