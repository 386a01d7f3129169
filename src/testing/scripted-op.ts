import { anotherSigner, ownSigner } from './mint.ts'
import { profileOf } from './people.ts'
import { discoveryUrl, metadataOf } from './provider-metadata.ts'
import type { Script } from './script.ts'
import { createAnswer } from './scripted-answer.ts'
import type { TokenEndpoint } from './scripted-token-endpoint.ts'
import type { Tokens } from './scripted-tokens.ts'

/** What the OP answers over the network; null for a request that is not for it. */
export type ScriptedOp = (request: Request) => Promise<Response> | null

/** What the OP's pages answer with: the response's parameters. */
export interface FrontChannel {
  authorize(url: string): string
  endSession(url: string): string
}

export function createScriptedOp(
  script: Script,
  { authorize, endSession }: FrontChannel,
  token: TokenEndpoint,
  tokens: Tokens,
): ScriptedOp {
  const json = createAnswer(script)
  const metadata = metadataOf(script.issuer)
  const routes: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
    [`GET ${discoveryUrl(script.issuer)}`]: async () => json(200, metadata),
    [`GET ${metadata.jwks_uri}`]: async () => {
      const { keys } = script.evil ?? {}
      if (keys === 'no_answer') return Response.error()
      const signer = keys === 'other' ? anotherSigner : ownSigner
      return json(200, { keys: [await signer.publicJwk()] })
    },
    [`GET ${metadata.authorization_endpoint}`]: async ({ url }) => {
      const { searchParams: query } = new URL(url)
      const mark = query.get('response_mode') === 'fragment' ? '#' : '?'
      return redirect(query.get('redirect_uri'), mark, authorize(url))
    },
    [`GET ${metadata.end_session_endpoint}`]: async ({ url }) =>
      redirect(new URL(url).searchParams.get('post_logout_redirect_uri'), '?', endSession(url)),
    [`POST ${metadata.token_endpoint}`]: token,
    [`GET ${metadata.userinfo_endpoint}`]: async request => {
      const login = tokens.loginOf(accessTokenOf(request))
      return login ? json(200, profileOf(login.person)) : json(401, { error: 'invalid_token' })
    },
    [`POST ${metadata.revocation_endpoint}`]: async request => {
      tokens.revoke(new URLSearchParams(await request.text()).get('token') ?? '')
      return json(200, {})
    },
  }
  return request => {
    const { origin, pathname } = new URL(request.url)
    return routes[`${request.method} ${origin}${pathname}`]?.(request) ?? null
  }
}

/** Where the browser goes from a page of the OP; a page of the OP's own where no address was given. */
function redirect(address: string | null, mark: '#' | '?', parameters: string): Response {
  if (address === null) return new Response('', { headers: { 'Content-Type': 'text/html' } })
  return new Response(null, { status: 302, headers: { Location: `${address}${mark}${parameters}` } })
}

/** The access token of a request; empty where it has none. */
export function accessTokenOf({ headers }: Request): string {
  return headers.get('Authorization')?.replace(/^(Bearer|DPoP) /i, '') ?? ''
}
