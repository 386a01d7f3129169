import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { oauthProvider, oauthProviderOpenIdConfigMetadata } from '@better-auth/oauth-provider'
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { getAuthTables } from 'better-auth/db'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins/jwt'
import { close, listen } from '../../../../demo/listen.ts'
import type { OpPlace, RunningOp } from '../../../../demo/op/op.ts'
import { fullName, people } from '../../../../demo/op/people.ts'
import { pages } from './better-auth-pages.ts'

/** What the plugin adds to better-auth's own API. */
interface ProviderApi {
  adminCreateOAuthClient(request: { headers: Headers; body: object }): Promise<{ client_id: string }>
  getOpenIdConfig(): Promise<unknown>
}

/**
 * better-auth with its OAuth provider plugin, on a database in memory. The pages are ours, as with better-auth they
 * always are, and so is CORS, of which it has none. It chooses the client id itself.
 */
export async function startBetterAuth({ app, port }: OpPlace): Promise<RunningOp> {
  const origin = `http://localhost:${port}`
  const plugins: unknown[] = [
    jwt({ jwks: { keyPairConfig: { alg: 'RS256' } } }),
    oauthProvider({
      loginPage: '/login',
      consentPage: '/consent',
      signup: { page: '/sign-up' },
      selectAccount: { page: '/accounts', shouldRedirect: async () => false },
      // Otherwise only its userinfo endpoint has them.
      customIdTokenClaims: ({ user: { name, email } }) => ({ name, email }),
      accessTokenExpiresIn: 300,
      silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
    }),
  ]
  const database: Record<string, Record<string, unknown>[]> = {}
  const options = {
    baseURL: origin,
    secret: randomBytes(32).toString('hex'),
    database: memoryAdapter(database),
    trustedOrigins: [app],
    emailAndPassword: { enabled: true, minPasswordLength: 1 },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error' as const },
    // The JWT plugin's own: a token for whoever has the cookie.
    disabledPaths: ['/token'],
    // Its types do not hold under exactOptionalPropertyTypes.
    plugins: plugins as BetterAuthPlugin[],
  }
  for (const { modelName } of Object.values(getAuthTables(options))) database[modelName] = []
  const auth = betterAuth(options)
  const api = auth.api as typeof auth.api & ProviderApi

  let cookie = ''
  for (const person of people) {
    const { email, password } = person
    const body = { email, password, name: fullName(person) }
    const { headers } = await auth.api.signUpEmail({ body, returnHeaders: true })
    cookie = headers
      .getSetCookie()
      .map(setCookie => setCookie.split(';')[0])
      .join('; ')
  }
  const callback = `${app}/auth/callback.html`
  const client = await api.adminCreateOAuthClient({
    headers: new Headers({ cookie }),
    body: {
      client_name: 'Pennyworth Payments',
      // `web` clients may not be on http://localhost.
      application_type: 'native',
      redirect_uris: [callback],
      post_logout_redirect_uris: [callback],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid profile email offline_access',
      skip_consent: true,
      enable_end_session: true,
    },
  })

  const discovery = oauthProviderOpenIdConfigMetadata({ api })
  const handle = toNodeHandler(auth)
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', origin)
    const page = pages[pathname]
    if (isPreflight(app, request, response)) return
    if (page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html', 'x-frame-options': 'DENY' }).end(page)
    } else if (pathname.endsWith('/.well-known/openid-configuration')) {
      const answer = await discovery(new Request(origin + pathname))
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
    } else await handle(request, response)
  })
  await listen(server, 'localhost', port)
  return { issuer: `${origin}/api/auth`, clientId: client.client_id, close: () => close(server) }
}

/** Lets the app's scripts read the answers. @returns whether the request was only about that, and is answered */
function isPreflight(app: string, { headers, method }: IncomingMessage, response: ServerResponse): boolean {
  if (headers.origin !== app) return false
  response.setHeader('access-control-allow-origin', app).setHeader('vary', 'Origin')
  if (method !== 'OPTIONS') return false
  response.writeHead(204, { 'access-control-allow-headers': 'content-type, authorization' }).end()
  return true
}
