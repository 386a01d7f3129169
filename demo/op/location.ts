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

/** Answers an authorization request with an error, as its own response mode wants. */
export function redirectError(ctx: Context, iss: string, error: Readonly<Record<string, string>>): void {
  const params = new URLSearchParams(ctx.querystring)
  const back = new URL(params.get('redirect_uri') ?? ctx.origin)
  const response = new URLSearchParams({ ...error, state: params.get('state') ?? '', iss })
  back[params.get('response_mode') === 'fragment' ? 'hash' : 'search'] = response.toString()
  ctx.redirect(back.href)
}
