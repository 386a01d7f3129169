import type { Clock } from '../core/tokens.ts'
import type { Browser } from '../op/browser.ts'
import type { OpenIdProvider } from '../op/openid-provider.ts'
import type { BrowserKeys } from './browser.ts'
import type { Frames } from './hidden-frames.ts'
import type { Recorder } from './inspection.ts'
import type { Logger } from './log-events.ts'
import type { ResolvedOptions } from './resolved-options.ts'
import type { Machine } from './run-machine.ts'
import type { BrowserSession } from './session/browser-session.ts'
import type { SessionSignal } from './session/session-signal.ts'
import type { Vault } from './session/vault.ts'
import type { Hearsay } from './tabs/hearsay.ts'
import type { Tabs } from './tabs/tabs.ts'

/** What the parts of one client share. */
export interface ClientContext {
  readonly browser: Browser
  readonly options: ResolvedOptions
  readonly keys: BrowserKeys
  /** The browser's clock, in epoch seconds. */
  readonly now: Clock
  readonly op: OpenIdProvider
  readonly frames: Frames
  readonly vault: Vault
  readonly machine: Machine
  readonly tabs: Tabs
  readonly browserSession: BrowserSession
  readonly hearsay: Hearsay
  readonly sessionSignal: SessionSignal
  /** Tells the app's logger, in order. */
  readonly log: Logger
  /** Keeps what the client does, for the devtools. */
  readonly recorder: Recorder
  /** Whether this tab shares its session with no other. */
  readonly isAlone: boolean
  /** Aborted when the client is disposed of. */
  readonly disposed: AbortSignal
}
