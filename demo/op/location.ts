import type { Context } from 'oidc-provider'

/** Changes the parameters of the response that goes back to the app, in its query or its fragment. */
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

/**
 * Answers an authorization request with an error, in the response mode that it asks for.
 *
 * @param issuerPath the part of the issuer after its origin
 */
export function redirectError(
  ctx: Context,
  issuerPath: string,
  error: Readonly<Record<string, string>>,
): void {
  const params = new URLSearchParams(ctx.querystring)
  const { origin } = new URL(ctx.href)
  const back = new URL(params.get('redirect_uri') ?? origin)
  const iss = `${origin}${issuerPath}`
  const response = new URLSearchParams({ ...error, state: params.get('state') ?? '', iss })
  back[params.get('response_mode') === 'fragment' ? 'hash' : 'search'] = response.toString()
  ctx.redirect(back.href)
}
