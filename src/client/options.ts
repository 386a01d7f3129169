import type { Account } from '../core/account.ts'
import type { AuthorizationParams } from '../core/authorization-params.ts'
import type { Rung } from '../core/machine/interaction.ts'
import type { ProviderProfile, TrustedAudiences } from '../core/provider-profile.ts'
import type { Logger } from './log-events.ts'
import type { Triggers } from './step-up/trigger-options.ts'

/** One person after another in the same page, or in the same browser. */
export interface AccountChange {
  /** Whose data the app may still keep. Null where this page does not know, such as after a reload. */
  readonly from: Account | null
  /** Whose session is shown once the callback is done. */
  readonly to: Account
}

/** What an app says about itself. All durations in seconds. The defaults stand in `defaults.ts`. */
export interface AuthClientOptions {
  /** The OP's issuer identifier, exactly as its discovery document spells it. */
  readonly issuer: string
  /** The app's client id at the OP. Register it there as a public client (a single-page app), which has no secret. */
  readonly clientId: string
  /** Default: `openid profile email`, or what the `provider` has instead; `openid` is always present. */
  readonly scope?: string | undefined
  /** The page that runs `afresh/callback`, of this origin. Default: `/auth/callback.html`. */
  readonly callbackUrl?: string | undefined
  /** What the OP can do, and how. Default: `generic()`. */
  readonly provider?: ProviderProfile | undefined
  /** The backend's freshness endpoint. Without it `stepUp` throws: freshness belongs to a backend. */
  readonly freshness?:
    | {
        /** Where the guard's `handler` answers: a URL, or a path of this origin such as `/api/freshness`. */
        readonly endpoint: string
      }
    | undefined
  /**
   * What else goes into authorization requests, such as `audience`, `organization` or `idp_hint`: the same for all of
   * them, or by what a request is for. Of two with one name, this one counts before the `provider`'s, and that of a call
   * such as `signIn` before both. Every value is text, and can be read in the address, so it must be no secret. One of the
   * protocol's own parameters is a {ConfigurationError} that names the option for it: when the client is made, or from a
   * function at the request. Default: what the `provider` says.
   */
  readonly authorizationParams?: AuthorizationParams | undefined
  /**
   * The API that the session's access token is for, as the OP knows it (RFC 8707 §2): sent in authorization and token
   * requests, by the name that the `provider` gives the parameter (`resource`, or Auth0's `audience`). An error where the
   * `provider` knows an API by its scopes alone (`resourceParam: 'none'`): those go into `scope`. Default: none.
   */
  readonly resource?: string | undefined
  /**
   * Sent with every sign-in that names no `acrValues` itself (`signIn`, `signUp`, switching, and where the session has
   * ended), in order of preference. An answer with another `acr` is refused, which only a backend can rely on. What asks
   * no person sends none. Default: none.
   */
  readonly acrValues?: readonly string[] | undefined
  /**
   * Sent with every sign-in that names no `prompt` itself, such as `login`, also where the session has ended. Switching
   * and signing up have a `prompt` of their own, as the `provider` says. It is checked against what the OP and the
   * `provider` list, and cannot be `none`. With `login`, an old login is refused as `signIn` says. Default: none.
   */
  readonly prompt?: string | undefined
  /**
   * Audiences besides `clientId` that ID Tokens may name: a list, or a rule, which is asked only where `aud` has the
   * client too and `azp` is the client. Only `true` from a rule trusts the audience. A token with several audiences must
   * name the client in `azp` in any case. The freshness guard has the same option. Default: what the `provider` says, else
   * none.
   */
  readonly trustedAudiences?: TrustedAudiences | undefined
  /**
   * Where the discovery document is, by https (http on this machine, if the issuer is http). It must name `issuer` all the
   * same. It is *not* checked whose host that is: who serves the document names the endpoints that codes are sent to.
   * Default: what the `provider` says, else at the issuer (OpenID Connect Discovery 1.0 §4).
   */
  readonly metadataUrl?: string | undefined
  /**
   * What the discovery document says, so that it is not fetched. It is checked in the same way, when the client is made,
   * and counts before `metadataUrl`. Default: it is fetched, at most once an hour in each tab.
   */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /**
   * Whether names and pictures are read at the userinfo endpoint, where ID Tokens have none. Its `sub` must be the ID
   * Token's; no claim of the protocol is taken from it, and where both say something, the ID Token counts (OpenID Connect
   * Core 1.0 §5.3). It is asked once for each person, for three seconds at most. Without an answer in JSON the person is
   * signed in all the same. Default: what the `provider` says, else false.
   */
  readonly userInfo?: boolean | undefined
  /**
   * Where `client.fetch` sends tokens, and nowhere else: `{ origins }`, such as `https://api.example.com`, all with the
   * session's access token; or a list of APIs, each with a token of its own, which is had when the first request needs
   * it. The own origin counts only where it is named, and `{ origins: [] }` is nowhere. Default: the own
   * origin only.
   */
  readonly api?:
    | {
        /** Each an origin without a path, such as `https://api.example.com`. */
        readonly origins: readonly string[]
      }
    | readonly ApiOptions[]
    | undefined
  /**
   * How anything that a person must see is shown, in order of preference; a function is asked each time, say for
   * redirects on small screens. Default: `['popup', 'redirect']`; redirects first where popups share nothing with the
   * page, in an installed app and in the browser inside another app.
   */
  readonly interaction?: readonly Rung[] | (() => readonly Rung[]) | undefined
  /**
   * Where tokens are. `memory`: in this page, gone with it. `session`: in this tab's sessionStorage too, where code
   * injected into the page finds them even later. Default: `memory`.
   */
  readonly storage?: 'memory' | 'session' | undefined
  /** Whether the tabs of one browser share one session. Default: `shared`. */
  readonly tabs?: 'shared' | 'isolated' | undefined
  /** How the session is kept alive, and how it is found again when the page loads; in order. Default: everything. */
  readonly renewal?:
    | {
        /**
         * How new tokens are had, in order: by the refresh token, or by `prompt=none` in a hidden frame. Default:
         * `['refresh', 'iframe']`.
         */
        readonly via?: readonly ('refresh' | 'iframe')[] | undefined
        /**
         * How the session is found when the page loads: from another tab, by a hidden frame, or by leaving for the OP
         * with `prompt=none`. They are tried in that order, whatever the order here. Default:
         * `['tabs', 'iframe', 'top-level']`.
         */
        readonly restore?: readonly ('tabs' | 'iframe' | 'top-level')[] | undefined
      }
    | undefined
  /**
   * Who verifies the signatures of ID Tokens. `server`: the backend, for each that it is shown; here the token
   * endpoint's TLS vouches for them (OpenID Connect Core §3.1.3.7 item 6). `browser`: this page too, with code that is
   * loaded for it. Default: `server`.
   */
  readonly idTokenSignature?: 'server' | 'browser' | undefined
  /**
   * Whether tokens are bound to a key of this browser, so that a stolen one is of no use elsewhere (RFC 9449). The key
   * is in IndexedDB, one for all tabs, cannot be read out, and goes when the person signs out (not with `isolated`
   * tabs, whose sessions it outlives). OP and APIs must take DPoP, and on another origin allow the `DPoP` request
   * header and expose `DPoP-Nonce` and `WWW-Authenticate`. Default: false.
   */
  readonly dpop?: boolean | undefined
  /**
   * Limits of the session, in seconds: `idle` without a sign of life, in all tabs together; `absolute` since the person
   * signed in, by the ID Token's `auth_time` where the OP gives it; and how long before it ends the person is warned
   * (default: 60, at most half of the limit). With `absolute`, a sign-in that says no `maxAge` asks the OP for a login
   * that is no older (`max_age`, OpenID Connect Core 1.0 §3.1.2.1), but takes an older one. The page keeps to the limits
   * by its own clock and its localStorage, and cannot be made to: the OP's and the API's own limits are what protects.
   * Default: none but the OP's.
   */
  readonly session?:
    | {
        /** Seconds without a sign of life, in all tabs together. Default: no limit. */
        readonly idle?: number | undefined
        /** Seconds since the person signed in. Default: no limit. */
        readonly absolute?: number | undefined
        /** Seconds before the end at which the person is warned. Default: 60, at most half of the limit. */
        readonly warnBefore?: number | undefined
      }
    | undefined
  /** When to ask the backend whether the person must sign in again (`freshness.endpoint`). Default: never. */
  readonly triggers?: Triggers | undefined
  /**
   * The language of the OP's pages: BCP 47 tags, separated by spaces; a function is asked each time. Empty text sends
   * none. Default: the `lang` of this page's `<html>`, if it has one.
   */
  readonly uiLocales?: string | (() => string | undefined) | undefined
  /**
   * Called before another person's session is shown, to empty what the app keeps of the former person. Meanwhile no person
   * is signed in, and none is afterwards if it throws or takes longer than `timeLimit`. After a reload this page does not
   * know any more who the former person was: then `from` is null, and a hash of the `sub` in localStorage tells that it is
   * another person. It is not called for a sign-out.
   */
  readonly onAccountChange?: ((change: AccountChange) => void | Promise<void>) | undefined
  /** How many accounts this browser remembers for the chooser, at most. In localStorage, without tokens. Default: 0. */
  readonly rememberAccounts?: number | undefined
  /** How far the clocks of browser and OP may differ. Default: 30. */
  readonly clockSkew?: number | undefined
  /** How long one request to the OP or the backend may take. Default: 10. */
  readonly timeLimit?: number | undefined
  /**
   * Hears what the client does; each event is documented at `AuthLogEvent`. None holds a token, a code or a verifier.
   * Default: failures go to `console.warn`, each once.
   */
  readonly logger?: Logger | undefined
}

/**
 * An API, and the access token that it takes: without `resource` and `scope` the session's own. Every sign-in asks for
 * the resources and scopes of all (RFC 8707 §2.2), so that its refresh token is good for them; an OP that is asked by
 * `audience` knows them by its own rules instead.
 */
export interface ApiOptions {
  /** Such as `https://api.example.com`; each stands once. */
  readonly origin: string
  /** The API as the OP knows it (RFC 8707 §2), such as an Auth0 audience. Default: the client's `resource`. */
  readonly resource?: string | undefined
  /**
   * The scopes of its token, separated by spaces. Default: with a `resource`, all that the sign-in has asked for. Where
   * the OP knows an API by its scopes alone (`resourceParam: 'none'` in its profile) they are required.
   */
  readonly scope?: string | undefined
}
