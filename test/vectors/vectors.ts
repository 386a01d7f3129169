import type { JWK } from 'jose'
import {
  type ActionPolicy,
  type AuditEvent,
  type AuthorizationDetail,
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
  /** Of `pushed-setup.json` alone. It authenticates by `client_secret_basic`, and pushing is required. */
  readonly step_up_client?: {
    readonly client_id: string
    readonly redirect_uri: string
    readonly client_secret: string
  }
  /** What the OP's discovery document says. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

interface Policy {
  readonly reauthenticate?: true
  readonly max_age?: number
  readonly acr_values?: readonly string[]
  readonly amr?: readonly string[]
  readonly context?: 'required'
  /** `{name}` stands for the member of the context. */
  readonly display?: string
  /** A text that is `{name}` stands for the member of the context, whatever that is. */
  readonly authorization_details?: readonly AuthorizationDetail[]
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
  readonly push?: object
  readonly prove?: object
  /** How the OP answers what the server sends it in this step: a pushed request, or a code. */
  readonly op?: { readonly par?: OpAnswer; readonly token?: OpAnswer }
  /** What the server has to send the OP, among others. Null: nothing. */
  readonly sent?: Readonly<Record<string, string>> | null | undefined
  readonly use?: {
    readonly grant: string
    readonly action: string
    readonly subject: string
    readonly context?: unknown
  }
  readonly expect: { readonly status?: number; readonly body?: object; readonly accepted?: boolean }
}

interface OpAnswer {
  readonly status: number
  readonly body: object
}

/** The OP of one step: what it answers, and the forms that it got. */
export interface StepOp {
  answers: Step['op']
  readonly got: Record<string, string>[]
}

export const setup: Omit<Setup, 'jwks'> = {
  endpoint: 'https://api.example/api/freshness',
  issuer: 'https://op.example',
  client_id: 'payments',
  audience: 'https://api.example',
  // For these tests only.
  keys: ['JTA7RlFcZ3J9iJOeqbS_ytXg6_YBDBciLThDTllkb3o', 'SlVga3aBjJeirbjDztnk7_oFEBsmMTxHUl1oc36JlJ8'],
  actions: {
    'payment.approve': {
      reauthenticate: true,
      context: 'required',
      display: 'Approve {cents} cents to {to}',
    },
    'email.change': { max_age: 300 },
    'limits.raise': { reauthenticate: true, acr_values: ['urn:mfa'] },
    'keys.rotate': { reauthenticate: true, amr: ['pwd', 'otp'] },
  },
}

export function openGuard(
  made: Setup,
  now: () => number,
  audit?: (event: AuditEvent) => void,
  op: StepOp = { answers: undefined, got: [] },
): FreshnessGuard {
  const policies = Object.entries(made.actions).map(([action, policy]) => [action, policyOf(policy)] as const)
  const { step_up_client: client, metadata } = made
  return createFreshnessGuard({
    issuer: made.issuer,
    clientId: made.client_id,
    audience: made.audience,
    keys: made.keys,
    actions: Object.fromEntries(policies),
    jwksUri: `${made.issuer}/jwks`,
    metadata,
    stepUpClient: client && {
      ...{ clientId: client.client_id, redirectUri: client.redirect_uri },
      authentication: { method: 'client_secret_basic', secret: client.client_secret },
    },
    async fetch(url, init) {
      if (init?.method !== 'POST') return Response.json(made.jwks)
      op.got.push(Object.fromEntries(new URLSearchParams(String(init.body))))
      const isPush = String(url) === metadata?.pushed_authorization_request_endpoint
      const { status, body } = op.answers?.[isPush ? 'par' : 'token'] ?? { status: 500, body: {} }
      return Response.json(body, { status })
    },
    // Challenges and grants are of another process.
    store: { ...memoryStore({ now }), since: 0 },
    now,
    onError: () => {},
    audit,
  })
}

function policyOf(policy: Policy): ActionPolicy {
  const { max_age: maxAge, acr_values: acrValues, amr, context, reauthenticate } = policy
  const { display, authorization_details: details } = policy
  const rest = {
    ...{ ...(acrValues && { acrValues }), ...(amr && { amr }), ...(context && { context }) },
    ...(display !== undefined && { display: (of: unknown) => filled(display, of) }),
    ...(details && {
      authorizationDetails: (of: unknown) => details.map(detail => filledDetail(detail, of)),
    }),
  }
  return reauthenticate ? { reauthenticate, ...rest } : { maxAge: maxAge ?? 0, ...rest }
}

const memberOf = (context: unknown, name = ''): unknown => Object(context)[name]

function filled(template: string, context: unknown): string {
  return template.replace(/\{(\w+)\}/g, (_, name) => String(memberOf(context, name)))
}

function filledDetail(detail: AuthorizationDetail, context: unknown): AuthorizationDetail {
  const members = Object.entries(detail).map(([name, value]) => {
    const member = /^\{(\w+)\}$/.exec(String(value))
    return [name, member ? memberOf(context, member[1]) : value]
  })
  return Object.fromEntries(members)
}
