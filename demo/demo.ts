import { serve } from '@hono/node-server'
import type { ProviderProfile } from 'afresh/providers'
import type { Hono } from 'hono'
import { type Api, type ApiOptions, createApi } from './api/api.ts'
import type { Bank } from './api/bank.ts'
import type { Database } from './api/database.ts'
import type { Licences } from './api/licences.ts'
import { createStatements } from './api/statements.ts'
import { asked, type DemoApis, oneToken, ownTokens } from './apis.ts'
import type { DemoConfig } from './app/config.ts'
import { profiles } from './app/profiles.ts'
import type { OpenerPolicy } from './headers.ts'
import { close, freePort, isFree } from './listen.ts'
import { withAccounts } from './op/accounts.ts'
import { type OpOptions, type OpPlace, type RunningOp, startOp } from './op/op.ts'
import { type ProviderName, providers } from './providers.ts'
import { createSettings } from './settings.ts'
import { createStepUpClient, type StepUpClient } from './step-up-client.ts'
import { startWeb, type WebOptions } from './web.ts'

/** How to start the demo. */
export interface DemoOptions {
  /** A port that is 0 or left out becomes any free one. */
  readonly ports?: {
    readonly app?: number
    readonly op?: number
    readonly api?: number
    readonly statements?: number
  }
  /** `127.0.0.1` puts the OP on another site than the app, which is always on localhost. */
  readonly opHost?: string
  readonly mode?: WebOptions['mode']
  /** The app's Cross-Origin-Opener-Policy. Default: `same-origin-allow-popups`. */
  readonly openerPolicy?: OpenerPolicy
  /** The sites that may frame the app, as in a Content-Security-Policy. Default: none. */
  readonly embeddedBy?: readonly string[]
  /** How many seconds an access token lives. */
  readonly accessTokenTtl?: number
  readonly authTime?: OpOptions['authTime']
  /**
   * Whether tokens are bound to a key of the browser (RFC 9449), and the OP and both APIs insist on it. Default: false.
   */
  readonly dpop?: boolean
  /** The OP that the page names. Another one can be picked on the page. Default: `demo-id`. */
  readonly provider?: ProviderName
  /** The client's profile of the OP. Default: `generic`. */
  readonly profile?: DemoConfig['profile']
  /** Further options of the app's client. */
  readonly client?: DemoConfig['client']
  /** How the OP differs. Default: people can choose an account, and create one. */
  readonly op?: OpOptions['overrides']
  /** Starts an OP of another kind on localhost. The options for the demo's own OP are then ignored. */
  readonly startOp?: (place: OpPlace) => Promise<RunningOp>
  /**
   * Whether the bank sends the requests of step-ups itself (RFC 9126), as a client of its own, and has the OP show what is
   * approved (RFC 9396). Only the demo's own OP can do it. Default: false, the page sends them.
   */
  readonly pushedRequests?: boolean
  readonly guard?: ApiOptions['guard']
  /** Called with each decision of the bank's guards. Default: nothing. */
  readonly audit?: ApiOptions['audit']
  /** What the OP calls the two APIs. Default: each has its own access token; one is for both at an OP of another kind. */
  readonly apis?: DemoApis
  /** Seconds since the login that the second API wants. Default: 60. */
  readonly statementMaxAge?: number
  /** The scope that the second API demands. Default: none. */
  readonly statementScope?: string
}

/** A demo that runs. */
export interface Demo {
  readonly url: string
  /** The issuer of the OP that runs now. People can pick another one on the page. */
  readonly issuer: string
  /** The API's bank. It, its database and the licences are new after each `restartApi`, and with another OP. */
  readonly bank: Bank
  readonly database: Database
  readonly licences: Licences
  /**
   * Replaces the API as a restart of its server does: with a new bank, guard and keys, behind the same address.
   *
   * @param guard changes to the guard, besides those that it was started with, or that the provider has
   */
  restartApi(guard?: ApiOptions['guard']): void
  close(): Promise<void>
}

/** A port is in use already. */
export class PortTakenError extends Error {
  readonly port: number
  readonly server: 'app' | 'op' | 'api' | 'statements'

  constructor(port: number, server: PortTakenError['server']) {
    super(`Port ${port} is taken`)
    this.port = port
    this.server = server
  }
}

/** The options that are replaced when another provider is picked. */
type ProviderOptions = Pick<
  DemoOptions,
  'provider' | 'profile' | 'client' | 'op' | 'startOp' | 'pushedRequests' | 'guard' | 'apis'
>

/** The OP, the two APIs and the app, each on its own port of this process. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { opHost = 'localhost', mode = 'dev', dpop = false } = options
  const { openerPolicy = 'same-origin-allow-popups', embeddedBy = [] } = options
  const ports = await choosePorts(options.ports ?? {})
  const url = `http://localhost:${ports.app}`
  const statementsUrl = `http://localhost:${ports.statements}`
  const place: OpPlace = { app: url, port: ports.op, clientId: 'payments' }
  const shared = { app: url, dpop }
  const started: { close(): Promise<void> }[] = []
  const closeAll = async (): Promise<void> => {
    for (const server of started.splice(0).reverse()) await server.close()
  }
  let provider: ProviderOptions = options
  const apis = (): DemoApis => provider.apis ?? (provider.startOp ? oneToken : ownTokens)
  const profile = (): ProviderProfile =>
    provider.client?.provider ?? profiles[provider.profile ?? 'generic']()
  const ownClient = await createStepUpClient(url)
  const stepUpClient = (): StepUpClient | undefined => (provider.pushedRequests ? ownClient : undefined)
  const newOp = (): Promise<RunningOp> =>
    provider.startOp?.(place) ??
    startOp({
      ...shared,
      ...place,
      apis: [apis().bank, apis().statements],
      host: opHost,
      ...(options.accessTokenTtl !== undefined && { accessTokenTtl: options.accessTokenTtl }),
      ...(options.authTime !== undefined && { authTime: options.authTime }),
      // Not from an emulated OP: not all of those can do it.
      ...(provider.op === undefined && { logoutUri: `http://127.0.0.1:${ports.api}/backchannel-logout` }),
      stepUpClient: stepUpClient()?.atOp,
      overrides: provider.op ?? withAccounts,
    })
  try {
    let op = await newOp()
    let picking = Promise.resolve()
    started.push({ close: () => picking.then(() => op.close()) })
    const newApi = (guard?: ApiOptions['guard']): Api =>
      createApi({
        ...shared,
        issuer: op.issuer,
        audience: apis().bank.audience,
        clientId: op.clientId,
        provider: profile(),
        accessTokens: provider.startOp ? 'userinfo' : 'jwt',
        audit: options.audit,
        stepUpClient: stepUpClient()?.atBank,
        guard: { ...provider.guard, ...guard },
      })
    let api = newApi()
    await api.ready()
    started.push(await startApi((...request) => api.app.fetch(...request), ports.api))
    const newStatements = (): Hono =>
      createStatements({
        ...shared,
        issuer: op.issuer,
        audience: apis().statements.audience,
        provider: profile(),
        maxAge: options.statementMaxAge,
        scope: options.statementScope,
      })
    let statements = newStatements()
    started.push(await startApi((...request) => statements.fetch(...request), ports.statements))
    const replaceOp = async (name: ProviderName): Promise<void> => {
      await op.close()
      provider = providers[name]()
      op = await newOp()
      api = newApi()
      statements = newStatements()
    }
    const settings = createSettings({
      app: url,
      config: () => ({
        issuer: op.issuer,
        clientId: op.clientId,
        statements: statementsUrl,
        apis: { bank: asked(apis().bank), statements: asked(apis().statements) },
        opOnOtherSite: opHost !== 'localhost',
        dpop,
        pushedRequests: provider.pushedRequests ?? false,
        provider: provider.provider ?? 'demo-id',
        profile: provider.profile ?? 'generic',
        client: provider.client ?? {},
      }),
      pick(name) {
        const picked = picking.then(() => replaceOp(name))
        picking = picked.catch(() => {})
        return picked
      },
    })
    started.push(
      await startWeb({
        port: ports.app,
        api: `http://127.0.0.1:${ports.api}`,
        settings: settings.fetch,
        site: () => ({ issuer: op.issuer, apis: [statementsUrl], openerPolicy, embeddedBy }),
        mode,
      }),
    )
    return {
      url,
      get issuer() {
        return op.issuer
      },
      get bank() {
        return api.bank
      },
      get database() {
        return api.database
      },
      get licences() {
        return api.licences
      },
      restartApi(guard) {
        api = newApi(guard)
      },
      close: closeAll,
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function choosePorts(
  wanted: NonNullable<DemoOptions['ports']>,
): Promise<Record<PortTakenError['server'], number>> {
  const { app = 0, op = 0, api = 0, statements = 0 } = wanted
  const chosen = { app, op, api, statements }
  const used = new Set<number>()
  for (const server of ['app', 'op', 'api', 'statements'] as const) {
    const any = chosen[server] === 0
    while (any && (chosen[server] === 0 || used.has(chosen[server]))) chosen[server] = await freePort()
    const port = chosen[server]
    if (used.has(port) || !(await isFree(port))) throw new PortTakenError(port, server)
    used.add(port)
  }
  return chosen
}

function startApi(fetch: Hono['fetch'], port: number): Promise<{ close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: '127.0.0.1', port }, () =>
      resolve({ close: () => close(server) }),
    )
    server.once('error', reject)
  })
}
