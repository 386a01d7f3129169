import type { OpenIdProvider } from '../op/openid-provider.ts'
import type { Machine } from './machine.ts'
import type { ResolvedOptions } from './options.ts'
import type { Vault } from './vault.ts'

/** What the parts of one client share. */
export interface ClientContext {
  readonly options: ResolvedOptions
  readonly op: OpenIdProvider
  readonly vault: Vault
  readonly machine: Machine
  /** Aborted when the client is disposed of. */
  readonly disposed: AbortSignal
}
