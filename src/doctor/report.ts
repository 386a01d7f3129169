import type { Finding } from '../core/finding.ts'

export type { Finding } from '../core/finding.ts'

/** The OP that is examined, and the client that is registered there. */
export interface Patient {
  readonly issuer: string
  /** Where the discovery document is. Default: at the issuer. */
  readonly metadataUrl?: string
  readonly clientId: string
  /** The origin of the app's pages, which send the requests. */
  readonly origin: string
  /** A redirect URI that is registered at the OP. Without it, the authorization endpoint is not asked. */
  readonly redirectUri?: string
  /** How many seconds one request may take. */
  readonly seconds: number
}

/** What an OP's discovery document says. Nothing of it has been checked. */
export type Metadata = Readonly<Record<string, unknown>>

/** Adds a finding to the report. */
export type Note = (check: string, level: Finding['level'], text: string) => void

/** All findings about one OP. */
export interface Report {
  readonly issuer: string
  /** Whether no finding is a `fail`. */
  readonly usable: boolean
  /** The name of a profile in `afresh/providers`. */
  readonly profile: string
  readonly findings: readonly Finding[]
}
