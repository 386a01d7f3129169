import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AuthClientOptions } from 'afresh/client'
import { close, freePort, listen } from '../../../demo/listen.ts'
import { startOp } from '../../../demo/op/op.ts'
import type { Claims } from '../../../demo/op/rewrite-tokens.ts'
import { buildScript } from '../support/build-script.ts'

type Headers = Readonly<Record<string, string>>

/** How the smallest app is deployed. */
export interface Deployment {
  /** Default: `/`. */
  readonly path?: string
  /** What the app's `issuer` ends with, which the OP's does not. Default: nothing. */
  readonly issuerPath?: string
  /** Further options of the app's client, as JSON can hold them. Default: none. */
  readonly client?: Pick<
    Partial<AuthClientOptions>,
    'api' | 'callbackUrl' | 'clientId' | 'freshness' | 'interaction' | 'scope' | 'timeLimit'
  >
  /** Of the app's page. Default: none. */
  readonly headers?: Headers
  /** What is at `callbackUrl`: the callback page, sent with these headers; nothing; or the app. Default: as it should be. */
  readonly callback?: Headers | 'missing' | 'app'
  /** Default: what a callback page has. */
  readonly callbackHtml?: string
  /** Whether the callback page is under the app's `path` too. Default: false. */
  readonly isBeside?: boolean
  /** Seconds that the OP's clock is ahead of the world's. Default: none. */
  readonly opAhead?: number
}

/** The smallest app and its OP. */
export interface Site {
  readonly url: string
  readonly issuer: string
  /** How the app is deployed from now on. */
  deployment: Deployment
  close(): Promise<void>
}

export const callbackPath = '/auth/callback.html'
export const unallowedScope = 'payments.read'
/** What the app's access tokens are for. */
export const audience = 'https://api.example/'

interface Answer {
  readonly status?: number
  readonly type: string
  readonly headers?: Headers
  readonly body: string
}

// Real answers: Playwright changes none that a redirect leads to, as it does in the hidden frame.
export async function startSite(): Promise<Site> {
  const scripts: Readonly<Record<string, string>> = {
    '/app.js': await buildScript(new URL('app.ts', import.meta.url)),
    '/callback.js': readFileSync(new URL('../../../dist/callback/index.js', import.meta.url), 'utf8'),
  }
  const [appPort, port] = [await freePort(), await freePort()]
  const url = `http://localhost:${appPort}`
  const op = await startOp({
    app: url,
    port,
    clientId: 'payments',
    apis: [{ audience }],
    overrides: {
      // The OP knows this scope, and the client may not have it.
      configure: configuration => ({
        ...configuration,
        scopes: [...(configuration.scopes ?? []), unallowedScope],
      }),
      idToken: claims => movedBy(site.deployment.opAhead ?? 0, claims),
    },
  })

  const answer = (path: string): Answer => {
    const {
      issuerPath = '',
      path: appPath = '/',
      headers = {},
      callback = {},
      client = {},
      isBeside,
      callbackHtml,
    } = site.deployment
    const script = scripts[path]
    if (script !== undefined) return { type: 'text/javascript', headers, body: script }
    const app = { type: 'text/html', headers, body: appPage({ issuer: op.issuer + issuerPath, ...client }) }
    if (isBeside && path === appPath.slice(0, -1) + callbackPath)
      return { type: 'text/html', body: callbackPage }
    if (path === appPath || (path === callbackPath && callback === 'app')) return app
    if (path !== callbackPath || typeof callback === 'string')
      return { status: 404, type: 'text/html', body: 'Not found' }
    return { type: 'text/html', headers: callback, body: callbackHtml ?? callbackPage }
  }
  const server = createServer((request, response) => {
    const { status = 200, type, headers, body } = answer(new URL(request.url ?? '', url).pathname)
    response.writeHead(status, { 'Content-Type': type, ...headers }).end(body)
  })
  await listen(server, 'localhost', appPort)
  const site: Site = {
    url,
    issuer: op.issuer,
    deployment: {},
    close: async () => {
      await close(server)
      await op.close()
    },
  }
  return site
}

/** An ID Token of an OP whose clock is ahead. */
function movedBy(seconds: number, claims: Claims): Claims {
  const times = ['iat', 'exp', 'auth_time'].filter(name => typeof claims[name] === 'number')
  return { ...claims, ...Object.fromEntries(times.map(name => [name, Number(claims[name]) + seconds])) }
}

const appPage = (client: object): string =>
  `<!doctype html><html data-client='${JSON.stringify(client)}'><button>Sign in</button><script type="module" src="/app.js"></script>`

const callbackPage =
  '<!doctype html><script type="module">import { handleCallback } from "/callback.js"; handleCallback()</script>'
