import type { Context } from 'oidc-provider'

/** Changes the parameters of the response that is on its way back to the app, wherever they are. */
export function changeResponse(ctx: Context, app: string, change: (params: URLSearchParams) => void): void {
  const location = ctx.response.get('Location')
  if (!location?.startsWith(app)) return
  const url = new URL(location)
  const isFragment = url.hash !== ''
  const params = new URLSearchParams(isFragment ? url.hash.slice(1) : url.search)
  change(params)
  if (isFragment) url.hash = params.toString()
  else url.search = params.toString()
  ctx.redirect(url.href)
}
