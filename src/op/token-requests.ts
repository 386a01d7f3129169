import type { ApiTarget } from '../core/api-target.ts'
import { defined } from '../core/defined.ts'
import { AuthorizationResponseError } from '../core/errors.ts'
import { signatureAlgorithms } from '../core/id-token.ts'
import type { TokenSet, Transaction } from '../core/tokens.ts'
import { asApiLogin, isForAnotherApi, withApiToken } from './api-token.ts'
import type { Dpop } from './dpop.ts'
import { lazy } from './lazy.ts'
import type { ProviderMetadata } from './metadata.ts'
import type { OpenIdProviderOptions, Refreshed } from './openid-provider-types.ts'
import type { ProviderClock } from './provider-clock.ts'
import { readTokens, type TokenRules } from './read-tokens.ts'
import { readRefreshedTokens, withRotated } from './refreshed-tokens.ts'
import { targetParameters } from './target-parameters.ts'
import { postForm } from './token-endpoint.ts'

type Form = Readonly<Record<string, string>>

/** What is asked of the OP without a window, and what its answers are held against. */
export interface TokenRequests {
  /** @see RFC 6749 §4.1.3, RFC 7636 §4.5, RFC 8707 §2.2 */
  redeemCode(code: string, transaction: Transaction, metadata: ProviderMetadata): Promise<TokenSet>
  /**
   * @param target the API that the new access token is for; null for the session's own
   * @see RFC 6749 §6, RFC 8707 §2.2
   */
  refresh(tokens: TokenSet, metadata: ProviderMetadata, target: ApiTarget | null): Promise<Refreshed>
  /** @see RFC 7009 §2.1 */
  revoke(tokens: TokenSet, metadata: ProviderMetadata): Promise<void>
}

/** @param loadDpop what binds tokens to a key; null where they are bound to none */
export function createTokenRequests(
  options: OpenIdProviderOptions,
  loadDpop: () => Promise<Dpop | null>,
  providerClock: ProviderClock,
): TokenRequests {
  const { issuer, clientId, callbackUrl, profile, trustedAudiences, clockSkew, timeLimit, now, browser } =
    options
  const { ownTarget = {} } = options
  const who = { client_id: clientId }
  // Not `iatLag`: a token that the OP does not date back, for once, must lock no person out.
  const expected = { issuer, clientId, clockSkew, ...defined({ issuers: profile.issuers, trustedAudiences }) }
  const loadSignature = lazy(
    () => import('./signature.ts'),
    module => module,
  )

  const requestTokens = async <T>(
    form: Form,
    metadata: ProviderMetadata,
    read: (response: Record<string, unknown>, rules: TokenRules) => Promise<T>,
  ): Promise<T> => {
    // Loaded before the request leaves: it uses the code or the refresh token up.
    const [key, signature] = await Promise.all([
      loadDpop(),
      options.idTokenSignature === 'browser' && loadSignature(),
    ])
    // The keys are fetched beside the token request, so that it takes no longer.
    const verify = signature ? signature.prepare(browser, metadata.jwks_uri, signatureAlgorithms) : false
    const response = await postForm(
      browser,
      metadata.token_endpoint,
      { ...form, ...who },
      timeLimit,
      key?.send,
    )
    const algorithms = metadata.id_token_signing_alg_values_supported
    const tokenType = key ? 'dpop' : 'bearer'
    const rules = { ...expected, deviceTime: now(), algorithms, tokenType, verify } as const
    return providerClock.check(response.id_token, time => read(response, { ...rules, now: time }))
  }

  return {
    redeemCode: async (code, { codeVerifier, nonce, target }, metadata) => {
      const grant_type = 'authorization_code'
      const form = {
        grant_type,
        code,
        redirect_uri: callbackUrl,
        code_verifier: codeVerifier,
        ...targetParameters(grant_type, target ?? ownTarget, options),
      }
      const answer = await requestTokens(form, metadata, (response, rules) =>
        readTokens(response, rules, nonce),
      )
      return target ? asApiLogin(answer, target) : answer
    },

    refresh: async (tokens, metadata, target) => {
      const { refreshToken } = tokens
      if (refreshToken === undefined) throw new AuthorizationResponseError('refresh_token_missing')
      const grant_type = 'refresh_token'
      const form = {
        grant_type,
        refresh_token: refreshToken,
        ...targetParameters(grant_type, target ?? ownTarget, options),
      }
      const refreshed = await requestTokens(form, metadata, (response, rules) =>
        readRefreshedTokens(response, rules, tokens, profile.authTime),
      )
      if (!target || refreshed.unusable) return refreshed
      if (isForAnotherApi(refreshed.tokens, target, profile)) {
        const unusable = new AuthorizationResponseError('invalid_target')
        return { tokens: withRotated(tokens, refreshed.tokens), unusable }
      }
      return { tokens: withApiToken(tokens, refreshed.tokens, target), unusable: null }
    },

    revoke: async ({ refreshToken, accessToken, others = {} }, metadata) => {
      const { revocation_endpoint: endpoint } = metadata
      if (endpoint === undefined) return
      const revokeOne = (token: string, token_type_hint: string): Promise<unknown> =>
        postForm(browser, endpoint, { ...who, token, token_type_hint }, timeLimit)
      // With a refresh token the OP revokes all that came from it.
      if (refreshToken !== undefined) return void (await revokeOne(refreshToken, 'refresh_token'))
      const accessTokens = [accessToken, ...Object.values(others).map(one => one.accessToken)]
      const revokeAccessToken = (token: string): Promise<unknown> =>
        revokeOne(token, 'access_token').catch(unlessUnsupported)
      await Promise.all([...new Set(accessTokens)].map(revokeAccessToken))
    },
  }
}

/** An OP need not revoke access tokens, such as JWTs, and that it says so is no failure (RFC 7009 §2.2.1). */
function unlessUnsupported(error: unknown): void {
  if (error instanceof AuthorizationResponseError && error.error === 'unsupported_token_type') return
  throw error
}
