import type { ApiTarget } from '../core/api-target.ts'
import { discoveryUrl } from '../core/discovery-url.ts'
import type { TokenSet, Transaction } from '../core/tokens.ts'
import { askAboutClient } from './ask-about-client.ts'
import { makeAuthorizationRequest } from './authorization-request.ts'
import { readAuthorizationResponse } from './authorization-response.ts'
import type { Browser } from './browser.ts'
import { createConnection } from './connection.ts'
import { outOfProtocol, overNetwork } from './errors.ts'
import { lazy } from './lazy.ts'
import type { ProviderMetadata } from './metadata.ts'
import { checkCallback, join, refuseMixUp } from './mix-up.ts'
import type { OpenIdProvider, OpenIdProviderOptions } from './openid-provider-types.ts'
import { createProviderClock } from './provider-clock.ts'
import { pushedResponse, pushedUrl } from './pushed-request.ts'
import { shortfallOf } from './read-tokens.ts'
import { listedPrompts } from './request-check.ts'
import { makeSignOutRequest } from './sign-out-request.ts'
import { askOp } from './time-limit.ts'
import { createTokenRequests } from './token-requests.ts'
import { createUserInfoReader } from './user-info.ts'

export type { OpenIdProvider, OpenIdProviderOptions, Redeemed, Refreshed } from './openid-provider-types.ts'

/**
 * The OP. Discovery, authorization requests and the specification's sign-out requests are `oidc-client-ts`'s; vendors'
 * sign-out requests, the token endpoint and the checks that it leaves to its caller are ours. Signatures are *not*
 * verified here unless `idTokenSignature` is `browser`: the token endpoint's TLS vouches for the browser (OpenID Connect
 * Core §3.1.3.7 item 6), and the backend verifies every ID Token it is shown.
 */
export function createOpenIdProvider(options: OpenIdProviderOptions): OpenIdProvider {
  const { issuer, callbackUrl, profile, clockSkew, timeLimit, disposed, browser } = options
  const connect = createConnection(options)
  const party = { issuer, callbackUrl, browser, metadata: async () => (await connect()).metadata }
  const joinPage = (): void => {
    if (disposed) join(party, disposed)
  }
  const clock = createProviderClock(options.now, options.measureClock ?? (async () => null), profile.iatLag)
  const loadDpop = lazy(
    async () => (options.dpop ? import('./dpop.ts') : null),
    module => module?.createDpop({ ...options, now: clock.now }) ?? null,
  )
  const tokenRequests = createTokenRequests(options, loadDpop, clock)

  const ask = <T>(work: () => Promise<T>): Promise<T> => askOp(browser.clock, timeLimit, work)

  const call: OpenIdProvider['call'] = async (request, accessToken) => {
    const dpop = await loadDpop()
    if (dpop) return dpop.send(request, accessToken)
    if (accessToken !== null) request.headers.set('Authorization', `Bearer ${accessToken}`)
    return overNetwork(browser.fetch(request))
  }
  const { onUserInfoFailure = () => {} } = options
  const userInfo = options.userInfo
    ? createUserInfoReader(browser.clock, party.metadata, call, timeLimit, onUserInfoFailure)
    : null
  // The token of another API is not for the userinfo endpoint.
  const withNames = async (
    tokens: TokenSet,
    target: ApiTarget | null = null,
    before?: TokenSet,
  ): Promise<TokenSet> => userInfo?.addTo(tokens, target === null, before?.userInfo) ?? tokens

  const readCode = async (transaction: Pick<Transaction, 'state'>, params: string): Promise<string> => {
    const { metadata } = await connect()
    const code = readAuthorizationResponse(params, transaction, { ...metadata, issuers: profile.issuers })
    checkCallback(party, params)
    return code
  }

  return {
    join: joinPage,
    now: clock.now,

    begin: request =>
      ask(async () => {
        joinPage()
        const connection = await connect()
        await refuseMixUp(party)
        const loadThumbprint = async (): Promise<string | undefined> => (await loadDpop())?.thumbprint()
        return makeAuthorizationRequest(request, options, connection, loadThumbprint)
      }),

    probe: () =>
      ask(async () => {
        if (options.metadata) return askForKeys(browser, (await connect()).metadata)
        const { ok } = await overNetwork(browser.fetch(discoveryUrl(options), { cache: 'no-store' }))
        if (!ok) throw outOfProtocol()
      }),

    askAboutClient: async () => {
      try {
        const { token_endpoint: endpoint } = (await connect()).metadata
        return await askAboutClient(browser, endpoint, options)
      } catch {
        return 'untold'
      }
    },

    pushedUrl: request =>
      ask(async () => {
        joinPage()
        await refuseMixUp(party)
        return pushedUrl((await connect()).metadata.authorization_endpoint, request)
      }),

    readPushed: async (request, params) => {
      const code = await readCode(request, params)
      return pushedResponse(code, request, params)
    },

    promptValues: async () => listedPrompts((await connect()).metadata, profile),

    redeem: async (transaction, params) => {
      const redeemed = await ask(async () => {
        const code = await readCode(transaction, params)
        const tokens = await tokenRequests.redeemCode(code, transaction, (await connect()).metadata)
        // By the clock that has just been found right, also for a request that left before.
        const sent = { ...transaction, startedAt: clock.at(transaction.startedAt) }
        return { tokens, shortfall: shortfallOf(sent, tokens.claims, { ...profile, clockSkew }) }
      })
      return { ...redeemed, tokens: await withNames(redeemed.tokens, transaction.target) }
    },

    refresh: async (tokens, target = null) => {
      // Before the clock runs: a request that leaves when no caller waits any more uses the refresh token up.
      const { metadata } = await connect()
      const refreshed = await ask(() => tokenRequests.refresh(tokens, metadata, target))
      return { ...refreshed, tokens: await withNames(refreshed.tokens, target, tokens) }
    },

    revoke: tokens =>
      ask(async () => {
        userInfo?.forget()
        // A key that cannot be removed is no reason not to revoke.
        await loadDpop()
          .then(dpop => dpop?.forget())
          .catch(() => {})
        await tokenRequests.revoke(tokens, (await connect()).metadata)
      }),

    call,

    beginSignOut: idToken => ask(async () => makeSignOutRequest(idToken, options, await connect())),
  }
}

/** Where there may be no discovery document. The answer may be unreadable, but there is one. */
async function askForKeys(browser: Browser, { jwks_uri: url }: ProviderMetadata): Promise<void> {
  await overNetwork(browser.fetch(url, { cache: 'no-store', mode: 'no-cors' }))
}
