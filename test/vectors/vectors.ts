import type { JWK } from 'jose'
import {
  type AuditEvent,
  createFreshnessGuard,
  type FreshnessGuard,
  memoryStore,
} from '../../src/server/index.ts'

/** How a backend must be set up to run the vectors. */
export interface Setup {
  readonly endpoint: string
  readonly issuer: string
  readonly client_id: string
  readonly audience: string
  /** Base64url: the first signs, all verify. */
  readonly keys: readonly string[]
  readonly actions: Readonly<Record<string, Policy>>
  readonly jwks: { readonly keys: readonly JWK[] }
}

interface Policy {
  readonly reauthenticate?: true
  readonly max_age?: number
  readonly acr_values?: readonly string[]
  readonly amr?: readonly string[]
  readonly context?: 'required'
}

/** One after the other, each vector with a store of its own. */
export interface Vector {
  readonly name: string
  /** Epoch seconds: what the server's clock says. */
  readonly now: number
  readonly cookie: string | null
  readonly steps: readonly Step[]
}

export interface Step {
  readonly ask?: object
  readonly prove?: object
  readonly use?: {
    readonly grant: string
    readonly action: string
    readonly subject: string
    readonly context?: unknown
  }
  readonly expect: { readonly status?: number; readonly body?: object; readonly accepted?: boolean }
}

export const setup: Omit<Setup, 'jwks'> = {
  endpoint: 'https://api.example/api/freshness',
  issuer: 'https://op.example',
  client_id: 'payments',
  audience: 'https://api.example',
  // For these tests only.
  keys: ['JTA7RlFcZ3J9iJOeqbS_ytXg6_YBDBciLThDTllkb3o', 'SlVga3aBjJeirbjDztnk7_oFEBsmMTxHUl1oc36JlJ8'],
  actions: {
    'payment.approve': { reauthenticate: true, context: 'required' },
    'email.change': { max_age: 300 },
    'limits.raise': { reauthenticate: true, acr_values: ['urn:mfa'] },
    'keys.rotate': { reauthenticate: true, amr: ['pwd', 'otp'] },
  },
}

export function openGuard(
  made: Setup,
  now: () => number,
  audit?: (event: AuditEvent) => void,
): FreshnessGuard {
  const policies = Object.entries(made.actions).map(([action, policy]) => {
    const { max_age: maxAge, acr_values: acrValues, amr, context, reauthenticate } = policy
    const rest = { ...(acrValues && { acrValues }), ...(amr && { amr }), ...(context && { context }) }
    return [action, reauthenticate ? { reauthenticate, ...rest } : { maxAge: maxAge ?? 0, ...rest }] as const
  })
  return createFreshnessGuard({
    issuer: made.issuer,
    clientId: made.client_id,
    audience: made.audience,
    keys: made.keys,
    actions: Object.fromEntries(policies),
    jwksUri: `${made.issuer}/jwks`,
    fetch: async () => Response.json(made.jwks),
    // Challenges and grants are of another process.
    store: { ...memoryStore({ now }), since: 0 },
    now,
    onError: () => {},
    audit,
  })
}
