import type { AuthClientOptions } from 'afresh'
import type { profiles } from './profiles.ts'

export interface DemoConfig {
  readonly issuer: string
  readonly clientId: string
  /** The origin of the API that only knows RFC 9470. */
  readonly statements: string
  /** True when the app and the OP are on two sites, where browsers block the hidden frame's cookies. */
  readonly opOnOtherSite: boolean
  readonly dpop: boolean
  readonly profile: keyof typeof profiles
  /** Further options of the client. */
  readonly client: Pick<
    AuthClientOptions,
    'scope' | 'storage' | 'tabs' | 'interaction' | 'timeLimit' | 'uiLocales'
  >
}

declare const __DEMO__: DemoConfig

export const config: DemoConfig = __DEMO__
