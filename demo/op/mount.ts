import type { Middleware } from 'oidc-provider'

/** Serves the OP's routes under a path, which is then a part of all endpoints in its discovery document. */
export function mountedAt(path: string): Middleware {
  return async (ctx, next) => {
    if (ctx.path.startsWith(`${path}/`)) {
      ctx.mountPath = path
      ctx.url = ctx.url.slice(path.length)
    }
    await next()
  }
}
