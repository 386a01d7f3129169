import { createServer } from 'node:http'
import type { Configuration, Middleware } from 'oidc-provider'
import { close, listen } from '../listen.ts'
import { type ConfigurationOptions, createKey, opConfiguration } from './configuration.ts'
import { type InteractionOptions, interactions } from './interactions.ts'
import { Provider } from './library.ts'
import { rewriteTokens, type TokenRewrites } from './rewrite-tokens.ts'

/** The differences that turn this OP into an emulation of another one. */
export interface OpOverrides extends Omit<InteractionOptions, 'app'>, TokenRewrites {
  /** The issuer for an origin, such as one with a slash at its end. */
  readonly issuer?: (origin: string) => string
  readonly configure?: (configuration: Configuration) => Configuration
  /** Gets each request before the OP does. It may change `ctx.url`, or answer by itself. */
  readonly middleware?: readonly Middleware[]
}

/** Where to start an OP, and which app it serves. */
export interface OpPlace {
  readonly port: number
  /** The app's origin. */
  readonly app: string
  readonly clientId: string
}

/** How to start the demo's OP. */
export interface OpOptions extends OpPlace {
  /** `localhost` by default; `127.0.0.1` makes it another site than an app on localhost. */
  readonly host?: string
  readonly apis: ConfigurationOptions['apis']
  readonly accessTokenTtl?: number
  readonly authTime?: ConfigurationOptions['authTime']
  readonly dpop?: boolean
  readonly logoutUri?: string
  readonly stepUpClient?: ConfigurationOptions['stepUpClient'] | undefined
  readonly overrides?: OpOverrides
}

/** An OP that runs. */
export interface RunningOp {
  readonly issuer: string
  /** The app's client id. Some OPs choose it themselves. */
  readonly clientId: string
  close(): Promise<void>
}

/** Starts the demo's OP. */
export async function startOp(options: OpOptions): Promise<RunningOp> {
  const { host = 'localhost', port, app, overrides = {} } = options
  const origin = `http://${host}:${port}`
  const issuer = overrides.issuer?.(origin) ?? origin
  const key = await createKey()
  const base = opConfiguration({
    app,
    apis: options.apis,
    clientId: options.clientId,
    key,
    accessTokenTtl: options.accessTokenTtl ?? 300,
    authTime: options.authTime ?? 'on-demand',
    dpop: options.dpop ?? false,
    logoutUri: options.logoutUri,
    stepUpClient: options.stepUpClient,
  })
  const provider = new Provider(issuer, overrides.configure?.(base) ?? base)
  await rewriteTokens(provider, key, overrides)
  for (const middleware of overrides.middleware ?? []) provider.use(middleware)
  provider.use(interactions(provider, { ...overrides, app }))
  provider.on('server_error', (_, error) => console.error('The OP failed:', error))
  provider.on('backchannel.error', (_, error) => console.error('The API did not end a session:', error))

  const server = createServer(provider.callback())
  await listen(server, host, port)
  return { issuer, clientId: options.clientId, close: () => close(server) }
}
