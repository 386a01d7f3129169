import { ConfigurationError } from '../core/errors.ts'
import { parseUrl } from './parse-url.ts'

/** The members of a discovery document that this package reads. @see OpenID Connect Discovery 1.0 §3 */
export interface ProviderMetadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly jwks_uri: string
  readonly revocation_endpoint?: string
  readonly end_session_endpoint?: string
  readonly response_modes_supported?: readonly string[]
  readonly claims_parameter_supported?: boolean
  readonly prompt_values_supported?: readonly string[]
  readonly acr_values_supported?: readonly string[]
  readonly id_token_signing_alg_values_supported?: readonly string[]
  readonly authorization_response_iss_parameter_supported?: boolean
}

const required = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const
const optional = ['revocation_endpoint', 'end_session_endpoint'] as const
const lists = [
  'response_modes_supported',
  'prompt_values_supported',
  'acr_values_supported',
  'id_token_signing_alg_values_supported',
] as const

/**
 * Checks the part of a discovery document that this package reads. It is input like any other: the page goes to its
 * endpoints and sends codes there. Each endpoint must be https; if the issuer is http, http on this machine will do. A
 * member that is null counts as absent. It is *not* checked whether an endpoint is the OP's own: many OPs use several
 * hosts.
 *
 * @throws {ConfigurationError} naming the member that is wrong
 * @see OpenID Connect Discovery 1.0 §3, §4.3
 */
export function readMetadata(document: Readonly<Record<string, unknown>>, issuer: string): ProviderMetadata {
  const refuse = (what: string): never => {
    throw new ConfigurationError(`The discovery document at ${issuer} cannot be used: ${what}`)
  }
  if (document.issuer !== issuer) refuse(`it names another issuer: ${String(document.issuer)}`)
  const present = Object.entries(document).filter(([, value]) => value !== null)
  const metadata: Readonly<Record<string, unknown>> = Object.fromEntries(present)
  for (const name of [...required, ...optional]) {
    const value = metadata[name]
    if (value === undefined && optional.some(one => one === name)) continue
    if (value === undefined) refuse(`it has no ${name}`)
    if (!isEndpoint(value, issuer))
      refuse(`its ${name} must be an https URL (http only on this machine, and only if the issuer is http)`)
  }
  for (const name of lists) {
    const value = metadata[name]
    const isList = Array.isArray(value) && value.every(one => typeof one === 'string')
    if (value !== undefined && !isList) refuse(`its ${name} must be a list of text`)
  }
  return metadata as Readonly<Record<string, unknown>> & ProviderMetadata
}

function isEndpoint(value: unknown, issuer: string): boolean {
  const url = typeof value === 'string' ? parseUrl(value) : null
  if (!url) return false
  const { protocol, hostname } = url
  if (protocol === 'https:') return true
  return protocol === 'http:' && issuer.startsWith('http:') && isLoopback(hostname)
}

/** @see RFC 6761 §6.3 (`localhost` and what is under it), RFC 1122 §3.2.1.3, RFC 4291 §2.5.3 */
function isLoopback(hostname: string): boolean {
  return /(^|\.)localhost$/.test(hostname) || /^127(\.\d+){3}$/.test(hostname) || hostname === '[::1]'
}
