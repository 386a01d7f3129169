import type { ApiOptions, AuthClientOptions } from 'afresh'
import type { ProviderName } from '../providers.ts'
import type { profiles } from './profiles.ts'

/** What the page is set up with. */
export interface DemoConfig {
  readonly issuer: string
  readonly clientId: string
  /** The origin of the API that knows only RFC 9470. */
  readonly statements: string
  /** How the app asks for the token of each API. */
  readonly apis: Readonly<Record<'bank' | 'statements', Pick<ApiOptions, 'resource' | 'scope'>>>
  /** True when the app and the OP are on two sites, where browsers block the hidden frame's cookies. */
  readonly opOnOtherSite: boolean
  readonly dpop: boolean
  /** Whether the bank sends the requests of step-ups itself. */
  readonly pushedRequests: boolean
  /** The OP that is chosen on the page. */
  readonly provider: ProviderName
  readonly profile: keyof typeof profiles
  /** Further options of the client. A provider of its own is used instead of the named profile; it is data only. */
  readonly client: Pick<
    AuthClientOptions,
    | 'provider'
    | 'scope'
    | 'authorizationParams'
    | 'storage'
    | 'renewal'
    | 'tabs'
    | 'interaction'
    | 'session'
    | 'timeLimit'
    | 'uiLocales'
    | 'userInfo'
  >
}

/** The web server writes it into a script: see `settings.ts`. */
declare const demoConfig: DemoConfig

/** The settings of this page. */
export const config: DemoConfig = demoConfig
