import type { AuthClientOptions } from 'afresh'
import type { ProviderName } from '../providers.ts'
import type { profiles } from './profiles.ts'

export interface DemoConfig {
  readonly issuer: string
  readonly clientId: string
  /** The origin of the API that only knows RFC 9470. */
  readonly statements: string
  /** True when the app and the OP are on two sites, where browsers block the hidden frame's cookies. */
  readonly opOnOtherSite: boolean
  readonly dpop: boolean
  /** Which OP is chosen on the page. */
  readonly provider: ProviderName
  readonly profile: keyof typeof profiles
  /** Further options of the client. */
  readonly client: Pick<
    AuthClientOptions,
    'scope' | 'storage' | 'renewal' | 'tabs' | 'interaction' | 'session' | 'timeLimit' | 'uiLocales'
  >
}

/** By a script of its own, which the web server writes: see `settings.ts`. */
declare const demoConfig: DemoConfig

export const config: DemoConfig = demoConfig
