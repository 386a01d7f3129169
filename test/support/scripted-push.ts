import type { GuardOptions } from '../../src/server/index.ts'
import type { AuthorizationAnswer, ScriptedOp } from './op.ts'

/** Has a `ScriptedOp` take pushed requests, of a client `bank` of the guard's. */
export interface ScriptedPush {
  /** What the guard needs for it. */
  readonly options: Pick<GuardOptions, 'stepUpClient' | 'fetch' | 'metadata'>
  /** The requests that were pushed, with the guard's `Authorization` as `authorization`. */
  readonly pushed: URLSearchParams[]
  /** What the next pushes are answered with. Null: a good answer. */
  refusal: Response | null
  /** The authorization response to the last of them. */
  answer(how?: AuthorizationAnswer): { readonly code: string; readonly state: string; readonly iss?: string }
}

export function scriptPush(op: ScriptedOp, pushed: 'required' | 'preferred' = 'required'): ScriptedPush {
  const { issuer } = op
  const push: ScriptedPush = {
    pushed: [],
    refusal: null,
    options: {
      stepUpClient: {
        ...{ clientId: 'bank', redirectUri: 'https://app.example/callback', pushed },
        authentication: { method: 'client_secret_basic', secret: 'bank-secret' },
      },
      metadata: {
        ...{ issuer, jwks_uri: `${issuer}/jwks`, token_endpoint: `${issuer}/token` },
        ...{ pushed_authorization_request_endpoint: `${issuer}/par`, claims_parameter_supported: true },
      },
      async fetch(url, init) {
        if (String(url) !== `${issuer}/par`) return fetch(url, init)
        const form = new URLSearchParams(String(init?.body))
        form.set('authorization', new Headers(init?.headers).get('Authorization') ?? '')
        push.pushed.push(form)
        if (push.refusal) return push.refusal.clone()
        const request_uri = `urn:ietf:params:oauth:request_uri:${push.pushed.length}`
        return Response.json({ request_uri, expires_in: 60 }, { status: 201 })
      },
    },
    answer(how = {}) {
      const claims = { aud: 'bank', ...how.claims }
      const response = op.authorize(`${issuer}/authorize?${push.pushed.at(-1)}`, { ...how, claims })
      const { code = '', state = '', ...iss } = Object.fromEntries(new URLSearchParams(response))
      return { code, state, ...iss }
    },
  }
  return push
}
