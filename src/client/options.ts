import type { Account } from '../core/account.ts'
import type { AuthorizationParams } from '../core/authorization-params.ts'
import type { Rung } from '../core/machine/interaction.ts'
import type { ProviderProfile, TrustedAudiences } from '../core/provider-profile.ts'
import type { Logger } from './log-events.ts'
import type { Triggers } from './step-up/trigger-options.ts'

/** What `onAccountChange` is told: one person comes after another in this page, or in this browser. */
export interface AccountChange {
  /** The person whose data the app may still keep. Null if this page does not know, such as after a reload. */
  readonly from: Account | null
  /** The person whose session is shown once the callback is done. */
  readonly to: Account
}

/**
 * How an app sets up its client. All durations are in seconds. A wrong or unknown option is a `ConfigurationError` when
 * the client is made.
 */
export interface AuthClientOptions {
  /** The OP's issuer identifier: an absolute URL, exactly as the OP's discovery document spells it. */
  readonly issuer: string
  /**
   * The app's client id at the OP. Register the app there as a public client (a single-page app): such a client has no
   * secret.
   */
  readonly clientId: string
  /**
   * The scopes that a sign-in asks for, separated by spaces. `openid` is always added. Default: `openid profile email`,
   * or what the `provider` has instead.
   */
  readonly scope?: string | undefined
  /** The page that runs `afresh/callback`: a path or URL of this origin. Default: `/auth/callback.html`. */
  readonly callbackUrl?: string | undefined
  /**
   * The profile of the OP, made by a function of `afresh/providers`: what the OP can do, and how. Default: `generic()`.
   */
  readonly provider?: ProviderProfile | undefined
  /**
   * The backend's freshness endpoint. Without it, `stepUp` throws a `ConfigurationError` unless `decides` is
   * `access-token`: only a backend can judge freshness. Default: none.
   */
  readonly freshness?:
    | {
        /** Where the guard's `handler` answers: a URL, or a path of this origin such as `/api/freshness`. */
        readonly endpoint: string
      }
    | undefined
  /**
   * More parameters for authorization requests, such as `audience`, `organization` or `idp_hint`. An object goes into
   * all requests. A function gets the kind of each request and returns the parameters for it. A parameter from here
   * replaces one of the same name in the `provider`. A parameter of a call such as `signIn` replaces both.
   *
   * Every value is text. It can be read in the address bar, so it must not be secret. One of the protocol's own
   * parameters is a `ConfigurationError` that names the option for it. An object is checked when the client is made,
   * and the result of a function at each request. Default: what the `provider` says.
   */
  readonly authorizationParams?: AuthorizationParams | undefined
  /**
   * The API that the session's access token is for, as the OP knows it (RFC 8707 §2). It is sent in authorization and
   * token requests, in the parameter that the `provider` names (`resource`, or Auth0's `audience`). It is a
   * `ConfigurationError` if the `provider` knows an API by its scopes alone (`resourceParam: 'none'`): put those into
   * `scope`. Default: none.
   */
  readonly resource?: string | undefined
  /**
   * How strong a login should be: values of `acr`, in order of preference. They are sent with every sign-in that names
   * no `acrValues` itself: `signIn`, `signUp`, a switch of accounts, and the sign-in after the session has ended. An
   * answer with another `acr` is refused. Only a backend can rely on that. Requests that ask no person do not send
   * them. Default: none.
   */
  readonly acrValues?: readonly string[] | undefined
  /**
   * The `prompt` of every sign-in that names none itself, also after the session has ended; for example `login`. A
   * switch of accounts and `signUp` have a `prompt` of their own, as the `provider` says. It is checked against the
   * values that the OP and the `provider` list, and cannot be `none`. With `login`, an old login is refused as `signIn`
   * says. Default: none.
   */
  readonly prompt?: string | undefined
  /**
   * Audiences besides `clientId` that ID Tokens may name: a list, or a rule. The rule is asked only if `aud` names the
   * client too and `azp` is the client. It trusts the audience only if it returns `true`. A token with several
   * audiences must name the client in `azp` in any case. The freshness guard has the same option. Default: what the
   * `provider` says, else none.
   */
  readonly trustedAudiences?: TrustedAudiences | undefined
  /**
   * Where the discovery document is: an https URL (http only on this machine, and only if the issuer is http). The
   * document must name `issuer` all the same. It is *not* checked whose host that is, and the document names the
   * endpoints that codes are sent to. So give only the address of a host that you trust. Default: what the `provider`
   * says, else the address at the issuer (OpenID Connect Discovery 1.0 §4).
   */
  readonly metadataUrl?: string | undefined
  /**
   * What the discovery document says, so that it is not fetched. It is checked as a fetched document is, when the
   * client is made. It is used instead of `metadataUrl`. Default: the document is fetched, at most once an hour in each
   * tab.
   */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /**
   * Whether names and pictures are read at the userinfo endpoint when ID Tokens have none. The endpoint's `sub` must be
   * the ID Token's. No claim of the protocol is taken from the endpoint. If both have a claim, the ID Token's counts
   * (OpenID Connect Core 1.0 §5.3). The endpoint is asked once for each person, for three seconds at most. Without an
   * answer in JSON the person is signed in all the same. Default: what the `provider` says, else false.
   */
  readonly userInfo?: boolean | undefined
  /**
   * The APIs that `client.fetch` sends access tokens to. No other origin gets one. `{ origins }` is a list of origins,
   * such as `https://api.example.com`, that all take the session's access token. A list of `ApiOptions` can give each
   * API a token of its own; the client gets that token when the first request needs it. The page's own origin gets a
   * token only if it is named. `{ origins: [] }` sends tokens nowhere. Default: the own origin only.
   */
  readonly api?:
    | {
        /** Origins without a path, such as `https://api.example.com`. */
        readonly origins: readonly string[]
      }
    | readonly ApiOptions[]
    | undefined
  /**
   * How the OP is shown to a person, in order of preference. A function is asked each time, for example to put
   * redirects first on small screens. Default: `['popup', 'redirect']`. Redirects come first by default in an installed
   * app and in the browser inside another app: popups share nothing with the page there.
   */
  readonly interaction?: readonly Rung[] | (() => readonly Rung[]) | undefined
  /**
   * Where tokens are kept. `memory`: in this page, and gone with it. `session`: also in this tab's sessionStorage,
   * where code that is injected into the page finds them even later. Default: `memory`.
   */
  readonly storage?: 'memory' | 'session' | undefined
  /**
   * Whether the tabs of one browser share one session (`shared`), or each tab has its own (`isolated`). Default:
   * `shared`.
   */
  readonly tabs?: 'shared' | 'isolated' | undefined
  /**
   * How the session is kept alive (`via`), and how it is found again when the page loads (`restore`). Default: by every
   * way.
   */
  readonly renewal?:
    | {
        /**
         * The ways to get new tokens, in order. `refresh`: by the refresh token. `iframe`: by `prompt=none` in a hidden
         * frame. Default: `['refresh', 'iframe']`.
         */
        readonly via?: readonly ('refresh' | 'iframe')[] | undefined
        /**
         * The ways to find the session when the page loads. `tabs`: from another tab. `iframe`: by a hidden frame.
         * `top-level`: the page leaves for the OP with `prompt=none`. They are always tried in this order. Default:
         * `['tabs', 'iframe', 'top-level']`.
         */
        readonly restore?: readonly ('tabs' | 'iframe' | 'top-level')[] | undefined
      }
    | undefined
  /**
   * Who verifies the signatures of ID Tokens. `server`: the backend verifies each ID Token that it is shown. The page
   * relies on the TLS of the token endpoint (OpenID Connect Core §3.1.3.7 item 6). `browser`: the page verifies them
   * too, with code that is loaded for it. Default: `server`.
   */
  readonly idTokenSignature?: 'server' | 'browser' | undefined
  /**
   * Whether tokens are bound to a key of this browser, so that a stolen token is of no use elsewhere (DPoP, RFC 9449).
   * The key is in IndexedDB and cannot be read out. All tabs share it. It is deleted when the person signs out; with
   * `isolated` tabs it stays. The OP and the APIs must take DPoP. On another origin they must allow the `DPoP` request
   * header and expose `DPoP-Nonce` and `WWW-Authenticate` (CORS). Default: false.
   */
  readonly dpop?: boolean | undefined
  /**
   * Limits of the session, in seconds. `idle` counts the time without a sign of life, in all tabs together. `absolute`
   * counts the time since the person signed in, from the ID Token's `auth_time` if the OP gives it. `warnBefore` says
   * how long before the end the person is warned (default: 60, at most half of the limit).
   *
   * With `absolute`, a sign-in without `maxAge` asks the OP for a login that is no older (`max_age`, OpenID Connect
   * Core 1.0 §3.1.2.1), but an older login is taken too. The page keeps to the limits by its own clock and its
   * localStorage. Nothing can force it to: only the limits of the OP and of the API protect. Default: no limits but the
   * OP's.
   */
  readonly session?:
    | {
        /** Seconds without a sign of life, in all tabs together. Default: no limit. */
        readonly idle?: number | undefined
        /** Seconds since the person signed in. Default: no limit. */
        readonly absolute?: number | undefined
        /** How many seconds before the end the person is warned. Default: 60, at most half of the limit. */
        readonly warnBefore?: number | undefined
      }
    | undefined
  /** When to ask the backend whether the person must sign in again. It needs `freshness.endpoint`. Default: never. */
  readonly triggers?: Triggers | undefined
  /**
   * The language of the OP's pages: BCP 47 tags, separated by spaces. A function is asked each time. With an empty text
   * none is sent. Default: the `lang` of this page's `<html>`, if it has one.
   */
  readonly uiLocales?: string | (() => string | undefined) | undefined
  /**
   * A function that is called before another person's session is shown. It must remove what the app keeps of the former
   * person. While it runs, no person is signed in. If it throws, or takes longer than `timeLimit`, no person is signed
   * in afterwards either.
   *
   * After a reload this page no longer knows who the former person was. Then `from` is null, and a hash of the `sub` in
   * localStorage tells that it is another person. The function is not called for a sign-out. Default: none.
   *
   * @param change the former person and the new one
   */
  readonly onAccountChange?: ((change: AccountChange) => void | Promise<void>) | undefined
  /**
   * How many accounts this browser remembers for the account chooser, at most: a whole number. They are in
   * localStorage, without tokens. Default: 0.
   */
  readonly rememberAccounts?: number | undefined
  /** Seconds by which the clocks of the browser and the OP may differ. Default: 30. */
  readonly clockSkew?: number | undefined
  /** Seconds that one request to the OP or the backend may take. Default: 10. */
  readonly timeLimit?: number | undefined
  /**
   * A function that is called with each event of the client (`AuthLogEvent`). No event holds a token, a code or a
   * verifier. Default: failures go to `console.warn`, each one once.
   */
  readonly logger?: Logger | undefined
}

/**
 * An API, and the access token that it takes. Without `resource` and `scope` that is the session's own token. Every
 * sign-in asks for the resources and scopes of all APIs (RFC 8707 §2.2), so that its refresh token is good for them. An
 * OP that is asked by `audience` decides by its own rules instead.
 */
export interface ApiOptions {
  /** The API's origin, such as `https://api.example.com`. Name each origin once. */
  readonly origin: string
  /** The API as the OP knows it (RFC 8707 §2), such as an Auth0 audience. Default: the client's `resource`. */
  readonly resource?: string | undefined
  /**
   * The scopes of the API's token, separated by spaces. If the OP knows an API by its scopes alone (`resourceParam:
   * 'none'` in its profile), they are required. Default: with a `resource`, all that the sign-in has asked for.
   */
  readonly scope?: string | undefined
}
