/** The OP that is examined, and the client that is registered there. */
export interface Patient {
  readonly issuer: string
  readonly clientId: string
  /** The origin of the app's pages, which send the requests. */
  readonly origin: string
  /** A redirect URI that is registered at the OP. Without it, the authorization endpoint is not asked. */
  readonly redirectUri?: string
  /** How many seconds one request may take. */
  readonly seconds: number
}

/** What an OP's discovery document says. Only `issuer` and `authorization_endpoint` have been checked. */
export type Metadata = Readonly<Record<string, unknown>>

/**
 * What one check has shown. `fail`: this package cannot work with the OP; `risk`: it can, with the drawback that the
 * text names; `good`: all is well; `unknown`: the check was not made, or shows nothing.
 */
export interface Finding {
  readonly check: string
  readonly level: 'good' | 'risk' | 'fail' | 'unknown'
  readonly text: string
}

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
