import type { Clock } from '../core/tokens.ts'
import type { OpenIdProvider } from '../op/openid-provider.ts'
import type { Frames } from './frames.ts'
import type { AuthLogEvent } from './log.ts'
import type { Machine } from './machine.ts'
import type { ResolvedOptions } from './options.ts'
import type { Marks } from './session/last-visit.ts'
import type { Vault } from './session/vault.ts'
import type { Tabs } from './tabs/tabs.ts'

/** What the parts of one client share. */
export interface ClientContext {
  readonly options: ResolvedOptions
  readonly op: OpenIdProvider
  readonly frames: Frames
  readonly vault: Vault
  readonly machine: Machine
  readonly tabs: Tabs
  readonly marks: Marks
  readonly now: Clock
  /** Tells the app's logger, in order. */
  readonly log: (event: AuthLogEvent) => void
  /** Aborted when the session becomes somebody else's. */
  readonly person: () => AbortSignal
  /** What this client's entries in storages and channels are called by. */
  readonly name: string
  /** Aborted when the client is disposed of. */
  readonly disposed: AbortSignal
}
