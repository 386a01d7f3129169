import { OidcClient, type OidcClientSettings, type OidcMetadata, type SigninResponse } from 'oidc-client-ts'
import { accountOf } from '../core/account.ts'
import { decodeIdToken } from '../core/claims.ts'
import { defined } from '../core/defined.ts'
import { AuthorizationResponseError, IdTokenError } from '../core/errors.ts'
import { evaluateFreshness } from '../core/freshness.ts'
import { checkIdToken } from '../core/id-token.ts'
import type { AuthorizationRequest, Clock, TokenSet, Transaction } from '../core/ports.ts'
import { checkPrompt } from '../core/prompt-values.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
import { discover, type ProviderMetadata } from './discovery.ts'
import { asAuthError } from './errors.ts'
import { readAuthorizationResponse } from './response.ts'
import { withTimeLimit } from './time-limit.ts'

export interface OpenIdProviderOptions {
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
  /** Absolute. */
  readonly callbackUrl: string
  readonly profile: ProviderProfile
  readonly now: Clock
  /** Seconds. */
  readonly clockSkew: number
  /** Seconds that any one request may take. */
  readonly timeLimit: number
}

/** Tokens that passed every rule of OpenID Connect Core §3.1.3.7, and whether they give what was asked for. */
export interface Redeemed {
  readonly tokens: TokenSet
  /** Where the login falls short of this transaction's `max_age` or `acr_values`, or null. */
  readonly shortfall: IdTokenError | null
}

export interface OpenIdProvider {
  /** Fetches what a first request would have to wait for. */
  prepare(): Promise<void>
  begin(request: AuthorizationRequest): Promise<Transaction>
  redeem(transaction: Transaction, params: string): Promise<Redeemed>
  /** Where to go to end the OP's own session, or null when the OP has no such page. */
  endSession(idToken: string | null): Promise<{ readonly url: string; readonly state: string } | null>
}

/**
 * The OP through `oidc-client-ts`, with the checks that it leaves to its caller. Its signature is *not* verified
 * here: the token endpoint's TLS vouches for the browser (OpenID Connect Core §3.1.3.7 item 6), and the backend
 * verifies every ID Token it is shown.
 */
export function createOpenIdProvider(options: OpenIdProviderOptions): OpenIdProvider {
  const { issuer, clientId, scope, callbackUrl, profile, now, clockSkew, timeLimit } = options
  const states = new Map<string, string>()
  const settings: OidcClientSettings = {
    authority: issuer,
    client_id: clientId,
    redirect_uri: callbackUrl,
    post_logout_redirect_uri: callbackUrl,
    scope,
    // Whatever the OP is asked to use, redeem() hands a query over.
    response_mode: 'query',
    requestTimeoutInSeconds: timeLimit,
    // A verifier lives in a transaction and nowhere else; this map only hands it through.
    stateStore: {
      set: async (key, value) => void states.set(key, value),
      get: async key => states.get(key) ?? null,
      remove: async key => {
        const value = states.get(key) ?? null
        states.delete(key)
        return value
      },
      getAllKeys: async () => [],
    },
  }

  let ready: Promise<{ oidc: OidcClient; metadata: ProviderMetadata }> | null = null
  const connect = (): NonNullable<typeof ready> => {
    ready ??= discover(issuer, () => new OidcClient(settings).metadataService.getMetadata(), now)
      .then(metadata => {
        const known = { ...settings, metadata: metadata as Partial<OidcMetadata> }
        return { oidc: new OidcClient(known), metadata }
      })
      .catch(cause => {
        // Not remembered: the next request tries again.
        ready = null
        throw cause
      })
    return ready
  }

  const limited = <T>(work: () => Promise<T>): Promise<T> =>
    withTimeLimit(timeLimit, 'The OpenID Provider', work()).catch(cause => {
      throw asAuthError(cause)
    })

  return {
    prepare: () => limited(async () => void (await connect())),

    begin: request =>
      limited(async () => {
        const { oidc, metadata } = await connect()
        const { prompt, maxAge, acrValues, loginHint, idTokenHint, uiLocales } = request
        checkPrompt(prompt, metadata.prompt_values_supported ?? profile.promptValues)
        const nonce = request.nonce ?? crypto.randomUUID() + crypto.randomUUID()
        const sent = defined({ maxAge, acrValues })
        const wire = defined({
          nonce,
          prompt,
          max_age: maxAge,
          acr_values: acrValues?.join(' '),
          login_hint: loginHint,
          id_token_hint: idTokenHint,
          ui_locales: uiLocales,
          response_mode: responseMode(metadata),
          extraQueryParams: extraParameters(metadata),
        })
        const { url, state } = await oidc.createSigninRequest(wire)
        const signinState = states.get(state.id) ?? ''
        states.delete(state.id)
        return { state: state.id, url, nonce, startedAt: now(), signinState, ...sent }
      }),

    redeem: (transaction, params) =>
      limited(async () => {
        const { oidc, metadata } = await connect()
        const code = readAuthorizationResponse(params, transaction, metadata)
        states.set(transaction.state, transaction.signinState)
        const query = new URLSearchParams({ code, state: transaction.state })
        const response = await oidc.processSigninResponse(`${callbackUrl}?${query}`)
        const { header, claims } = decodeIdToken(response.id_token)
        checkIdToken(header, claims, { issuer, clientId, nonce: transaction.nonce, now: now(), clockSkew })
        const algorithms = metadata.id_token_signing_alg_values_supported
        if (algorithms && !algorithms.includes(header.alg as string))
          throw new IdTokenError('alg', 'mismatch')
        return { tokens: tokenSet(response, claims), shortfall: shortfall(transaction, claims, clockSkew) }
      }),

    endSession: idToken =>
      limited(async () => {
        const { oidc, metadata } = await connect()
        if (!metadata.end_session_endpoint) return null
        const hint = defined({ id_token_hint: idToken ?? undefined })
        const { url, state } = await oidc.createSignoutRequest({ ...hint, client_id: clientId, state: {} })
        states.clear()
        return { url, state: state?.id ?? '' }
      }),
  }
}

// In a fragment the code reaches no server log, and the callback page stays one cached document.
// OpenID Connect Discovery §3: an OP that lists no modes has both.
function responseMode({ response_modes_supported: modes }: ProviderMetadata): 'query' | 'fragment' {
  return modes && !modes.includes('fragment') ? 'query' : 'fragment'
}

// Some OPs tell auth_time only when asked, and without it no backend can judge freshness (OpenID Connect Core §5.5).
function extraParameters(metadata: ProviderMetadata): Record<string, string> {
  return metadata.claims_parameter_supported
    ? { claims: '{"id_token":{"auth_time":{"essential":true}}}' }
    : {}
}

function tokenSet(response: SigninResponse, claims: TokenSet['claims']): TokenSet {
  const {
    access_token: accessToken,
    token_type: tokenType,
    id_token: idToken,
    refresh_token: refreshToken,
  } = response
  if (!accessToken) throw new AuthorizationResponseError('access_token_missing')
  return {
    account: accountOf(claims),
    claims,
    accessToken,
    tokenType,
    idToken: idToken ?? '',
    ...defined({ refreshToken }),
    accessTokenExpiresAt: response.expires_at ?? null,
  }
}

/** @see OpenID Connect Core 1.0 §3.1.3.7 items 12 and 13 */
function shortfall(
  transaction: Transaction,
  claims: TokenSet['claims'],
  clockSkew: number,
): IdTokenError | null {
  const { startedAt, maxAge, acrValues } = transaction
  if (maxAge !== undefined) {
    // Against the start: the person may take their time after logging in, and the backend judges by its own clock.
    const failure = evaluateFreshness(
      claims,
      { since: startedAt - maxAge },
      Number.POSITIVE_INFINITY,
      clockSkew,
    )
    const reasons = { stale: 'too_old', auth_time_missing: 'missing' } as const
    if (failure) return new IdTokenError('auth_time', reasons[failure as 'stale'] ?? 'malformed')
  }
  return acrValues && !acrValues.includes(claims.acr ?? '') ? new IdTokenError('acr', 'mismatch') : null
}
