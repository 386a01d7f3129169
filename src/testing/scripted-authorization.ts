import { isRecord } from '../core/claims.ts'
import type { AuthorizationFault } from './evil.ts'
import type { Script } from './script.ts'
import type { Login, LoginDemand, Logins } from './scripted-logins.ts'

/** Seconds in which a code must be exchanged. */
const codeLifetime = 600

/** What a code was given for. */
export interface Authorization {
  readonly query: URLSearchParams
  readonly login: Login
  /** Epoch seconds. */
  readonly expiresAt: number
}

/** The OP's authorization endpoint. */
export interface AuthorizationEndpoint {
  /** The response's parameters. */
  authorize(url: string): string
  /** What the code was given for. Each is good once. */
  redeem(code: string): Authorization | undefined
}

export function createAuthorizationEndpoint(script: Script, logins: Logins): AuthorizationEndpoint {
  const codes = new Map<string, Authorization>()
  let count = 0

  const answer = (query: URLSearchParams): Readonly<Record<string, string>> => {
    const error = refusalOf(query, script)
    if (error) return { error }
    const demand = demandOf(query)
    const login = logins.meet(demand)
    if (!login) return { error: demand.prompts.includes('none') ? 'login_required' : 'access_denied' }
    const code = `code-${++count}`
    codes.set(code, { query, login, expiresAt: script.now() + codeLifetime })
    return { code }
  }

  return {
    authorize(url) {
      const query = new URL(url).searchParams
      const state = query.get('state')
      const usual = { ...answer(query), ...(state !== null && { state }), iss: script.issuer }
      const response = new URLSearchParams(usual)
      const { authorization: fault } = script.evil ?? {}
      if (fault) breakResponse(response, fault)
      return response.toString()
    },
    redeem(code) {
      const authorization = codes.get(code)
      codes.delete(code)
      return authorization && script.now() < authorization.expiresAt ? authorization : undefined
    },
  }
}

/** Why a request is refused, as an OP would refuse it. @see RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6 */
function refusalOf(query: URLSearchParams, { clientId }: Script): string | null {
  if (query.get('client_id') !== clientId) return 'unauthorized_client'
  if (query.get('response_type') !== 'code') return 'unsupported_response_type'
  if (!query.get('scope')?.split(' ').includes('openid')) return 'invalid_scope'
  const hasPkce = query.get('code_challenge_method') === 'S256' && query.has('code_challenge')
  const prompts = promptsOf(query)
  const isContradictory = prompts.length > 1 && prompts.includes('none')
  const isReadable = /^\d+$/.test(query.get('max_age') ?? '0') && claimsIn(query) !== null
  const isGood = hasPkce && query.has('redirect_uri') && !isContradictory && isReadable
  return isGood ? null : 'invalid_request'
}

function breakResponse(response: URLSearchParams, fault: AuthorizationFault): void {
  switch (fault) {
    case 'state':
      response.set('state', 'of-another-request')
      break
    case 'iss':
      response.set('iss', 'https://other.example')
      break
    case 'state_missing':
    case 'iss_missing':
    case 'code_missing':
      response.delete(fault.replace('_missing', ''))
      break
    case 'parameter_twice':
      response.append('code', 'another-code')
      break
    default:
      response.delete('code')
      response.set('error', fault)
  }
}

function promptsOf(query: URLSearchParams): readonly string[] {
  return query.get('prompt')?.split(' ') ?? []
}

function demandOf(query: URLSearchParams): LoginDemand {
  const maxAge = query.get('max_age')
  const acrValues = query.get('acr_values')?.split(' ') ?? essentialAcrs(claimsIn(query))
  return { prompts: promptsOf(query), maxAge: maxAge === null ? undefined : Number(maxAge), acrValues }
}

/** What the parameter `claims` asks for; null for what is no object in JSON. */
function claimsIn(query: URLSearchParams): Readonly<Record<string, unknown>> | null {
  try {
    const claims: unknown = JSON.parse(query.get('claims') ?? '{}')
    return isRecord(claims) ? claims : null
  } catch {
    return null
  }
}

/** The contexts that an essential claim `acr` asks for. @see OpenID Connect Core 1.0 §5.5.1.1 */
function essentialAcrs(claims: ReturnType<typeof claimsIn>): readonly string[] {
  const idToken = isRecord(claims?.id_token) ? claims.id_token : {}
  const { values, value } = isRecord(idToken.acr) ? idToken.acr : {}
  const all: readonly unknown[] = Array.isArray(values) ? values : [value]
  return all.filter(one => typeof one === 'string')
}
