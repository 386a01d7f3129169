import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, SignJWT } from 'jose'
import type { Context, Provider as LibraryProvider, Login } from 'oidc-provider'

/** The claims of a token. */
export type Claims = Readonly<Record<string, unknown>>

/** What the OP knows when it makes a token. */
export interface AboutToken {
  /** The authorization request that it answers; undefined after a refresh. */
  readonly request: URLSearchParams | undefined
  /** What the OP knows of the login behind it. */
  readonly login: Login
}

/** How the OP's tokens differ from the library's. */
export interface TokenRewrites {
  /** Gives the claims that an ID Token finally has. */
  readonly idToken?: (claims: Claims, about: AboutToken) => Claims
  /** Gives the claims that an access token finally has. */
  readonly accessToken?: (claims: Claims, about: AboutToken) => Claims
  /** The `typ` in the header of access tokens; null for none. Default: `at+jwt` (RFC 9068 §2.1). */
  readonly accessTokenType?: string | null
}

/**
 * Rewrites the tokens that the token endpoint answers with. Where one comes back as a hint, the OP gets its own, because
 * it knows no other.
 */
export async function rewriteTokens(
  provider: LibraryProvider,
  key: JWK,
  { idToken, accessToken, accessTokenType }: TokenRewrites,
): Promise<void> {
  const privateKey = await importJWK(key)
  const requests = new Map<unknown, URLSearchParams>()
  const originals = new Map<string, string>()

  const about = ({ oidc }: Context): AboutToken => {
    const { AuthorizationCode: code, RefreshToken: refreshToken } = oidc.entities
    return { request: code && requests.get(code.nonce), login: code ?? refreshToken ?? {} }
  }
  const sign = async (original: string, claims: Claims, type?: string | null): Promise<string> => {
    const { typ, ...header } = decodeProtectedHeader(original)
    const given = type === undefined ? typ : (type ?? undefined)
    const signed = await new SignJWT({ ...claims })
      .setProtectedHeader({ ...header, alg: 'RS256', ...(given !== undefined && { typ: given }) })
      .sign(privateKey)
    originals.set(signed, original)
    return signed
  }

  provider.use(async (ctx, next) => {
    // The token endpoint knows a request by its nonce only.
    const params = new URLSearchParams(ctx.querystring)
    const nonce = params.get('nonce')
    if (nonce !== null) requests.set(nonce, params)
    const original = originals.get(params.get('id_token_hint') ?? '')
    if (original !== undefined) {
      params.set('id_token_hint', original)
      ctx.querystring = params.toString()
    }
    await next()
    const { id_token, access_token } = tokensIn(ctx.body)
    if (idToken && id_token !== undefined)
      ctx.body = {
        ...Object(ctx.body),
        id_token: await sign(id_token, idToken(decodeJwt(id_token), about(ctx))),
      }
    const isAsItIs = !accessToken && accessTokenType === undefined
    if (isAsItIs || !isJwt(access_token)) return
    const claims = decodeJwt(access_token)
    const rewritten = accessToken?.(claims, about(ctx)) ?? claims
    ctx.body = { ...Object(ctx.body), access_token: await sign(access_token, rewritten, accessTokenType) }
  })
}

/** An access token that only the OP can read has no dots. */
const isJwt = (token: string | undefined): token is string => token?.split('.').length === 3

function tokensIn(body: unknown): { readonly id_token?: string; readonly access_token?: string } {
  if (typeof body !== 'object' || body === null) return {}
  const { id_token, access_token } = { id_token: undefined, access_token: undefined, ...body }
  return {
    ...(typeof id_token === 'string' && { id_token }),
    ...(typeof access_token === 'string' && { access_token }),
  }
}
