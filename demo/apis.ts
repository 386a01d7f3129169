import type { ApiOptions } from 'afresh'

/** An API as the OP knows it. */
export interface DemoApi extends Pick<ApiOptions, 'resource' | 'scope'> {
  /** What the API's access tokens are for, by their `aud`. */
  readonly audience: string
}

/** The demo's two APIs: the bank's, and the other company's that keeps its statements. */
export type DemoApis = Readonly<Record<'bank' | 'statements', DemoApi>>

/** The bank's identifier at most OPs. */
export const bankAudience = 'https://api.pennyworth.example/'

const bank: DemoApi = { audience: bankAudience }

/** One access token is for both. */
export const oneToken: DemoApis = { bank, statements: bank }

const statements = 'https://statements.example/'

/** Each has its own access token (RFC 8707). That of the session is for the bank. */
export const ownTokens: DemoApis = {
  bank: { audience: bankAudience, resource: bankAudience },
  statements: { audience: statements, resource: statements, scope: 'statements.read' },
}

/** What the app says of an API. */
export const asked = ({ audience: _, ...asked }: DemoApi): Pick<ApiOptions, 'resource' | 'scope'> => asked
