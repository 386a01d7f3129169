import { askedAge } from '../core/asked-age.ts'
import { defined } from '../core/defined.ts'
import { InteractionRequiredError } from '../core/errors.ts'
import type { AuthorizationRequest, Transaction } from '../core/tokens.ts'
import { claimsParameter } from './claims-parameter.ts'
import type { Connection } from './connection.ts'
import { extraParameters } from './extra-parameters.ts'
import type { ProviderMetadata } from './metadata.ts'
import type { OpenIdProviderOptions } from './openid-provider-types.ts'
import { checkRequest, listedPrompts } from './request-check.ts'
import { resourceParameters } from './resources.ts'

/**
 * Makes an authorization request, once it is clear that this OP can serve it.
 *
 * @param loadThumbprint the key that the code shall be bound to (RFC 9449 §10); undefined for none
 * @throws {ConfigurationError} see `checkRequest`, `extraParameters` and `claimsParameter`
 * @throws {InteractionRequiredError} for `prompt=none` where the OP does not take it: only the person can help then
 * @see OpenID Connect Core 1.0 §3.1.2.1, RFC 7636
 */
export async function makeAuthorizationRequest(
  request: AuthorizationRequest,
  options: OpenIdProviderOptions,
  { metadata, oidc }: Connection,
  loadThumbprint: () => Promise<string | undefined>,
): Promise<Transaction> {
  const { profile, now, uiLocales } = options
  const { prompt, maxAge, loginHint, idTokenHint, screenHint, target } = request
  const isSilent = prompt === 'none'
  if (isSilent && listedPrompts(metadata, profile)?.includes(prompt) === false)
    throw new InteractionRequiredError('login_required')
  const acrValues = request.acrValues?.length === 0 ? undefined : request.acrValues
  const asked = checkRequest(request, profile, metadata)
  const { claims, ...params } = extraParameters(request, options)
  const apis = resourceParameters(profile, request.resources ?? options.resources ?? [])
  const nonce = request.nonce ?? crypto.randomUUID() + crypto.randomUUID()
  const wire = {
    nonce,
    prompt,
    scope: request.scope,
    max_age: askedAge(request, profile, takesClaims(metadata)),
    acr_values: profile.acrClaim === 'acrs' ? undefined : acrValues?.join(' '),
    login_hint: loginHint,
    id_token_hint: idTokenHint,
    // No person reads what a hidden frame shows.
    ui_locales: isSilent ? undefined : (request.uiLocales ?? uiLocales?.()) || undefined,
    response_mode: responseMode(metadata),
    dpopJkt: await loadThumbprint(),
    resource: apis.filter(([name]) => name === 'resource').map(([, value]) => value),
    extraQueryParams: defined({
      ...params,
      ...Object.fromEntries(apis.filter(([name]) => name !== 'resource')),
      claims: claimsParameter(claims, askedClaims(metadata, asked), request.claims),
      screen_hint: screenHint ?? params.screen_hint,
    }),
  }
  const { url, state } = await oidc.createSigninRequest(defined(wire))
  const { id, code_verifier: codeVerifier = '' } = state
  return {
    state: id,
    url,
    nonce,
    codeVerifier,
    startedAt: now(),
    ...(wantsNewLogin(request) && { newLogin: true }),
    ...defined({ maxAge, acrValues, target }),
  }
}

/** Not a switch of accounts: some OPs answer that with the login that the person has just had. */
function wantsNewLogin({ kind, prompt }: AuthorizationRequest): boolean {
  return kind === 'sign_in' && prompt?.split(' ').includes('login') === true
}

// In a fragment the code reaches no server log, and the callback page stays one cached document.
// OpenID Connect Discovery §3: an OP that lists no modes has both.
function responseMode({ response_modes_supported: modes }: ProviderMetadata): 'query' | 'fragment' {
  return modes && !modes.includes('fragment') ? 'query' : 'fragment'
}

/**
 * Some OPs tell `auth_time` only when asked, and without it no backend can judge freshness: so it is asked for by the
 * claims parameter, where discovery lists that.
 *
 * @param claims those that the profile wants besides, whatever discovery says
 * @see OpenID Connect Core 1.0 §5.5
 */
function askedClaims(
  metadata: ProviderMetadata,
  claims: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return { ...(takesClaims(metadata) && { auth_time: { essential: true } }), ...claims }
}

function takesClaims({ claims_parameter_supported: supported }: ProviderMetadata): boolean {
  return supported === true
}
