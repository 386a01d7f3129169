import { createServer } from 'node:http'
import type { Configuration, Middleware } from 'oidc-provider'
import { close, listen } from '../listen.ts'
import { type ConfigurationOptions, createKey, opConfiguration } from './configuration.ts'
import { type InteractionOptions, interactions } from './interactions.ts'
import { Provider } from './library.ts'

/** What makes an emulation of another OP out of this one. */
export interface OpOverrides {
  /** The issuer for an origin, such as one with a slash at its end. */
  readonly issuer?: (origin: string) => string
  readonly configure?: (configuration: Configuration) => Configuration
  /** Sees each request before the OP does: may change `ctx.url`, or answer by itself. */
  readonly middleware?: readonly Middleware[]
  readonly login?: InteractionOptions['login']
}

export interface OpOptions {
  /** `localhost` by default; `127.0.0.1` makes it another site than an app on localhost. */
  readonly host?: string
  readonly port: number
  readonly app: string
  readonly audience: string
  readonly clientId?: string
  readonly accessTokenTtl?: number
  readonly authTime?: ConfigurationOptions['authTime']
  readonly dpop?: boolean
  readonly overrides?: OpOverrides
}

export interface RunningOp {
  readonly issuer: string
  close(): Promise<void>
}

export async function startOp(options: OpOptions): Promise<RunningOp> {
  const { host = 'localhost', port, app, overrides = {} } = options
  const origin = `http://${host}:${port}`
  const issuer = overrides.issuer?.(origin) ?? origin
  const base = opConfiguration({
    app,
    audience: options.audience,
    clientId: options.clientId ?? 'payments',
    key: await createKey(),
    accessTokenTtl: options.accessTokenTtl ?? 300,
    authTime: options.authTime ?? 'on-demand',
    dpop: options.dpop ?? false,
  })
  const provider = new Provider(issuer, overrides.configure?.(base) ?? base)
  for (const middleware of overrides.middleware ?? []) provider.use(middleware)
  provider.use(interactions(provider, { app, ...(overrides.login && { login: overrides.login }) }))
  provider.on('server_error', (_, error) => console.error('The OP failed:', error))

  const server = createServer(provider.callback())
  await listen(server, host, port)
  return { issuer, close: () => close(server) }
}
