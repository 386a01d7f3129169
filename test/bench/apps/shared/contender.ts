import type { ComponentType, ReactNode } from 'react'

/** What a client knows of the session. */
export type Status = 'initializing' | 'anonymous' | 'authenticated'

/** What every client in the bench is asked to do. Each does it as its own documentation says. */
export interface Contender {
  readonly Provider: ComponentType<{ readonly children: ReactNode }>
  readonly useName: () => string | null
  readonly useStatus: () => Status
  readonly useExpiry: () => number | null
  /** In a popup or by a full-page redirect, as `byPopup` says. */
  signIn(): void
  renew(): Promise<unknown>
  /** An access token that is still valid for so many seconds. */
  token(minValidity: number): Promise<string>
}

/** What the app lets the bench read and do, as `window.bench`. */
export interface BenchHandle {
  status: Status
  /** Epoch milliseconds, with fractions. */
  clickedAt: number
  authenticatedAt: number
  readonly renders: Renders
  readonly renew: Contender['renew']
  readonly token: Contender['token']
}

/** How often each component rendered. */
export interface Renders {
  name: number
  status: number
  expiry: number
}

/** What the build writes into an app. */
export interface AppConfig {
  readonly issuer: string
  readonly clientId: string
  readonly storage: 'memory' | 'session'
}

/** How this page signs people in: `/?popup` or `/`. */
export const byPopup: boolean = location.search === '?popup'

declare global {
  // Written into the page by the build.
  const __BENCH__: AppConfig
  interface Window {
    bench: BenchHandle
  }
}
