import type { Middleware } from 'oidc-provider'

/** What a discovery document says. */
export type Discovery = Readonly<Record<string, unknown>>

/** Changes the discovery document that is published. */
export function publishing(change: (document: Discovery) => Discovery): Middleware {
  return async (ctx, next) => {
    await next()
    if (ctx.path === '/.well-known/openid-configuration') ctx.body = change({ ...Object(ctx.body) })
  }
}

/** A discovery document with these members only. */
export const only = (document: Discovery, names: readonly string[]): Discovery =>
  Object.fromEntries(Object.entries(document).filter(([name]) => names.includes(name)))
