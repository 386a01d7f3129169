import type { Account } from '../core/account.ts'
import type { Rung } from '../core/machine/interaction.ts'
import type { ProviderProfile } from '../core/provider-profile.ts'
import type { Logger } from './log-events.ts'
import type { Triggers } from './step-up/trigger-options.ts'

/** One person after another in the same page, or in the same browser. */
export interface AccountChange {
  readonly from: Account | null
  readonly to: Account
}

/** What an app says about itself. All durations in seconds. The defaults stand in `defaults.ts`. */
export interface AuthClientOptions {
  /** The OP's issuer identifier, exactly as its discovery document spells it. */
  readonly issuer: string
  readonly clientId: string
  /** Default: `openid profile email`, or what the `provider` has instead; `openid` is always present. */
  readonly scope?: string | undefined
  /** The page that runs `afresh/callback`, of this origin. Default: `/auth/callback.html`. */
  readonly callbackUrl?: string | undefined
  /** What the OP can do, and how. Default: `generic()`. */
  readonly provider?: ProviderProfile | undefined
  /** The backend's freshness endpoint. Without it `stepUp` throws: freshness belongs to a backend. */
  readonly freshness?: { readonly endpoint: string } | undefined
  /** Where `client.fetch` sends tokens: origins such as `https://api.example.com`. Default: the own origin only. */
  readonly api?: { readonly origins: readonly string[] } | undefined
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
        readonly via?: readonly ('refresh' | 'iframe')[] | undefined
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
        readonly idle?: number | undefined
        readonly absolute?: number | undefined
        readonly warnBefore?: number | undefined
      }
    | undefined
  /** When to ask the backend whether the person must sign in again (`freshness.endpoint`). Default: never. */
  readonly triggers?: Triggers | undefined
  /**
   * The language of the OP's pages: BCP 47 tags, separated by spaces; a function is asked each time. Default: the `lang`
   * of this page's `<html>`, if it has one.
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
