import type { Middleware, Provider } from 'oidc-provider'
import { freePort } from '../../demo/listen.ts'
import { type RunningOp, startOp } from '../../demo/op/op.ts'
import { epochNow, latency, opRequestName, type Traffic } from './traffic.ts'

/** The OP of the bench. */
export interface BenchOp extends RunningOp {
  /** Whether code exchanges give a refresh token. It is rotated, and needs neither `offline_access` nor consent. */
  refreshTokens: boolean
}

/** Seconds. Longer than any run of the bench, so that nothing expires unless the bench wants it. */
export const tokenLifetime = 900

/** Starts the demo's OP, made slow, with a login that continues by itself at once. */
export async function startBenchOp(
  clients: readonly { readonly clientId: string; readonly origin: string }[],
  traffic: Traffic,
): Promise<BenchOp> {
  let provider: Provider | undefined
  const settings = { refreshTokens: false }

  const slow: Middleware = async (ctx, next) => {
    const startedAt = epochNow()
    const name = opRequestName(ctx.method, ctx.path)
    traffic.underWay++
    ctx.res.once('close', () => {
      traffic.underWay--
      traffic.exchanges.push({ to: 'op', name, startedAt, endedAt: epochNow(), status: ctx.res.statusCode })
    })
    await new Promise(resolve => setTimeout(resolve, latency))
    await next()
  }

  const logIn: Middleware = async (ctx, next) => {
    if (!provider || !ctx.path.startsWith('/interaction/')) return next()
    const result = { login: { accountId: 'josh', amr: ['pwd'] }, consent: {} }
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result))
    ctx.status = 303
  }

  const op = await startOp({
    port: await freePort(),
    app: clients[0]?.origin ?? '',
    clientId: clients[0]?.clientId ?? '',
    apis: [{ audience: 'https://api.bench.example/' }],
    accessTokenTtl: tokenLifetime,
    overrides: {
      middleware: [slow, logIn],
      configure: base => ({
        ...base,
        clients: clients.map(({ clientId, origin }) => ({
          ...base.clients[0],
          client_id: clientId,
          redirect_uris: ['/', '/callback.html', '/auth/callback.html'].map(path => origin + path),
          post_logout_redirect_uris: [`${origin}/`],
        })),
        clientBasedCORS: (_, origin) => clients.some(client => client.origin === origin),
        issueRefreshToken: () => settings.refreshTokens,
        interactions: {
          ...base.interactions,
          url: (ctx, { uid }) => {
            provider = ctx.oidc.provider
            return `/interaction/${uid}`
          },
        },
      }),
    },
  })
  return Object.assign(settings, op)
}
