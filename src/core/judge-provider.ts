import type { DiscoveryPlace } from './discovery-url.ts'
import type { Finding } from './finding.ts'
import { signatureAlgorithms } from './id-token.ts'
import { issuerFinding } from './issuer-finding.ts'
import type { ProviderProfile } from './provider-profile.ts'
import { refusalOf } from './refusals.ts'
import { isUrlOfOp } from './web-url.ts'

type Metadata = Readonly<Record<string, unknown>>

/** The OP that a discovery document must be of. */
export interface ExpectedProvider extends DiscoveryPlace {
  readonly profile?: Pick<ProviderProfile, 'name' | 'refusal'>
}

const required = ['authorization_endpoint', 'token_endpoint', 'jwks_uri']
const optional = ['revocation_endpoint', 'end_session_endpoint', 'userinfo_endpoint']
const lists = [
  'response_types_supported',
  'response_modes_supported',
  'prompt_values_supported',
  'acr_values_supported',
  'id_token_signing_alg_values_supported',
  'code_challenge_methods_supported',
  'token_endpoint_auth_methods_supported',
]

/**
 * Whether this package can use an OP, as far as its discovery document tells. The client refuses an OP with a `fail`, and
 * the doctor says the same. A member that is null counts as absent. It is *not* checked whether what the document
 * promises is true.
 *
 * @see OpenID Connect Discovery 1.0 §3, §4.3; RFC 8414 §2; RFC 9126 §5; RFC 9101 §10.5
 */
export function judgeProvider(document: Metadata, expected: ExpectedProvider): readonly Finding[] {
  const metadata = withoutNulls(document)
  const refusal = refusalOf(expected.issuer, expected.profile)
  const malformed = lists.flatMap(name => listFault(name, metadata[name]))
  return [
    ...(refusal === null ? [] : [fail('provider', refusal)]),
    issuerFinding(metadata.issuer, expected),
    ...[...required, ...optional].flatMap(name => endpointFault(name, metadata[name], expected.issuer)),
    ...malformed,
    // What is no list cannot be read as one.
    ...(malformed.length > 0
      ? []
      : [...flowFaults(metadata), pkce(metadata), signatures(metadata), publicClients(metadata)]),
  ]
}

/** Some OPs write null for what they do not have. */
export function withoutNulls(document: Metadata): Metadata {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null))
}

const fail = (check: string, text: string): Finding => ({ check, level: 'fail', text })

function endpointFault(name: string, value: unknown, issuer: string): Finding[] {
  if (value === undefined && optional.includes(name)) return []
  if (value === undefined) return [fail(name, `The discovery document has no ${name}.`)]
  if (isUrlOfOp(value, issuer)) return []
  const rule = 'must be an https URL (http only on this machine, and only if the issuer is http)'
  return [fail(name, `The discovery document’s ${name} ${rule}.`)]
}

function listFault(name: string, value: unknown): Finding[] {
  const isList = Array.isArray(value) && value.every(one => typeof one === 'string')
  return value === undefined || isList
    ? []
    : [fail(name, `The discovery document’s ${name} must be a list of text.`)]
}

/** The values of a list that has been found to be one; undefined where the document has none. */
const listOf = (metadata: Metadata, name: string): readonly string[] | undefined =>
  metadata[name] as readonly string[] | undefined

/** What this client cannot do, and the OP insists on. */
function flowFaults(metadata: Metadata): Finding[] {
  const faults: Finding[] = []
  if (listOf(metadata, 'response_types_supported')?.includes('code') === false)
    faults.push(
      fail(
        'code',
        'The provider does not list the response type "code", and this client uses no other. Allow the authorization code grant for this app at the provider.',
      ),
    )
  const modes = listOf(metadata, 'response_modes_supported')
  if (modes && !modes.includes('fragment') && !modes.includes('query'))
    faults.push(
      fail('response mode', 'The provider lists neither "query" nor "fragment" as a way to answer a page.'),
    )
  if (metadata.require_pushed_authorization_requests === true)
    faults.push(
      fail(
        'PAR',
        'The provider insists on pushed authorization requests (RFC 9126), which this client does not send.',
      ),
    )
  if (metadata.require_signed_request_object === true)
    faults.push(
      fail(
        'request object',
        'The provider insists on signed requests (RFC 9101), and a browser app has no key for them.',
      ),
    )
  return faults
}

function pkce(metadata: Metadata): Finding {
  const check = 'PKCE'
  const methods = listOf(metadata, 'code_challenge_methods_supported')
  if (methods === undefined)
    return { check, level: 'risk', text: 'The provider does not say that it knows S256.' }
  return methods.includes('S256')
    ? { check, level: 'good', text: 'The provider knows S256.' }
    : fail(check, 'The provider does not know S256, without which a stolen code could be redeemed.')
}

function signatures(metadata: Metadata): Finding {
  const check = 'signatures'
  const algorithms = listOf(metadata, 'id_token_signing_alg_values_supported')
  if (algorithms === undefined)
    return { check, level: 'unknown', text: 'The provider does not say how it signs ID Tokens.' }
  return algorithms.some(one => signatureAlgorithms.includes(one))
    ? { check, level: 'good', text: `ID Tokens: ${algorithms.join(', ')}.` }
    : fail(
        check,
        `ID Tokens: ${algorithms.join(', ')}. None can be verified by a public key: let the provider sign them with RS256 or ES256.`,
      )
}

/** Many OPs that take public clients do not list `none`, so only the token endpoint can tell. */
function publicClients(metadata: Metadata): Finding {
  const check = 'public clients'
  const methods = listOf(metadata, 'token_endpoint_auth_methods_supported')
  if (methods === undefined)
    return {
      check,
      level: 'unknown',
      text: 'The provider does not say whether it takes apps without a secret.',
    }
  return methods.includes('none')
    ? { check, level: 'good', text: 'The provider takes apps without a secret.' }
    : {
        check,
        level: 'risk',
        text: 'The provider does not list that it takes apps without a secret ("none").',
      }
}
