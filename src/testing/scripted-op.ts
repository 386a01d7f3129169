import { sha256 } from '../op/sha256.ts'
import { ownSigner } from './mint.ts'
import { profileOf } from './people.ts'
import type { Script } from './script.ts'
import { jsonAnswer } from './scripted-answer.ts'
import type { AuthorizationEndpoint } from './scripted-authorization.ts'
import { signedText, type Tokens } from './scripted-tokens.ts'

/** What the OP answers over the network; null for a request that is not for it. */
export type ScriptedOp = (request: Request) => Promise<Response> | null

/** The OP's discovery document. @see OpenID Connect Discovery 1.0 §3 */
export function metadataOf(issuer: string): Readonly<Record<string, unknown>> {
  const at = (path: string): string => `${issuer.replace(/\/$/, '')}${path}`
  return {
    issuer,
    authorization_endpoint: at('/authorize'),
    token_endpoint: at('/token'),
    userinfo_endpoint: at('/userinfo'),
    revocation_endpoint: at('/revoke'),
    end_session_endpoint: at('/end-session'),
    jwks_uri: at('/jwks'),
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
    claims_parameter_supported: true,
    authorization_response_iss_parameter_supported: true,
    dpop_signing_alg_values_supported: ['ES256'],
  }
}

export function createScriptedOp(
  script: Script,
  { redeem }: AuthorizationEndpoint,
  tokens: Tokens,
): ScriptedOp {
  const json = (status: number, body: object): Response => jsonAnswer(status, body, script.now())
  const refused = (error: string): Response => json(400, { error })
  const metadata = metadataOf(script.issuer)

  const exchange = async (form: URLSearchParams): Promise<ReturnType<typeof grantOf> | null> => {
    const authorization = redeem(form.get('code') ?? '')
    if (!authorization) return null
    const { query, login } = authorization
    const isBound =
      form.get('client_id') === query.get('client_id') &&
      form.get('redirect_uri') === query.get('redirect_uri') &&
      (await sha256(form.get('code_verifier') ?? '')) === query.get('code_challenge')
    const nonce = query.get('nonce')
    return isBound
      ? grantOf(tokens.issue(login), tokens.idToken(login, nonce === null ? {} : { nonce }))
      : null
  }

  const refresh = (form: URLSearchParams): ReturnType<typeof grantOf> | null => {
    const rotated = tokens.rotate(form.get('refresh_token') ?? '')
    if (!rotated) return null
    const { login, ...issued } = rotated
    return grantOf(issued, tokens.idToken(login, {}))
  }

  const token = async (request: Request): Promise<Response> => {
    const form = new URLSearchParams(await request.text())
    const type = form.get('grant_type')
    if (type !== 'authorization_code' && type !== 'refresh_token') return refused('unsupported_grant_type')
    const grant = type === 'refresh_token' ? refresh(form) : await exchange(form)
    if (!grant) return refused('invalid_grant')
    const token_type = request.headers.has('DPoP') ? 'DPoP' : 'Bearer'
    return json(200, { ...grant.issued, token_type, id_token: await signedText(grant.idToken) })
  }

  const routes: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
    [`GET ${pathOf(script.issuer)}`]: async () => json(200, metadata),
    [`GET ${metadata.jwks_uri}`]: async () => json(200, { keys: [await ownSigner.publicJwk()] }),
    [`POST ${metadata.token_endpoint}`]: token,
    [`GET ${metadata.userinfo_endpoint}`]: async request => {
      const login = tokens.loginOf(bearerOf(request))
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

const grantOf = (issued: ReturnType<Tokens['issue']>, idToken: ReturnType<Tokens['idToken']>) => ({
  issued,
  idToken,
})

function pathOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/** The access token of a request; empty where it has none. */
export function bearerOf({ headers }: Request): string {
  return headers.get('Authorization')?.replace(/^(Bearer|DPoP) /i, '') ?? ''
}
