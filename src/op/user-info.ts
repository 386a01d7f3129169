import { type Account, accountOf, isSameAccount } from '../core/account.ts'
import { isRecord } from '../core/claims.ts'
import { type AnyAuthError, AuthorizationResponseError, ConfigurationError } from '../core/errors.ts'
import type { TokenSet } from '../core/tokens.ts'
import { readUserInfo, type UserInfo, withUserInfo } from '../core/user-info.ts'
import type { BrowserClock } from './browser.ts'
import { asAuthError, outOfProtocol, overNetwork } from './errors.ts'
import type { ProviderMetadata } from './metadata.ts'
import type { OpenIdProvider } from './openid-provider-types.ts'
import { abortAfter, withTimeLimit } from './time-limit.ts'

/** Seconds that a name may hold a sign-in up. */
const longest = 3

/** Milliseconds after a failure in which the endpoint is not asked about that person again: it would hold up each renewal. */
const pause = 300_000

/** Adds to tokens what the userinfo endpoint says of their person. */
export interface UserInfoReader {
  /**
   * It never rejects: without an answer the tokens come back as they are. A person is asked about once, and after a
   * failure not before five minutes.
   *
   * @param mayAsk whether the access token is the session's own; with another API's, only what is known is added
   * @param before what the tokens that these come from had of the same person, as another tab may have handed it over
   */
  addTo(tokens: TokenSet, mayAsk: boolean, before?: UserInfo): Promise<TokenSet>
  /** Forgets the person. */
  forget(): void
}

/** @param tell hears why there is no answer */
export function createUserInfoReader(
  clock: BrowserClock,
  loadMetadata: () => Promise<ProviderMetadata>,
  call: OpenIdProvider['call'],
  timeLimit: number,
  tell: (error: AnyAuthError) => void,
): UserInfoReader {
  let known: { readonly account: Account; readonly userInfo: UserInfo } | null = null
  let failed: { readonly account: Account; readonly at: number } | null = null
  const seconds = Math.min(longest, timeLimit)

  const load = async ({ account, accessToken }: TokenSet, signal: AbortSignal): Promise<UserInfo> => {
    const { userinfo_endpoint: url } = await loadMetadata()
    if (url === undefined)
      throw new ConfigurationError('`userInfo`: the discovery document names no userinfo_endpoint')
    const headers = { Accept: 'application/json' }
    const response = await call(
      new Request(url, { headers, redirect: 'error', cache: 'no-store', signal }),
      accessToken,
    )
    // A signed answer (`application/jwt`) is not read.
    const isJson = /^application\/json\b/i.test(response.headers.get('Content-Type') ?? '')
    if (!response.ok) throw new AuthorizationResponseError('userinfo_refused')
    if (!isJson) throw new AuthorizationResponseError('userinfo_not_json')
    const answer: unknown = await overNetwork(response.json())
    if (!isRecord(answer)) throw outOfProtocol()
    return readUserInfo(answer, account.sub)
  }

  const isPaused = ({ account }: TokenSet): boolean =>
    failed !== null && isSameAccount(failed.account, account) && clock.elapsed() - failed.at < pause

  return {
    addTo: async (tokens, mayAsk, before) => {
      if (known && isSameAccount(known.account, tokens.account)) return merge(tokens, known.userInfo)
      if (before) return merge(tokens, before)
      if (!mayAsk || isPaused(tokens)) return tokens
      try {
        const userInfo = await withTimeLimit(
          clock,
          seconds,
          'The userinfo endpoint',
          abortAfter(clock, seconds * 1000, signal => load(tokens, signal)),
        )
        known = { account: tokens.account, userInfo }
        return merge(tokens, userInfo)
      } catch (cause) {
        failed = { account: tokens.account, at: clock.elapsed() }
        tell(asAuthError(cause))
        return tokens
      }
    },
    forget: () => {
      known = failed = null
    },
  }
}

function merge(tokens: TokenSet, userInfo: UserInfo): TokenSet {
  const claims = withUserInfo(tokens.claims, userInfo)
  return { ...tokens, claims, account: accountOf(claims), userInfo }
}
