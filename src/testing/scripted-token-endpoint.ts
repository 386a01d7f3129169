import { sha256 } from '../op/sha256.ts'
import type { TokenFault } from './evil.ts'
import { mintToken } from './id-token-faults.ts'
import { anotherSigner, ownSigner, type UnsignedJwt } from './mint.ts'
import type { Script, TokenAnswer } from './script.ts'
import { type Answer, createAnswer, proxyAnswer } from './scripted-answer.ts'
import type { AuthorizationEndpoint } from './scripted-authorization.ts'
import type { IssuedTokens, Tokens } from './scripted-tokens.ts'

/** Exchanges codes and refresh tokens. @see RFC 6749 §4.1.3, §6; RFC 7636 §4.6 */
export type TokenEndpoint = (request: Request) => Promise<Response>

interface Grant {
  readonly issued: IssuedTokens
  readonly idToken: UnsignedJwt
}

export function createTokenEndpoint(
  script: Script,
  { redeem }: AuthorizationEndpoint,
  tokens: Tokens,
): TokenEndpoint {
  const json = createAnswer(script)

  const exchange = async (form: URLSearchParams): Promise<Grant | null> => {
    const authorization = redeem(form.get('code') ?? '')
    if (!authorization) return null
    const { query, login } = authorization
    const isBound =
      form.get('client_id') === query.get('client_id') &&
      form.get('redirect_uri') === query.get('redirect_uri') &&
      (await sha256(form.get('code_verifier') ?? '')) === query.get('code_challenge')
    if (!isBound) return null
    const nonce = query.get('nonce')
    const idToken = tokens.idToken(login, nonce === null ? {} : { nonce })
    return { issued: tokens.issue(login), idToken }
  }

  const refresh = async (form: URLSearchParams): Promise<Grant | null> => {
    if (form.get('client_id') !== script.clientId) return null
    const rotated = tokens.rotate(form.get('refresh_token') ?? '')
    return rotated && { issued: rotated.issued, idToken: tokens.idToken(rotated.login, {}) }
  }

  return async request => {
    const { idToken: idTokenFault = null, token: fault } = script.evil ?? {}
    const refusal = fault === undefined ? null : refuseAll(json, fault)
    if (refusal) return refusal
    const form = new URLSearchParams(await request.text())
    const type = form.get('grant_type')
    if (type !== 'authorization_code' && type !== 'refresh_token')
      return json(400, { error: 'unsupported_grant_type' })
    const grant = type === 'refresh_token' ? await refresh(form) : await exchange(form)
    if (!grant) return json(400, { error: 'invalid_grant' })
    const signers = { own: ownSigner, another: anotherSigner }
    const id_token = await mintToken(grant.idToken, idTokenFault, script.now(), signers)
    const token_type = request.headers.has('DPoP') ? 'DPoP' : 'Bearer'
    const answer = { ...grant.issued, token_type, ...(id_token !== null && { id_token }) } as const
    return json(200, { ...answer, ...broken(fault) })
  }
}

/** The answer to every request with this fault; null for one that spoils an answer only. */
function refuseAll(json: Answer, fault: TokenFault): Response | null {
  switch (fault) {
    case 'access_token_missing':
    case 'token_type_missing':
    case 'token_type':
      return null
    case 'no_answer':
      return Response.error()
    case 'not_json':
      return proxyAnswer()
    case 'unavailable':
      return json(503, {})
    case 'invalid_client':
      return json(401, { error: fault })
    default:
      return json(400, { error: fault })
  }
}

/** What a fault puts into an answer in place of the truth; undefined members are left out. */
function broken(fault: TokenFault | undefined): Readonly<Partial<Record<keyof TokenAnswer, unknown>>> {
  switch (fault) {
    case 'access_token_missing':
      return { access_token: undefined }
    case 'token_type_missing':
      return { token_type: undefined }
    case 'token_type':
      return { token_type: 'unknown' }
    default:
      return {}
  }
}
