import { OidcClient, type OidcClientSettings, type OidcMetadata } from 'oidc-client-ts'
import { defined } from '../core/defined.ts'
import { type IdTokenError, InteractionRequiredError } from '../core/errors.ts'
import { signatureAlgorithms } from '../core/id-token.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
import type { AuthorizationRequest, Clock, TokenSet, Transaction } from '../core/tokens.ts'
import { discover } from './discovery.ts'
import { asAuthError } from './errors.ts'
import { lazy } from './lazy.ts'
import type { ProviderMetadata } from './metadata.ts'
import { checkCallback, join, refuseMixUp } from './mix-up.ts'
import { once } from './once.ts'
import { checkRequest } from './request-check.ts'
import { readAuthorizationResponse } from './response.ts'
import { withTimeLimit } from './time-limit.ts'
import { postForm } from './token-endpoint.ts'
import { readTokens, shortfallOf, type TokenRules } from './tokens.ts'
import { refresh, revocation } from './upkeep.ts'

export interface OpenIdProviderOptions {
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
  /** The language of what the OP shows a person (OpenID Connect Core §3.1.2.1). */
  readonly uiLocales?: () => string | undefined
  /** Absolute. */
  readonly callbackUrl: string
  readonly profile: ProviderProfile
  readonly now: Clock
  /** Seconds. */
  readonly clockSkew: number
  /** Seconds that any one request may take. */
  readonly timeLimit: number
  /** Whether to verify ID Token signatures here too. Default: `server`, which leaves them to the backend. */
  readonly idTokenSignature?: 'server' | 'browser'
  /** Whether tokens are bound to this browser's key. Default: false. */
  readonly dpop?: boolean
  /** Whether this browser has one session; `isolated` tabs have one each, by one key. Default: shared. */
  readonly tabs?: 'shared' | 'isolated'
  /** Aborted when this OP is of no more use. Without it, it does not count among the OPs of this page. */
  readonly disposed?: AbortSignal
}

/** Tokens that passed every rule of OpenID Connect Core §3.1.3.7, and whether they give what was asked for. */
export interface Redeemed {
  readonly tokens: TokenSet
  /** Where the login falls short of this transaction's `max_age` or `acr_values`, or null. */
  readonly shortfall: IdTokenError | null
}

export interface OpenIdProvider {
  /** Counts this OP among those of this page: see `refuseMixUp`. Requests do it themselves. */
  join(): void
  begin(request: AuthorizationRequest): Promise<Transaction>
  /** The `prompt` values that the OP or its profile lists; undefined when neither does. */
  promptValues(): Promise<readonly string[] | undefined>
  redeem(transaction: Transaction, params: string): Promise<Redeemed>
  /** New tokens for the refresh token. @throws {AuthorizationResponseError} `refresh_token_missing` without one */
  refresh(tokens: TokenSet): Promise<TokenSet>
  /**
   * Removes the key that these tokens are bound to, unless other sessions are too, and tells the OP that they are of
   * no more use, where it has an endpoint for that.
   *
   * @see RFC 7009 §2.1
   */
  revoke(tokens: TokenSet): Promise<void>
  /**
   * `fetch`, with the access token as this OP's tokens are sent: `Bearer`, or `DPoP` with a proof. With null there is
   * a proof only. The request is used up.
   *
   * @throws {ConfigurationError} with `dpop`, in a browser without IndexedDB
   * @see RFC 6750 §2.1, RFC 9449 §7.1
   */
  call(request: Request, accessToken: string | null): Promise<Response>
  /**
   * Where to go to end the OP's own session, or null when the OP has no such page.
   *
   * @see OpenID Connect RP-Initiated Logout 1.0 §2
   */
  endSession(idToken: string): Promise<{ readonly url: string; readonly state: string } | null>
}

/**
 * The OP. Requests and discovery are `oidc-client-ts`'s, the checks that it leaves to its caller are ours. Signatures
 * are *not* verified here unless `idTokenSignature` is `browser`: the token endpoint's TLS vouches for the browser
 * (OpenID Connect Core §3.1.3.7 item 6), and the backend verifies every ID Token it is shown.
 */
export function createOpenIdProvider(options: OpenIdProviderOptions): OpenIdProvider {
  const { issuer, clientId, scope, callbackUrl, profile, now, clockSkew, timeLimit } = options
  const who = { client_id: clientId }
  const settings: OidcClientSettings = {
    authority: issuer,
    ...who,
    redirect_uri: callbackUrl,
    scope,
    requestTimeoutInSeconds: timeLimit,
    // A verifier lives in its transaction and nowhere else.
    stateStore: {
      set: async () => {},
      get: async () => null,
      remove: async () => null,
      getAllKeys: async () => [],
    },
  }

  const limited = <T>(work: () => Promise<T>): Promise<T> =>
    withTimeLimit(timeLimit, 'The OpenID Provider', work()).catch(cause => {
      throw asAuthError(cause)
    })

  // With its own limit: oidc-client-ts has none for a body that never ends, and everybody waits for this one.
  const connect = once(() =>
    limited(async () => {
      const load = (): Promise<Partial<OidcMetadata>> =>
        new OidcClient(settings).metadataService.getMetadata()
      const metadata = await discover(issuer, load, now)
      const known = { ...settings, metadata: metadata as Partial<OidcMetadata> }
      return { oidc: new OidcClient(known), metadata }
    }),
  )
  const party = { issuer, callbackUrl, metadata: async () => (await connect()).metadata }
  const joinPage = (): void => {
    if (options.disposed) join(party, options.disposed)
  }
  const listed = (metadata: ProviderMetadata): readonly string[] | undefined =>
    metadata.prompt_values_supported ?? profile.promptValues
  const loadDpop = lazy(async () => (options.dpop ? (await import('./dpop.ts')).createDpop(options) : null))
  const loadSignature = lazy(() => import('./signature.ts'))

  const requestTokens = async (
    metadata: ProviderMetadata,
    form: Readonly<Record<string, string>>,
  ): Promise<[Record<string, unknown>, TokenRules]> => {
    // Loaded before the request leaves: it uses the code or the refresh token up.
    const [key, signature] = await Promise.all([
      loadDpop(),
      options.idTokenSignature === 'browser' && loadSignature(),
    ])
    // The keys are fetched beside the token request, so that it takes no longer.
    const verify = signature ? signature.prepare(metadata.jwks_uri, signatureAlgorithms) : false
    const response = await postForm(metadata.token_endpoint, { ...form, ...who }, timeLimit, key?.send)
    const algorithms = metadata.id_token_signing_alg_values_supported
    const tokenType = key ? 'dpop' : 'bearer'
    return [response, { issuer, clientId, clockSkew, now: now(), algorithms, tokenType, verify }]
  }

  return {
    join: joinPage,

    begin: request =>
      limited(async () => {
        joinPage()
        const { oidc, metadata } = await connect()
        await refuseMixUp(party)
        const { prompt, maxAge, acrValues, loginHint, idTokenHint, screenHint } = request
        // An OP that has no way to answer in silence is not asked to: only the person can help.
        if (prompt === 'none' && listed(metadata)?.includes(prompt) === false)
          throw new InteractionRequiredError('login_required')
        const claims = checkRequest(request, profile, metadata)
        const uiLocales = request.uiLocales ?? options.uiLocales?.()
        const nonce = request.nonce ?? crypto.randomUUID() + crypto.randomUUID()
        const key = await loadDpop()
        const wire = defined({
          nonce,
          prompt,
          max_age: maxAge,
          acr_values: acrValues?.join(' '),
          login_hint: loginHint,
          id_token_hint: idTokenHint,
          // Nobody reads what a hidden frame shows.
          ui_locales: prompt === 'none' ? undefined : uiLocales,
          response_mode: responseMode(metadata),
          extraQueryParams: {
            ...extraParameters(metadata, claims),
            ...defined({ screen_hint: screenHint }),
            ...(key && { dpop_jkt: await key.thumbprint() }),
          },
        })
        const { url, state } = await oidc.createSigninRequest(wire)
        const { id, code_verifier: codeVerifier = '' } = state
        return { state: id, url, nonce, codeVerifier, startedAt: now(), ...defined({ maxAge, acrValues }) }
      }),

    promptValues: async () => listed((await limited(connect)).metadata),

    redeem: (transaction, params) =>
      limited(async () => {
        const { metadata } = await connect()
        const code = readAuthorizationResponse(params, transaction, metadata)
        checkCallback(party, params)
        const form = {
          grant_type: 'authorization_code',
          code,
          redirect_uri: callbackUrl,
          code_verifier: transaction.codeVerifier,
        }
        const tokens = await readTokens(...(await requestTokens(metadata, form)), transaction.nonce)
        return { tokens, shortfall: shortfallOf(transaction, tokens.claims, clockSkew) }
      }),

    refresh: async tokens => {
      // Before the clock runs: a request that leaves when no caller waits any more uses the refresh token up.
      const { metadata } = await connect()
      return limited(() => refresh(form => requestTokens(metadata, form), tokens))
    },

    revoke: tokens =>
      limited(async () => {
        await (await loadDpop())?.forget()
        const { metadata } = await connect()
        if (!metadata.revocation_endpoint) return
        await postForm(metadata.revocation_endpoint, { ...revocation(tokens), ...who }, timeLimit)
      }),

    call: async (request, accessToken) => {
      const key = await loadDpop()
      if (key) return key.send(request, accessToken)
      if (accessToken !== null) request.headers.set('Authorization', `Bearer ${accessToken}`)
      return fetch(request)
    },

    endSession: idToken =>
      limited(async () => {
        const { oidc, metadata } = await connect()
        if (!metadata.end_session_endpoint) return null
        const request = { ...who, id_token_hint: idToken, post_logout_redirect_uri: callbackUrl }
        // Without data to keep, oidc-client-ts sends no `state`.
        const { url, state } = await oidc.createSignoutRequest({ ...request, state: true })
        return state ? { url, state: state.id } : null
      }),
  }
}

// In a fragment the code reaches no server log, and the callback page stays one cached document.
// OpenID Connect Discovery §3: an OP that lists no modes has both.
function responseMode({ response_modes_supported: modes }: ProviderMetadata): 'query' | 'fragment' {
  return modes && !modes.includes('fragment') ? 'query' : 'fragment'
}

// Some OPs tell auth_time only when asked, and without it no backend can judge freshness (OpenID Connect Core §5.5).
function extraParameters(metadata: ProviderMetadata, claims: object): Record<string, string> {
  return metadata.claims_parameter_supported
    ? { claims: JSON.stringify({ id_token: { auth_time: { essential: true }, ...claims } }) }
    : {}
}
