/** The discovery document of a scripted OP. @see OpenID Connect Discovery 1.0 §3 */
export interface ScriptedMetadata extends Readonly<Record<string, unknown>> {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly userinfo_endpoint: string
  readonly revocation_endpoint: string
  readonly end_session_endpoint: string
  readonly jwks_uri: string
}

export function metadataOf(issuer: string): ScriptedMetadata {
  return {
    issuer,
    authorization_endpoint: below(issuer, '/authorize'),
    token_endpoint: below(issuer, '/token'),
    userinfo_endpoint: below(issuer, '/userinfo'),
    revocation_endpoint: below(issuer, '/revoke'),
    end_session_endpoint: below(issuer, '/end-session'),
    jwks_uri: below(issuer, '/jwks'),
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

/** Where the discovery document is. @see OpenID Connect Discovery 1.0 §4 */
export function discoveryUrl(issuer: string): string {
  return below(issuer, '/.well-known/openid-configuration')
}

function below(issuer: string, path: string): string {
  return `${issuer.replace(/\/$/, '')}${path}`
}
