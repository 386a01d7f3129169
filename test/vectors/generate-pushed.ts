import { sha256 } from '../../src/server/crypto/hash.ts'
import { contextHash } from '../../src/server/index.ts'
import { openGuard, type Setup, type Step, type StepOp, type Vector } from './vectors.ts'

type Mint = (claims?: object) => Promise<string>
type Made = Readonly<Record<'asks' | 'pushes' | 'codes', Vector[]>> & { readonly setup: Setup }

const context = { id: 'p1', cents: 25_000, to: 'ACME' }
const details = [{ type: 'payment', cents: 25_000, to: 'ACME' }]
const request_uri = 'urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c'
const code = 'SplxlOBeZQQYbYS6WxSbIA'

const denied = (error: string): Step['expect'] => ({ status: 403, body: { status: 'denied', error } })
const failed = (status: number, error: string): Step['expect'] => ({
  status,
  body: { status: 'failed', error },
})
const granted: Step['expect'] = { status: 200, body: { status: 'granted', expires_in: 60 } }
const par = { status: 201, body: { request_uri, expires_in: 60 } }

/** The vectors for a server that has a client of its own at the OP. @param now epoch seconds */
export async function pushedVectors(base: Setup, mint: Mint, now: number): Promise<Made> {
  const { issuer } = base
  const setup: Setup = {
    ...base,
    actions: {
      'payment.approve': {
        ...{ reauthenticate: true, context: 'required', display: 'Approve {cents} cents to {to}' },
        authorization_details: [{ type: 'payment', cents: '{cents}', to: '{to}' }],
      },
      'payment.reject': { reauthenticate: true, context: 'required' },
      'limits.raise': { reauthenticate: true, acr_values: ['urn:mfa'] },
    },
    step_up_client: {
      ...{ client_id: 'bank', redirect_uri: 'https://app.example/auth/callback.html' },
      client_secret: 'for-these-tests-only',
    },
    metadata: {
      ...{ issuer, jwks_uri: `${issuer}/jwks`, token_endpoint: `${issuer}/token` },
      ...{ pushed_authorization_request_endpoint: `${issuer}/par`, claims_parameter_supported: true },
      authorization_response_iss_parameter_supported: true,
    },
  }
  const later = now + 1
  const context_hash = await contextHash(context)
  const id_token = await mint({ auth_time: now - 3600, iat: now - 60 })

  const post = (body: object, cookie = '', at = now): Promise<Response> => {
    const op: StepOp = { answers: { par }, got: [] }
    const headers = { 'Content-Type': 'application/json', Cookie: cookie }
    const request = new Request(setup.endpoint, { method: 'POST', headers, body: JSON.stringify(body) })
    return openGuard(setup, () => at, undefined, op).handler(request)
  }
  const approve = { action: 'payment.approve', context_hash, context, id_token }
  const first = await post(approve)
  const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const challengeFor = async (action: string): Promise<{ challenge: string; nonce: string }> => {
    const asked = action === 'limits.raise' ? { id_token } : { context_hash, context, id_token }
    return (await post({ action, ...asked }, cookie)).json()
  }
  const stateFor = async (challenge: string): Promise<string> =>
    (await (await post({ challenge }, cookie, later)).json()).state

  const ask = (name: string, body: object, expect: Step['expect']): Vector => ({
    ...{ name, now, cookie: null },
    steps: [{ ask: body, expect }],
  })
  const challenged = (more: object): Step['expect'] => ({
    status: 401,
    body: { status: 'challenged', pushed: true, ...more },
  })
  const asks = [
    ask('is to be pushed', approve, challenged({ display: { title: 'Approve 25000 cents to ACME' } })),
    ask(
      'an action that the OP shall not show needs no context, only its hash',
      { action: 'payment.reject', context_hash, id_token },
      challenged({ prompt: 'login' }),
    ),
    ask(
      'one that the OP shall show needs the context itself',
      { action: 'payment.approve', context_hash, id_token },
      failed(400, 'invalid_request'),
    ),
  ]

  const push = async (
    name: string,
    expect: Step['expect'],
    {
      action = 'payment.approve',
      at = later,
      sent = {} as Step['sent'],
      answer = par as typeof par | object,
    } = {},
    more: { readonly cookie?: null; readonly message?: object } = {},
  ): Promise<Vector> => {
    const { challenge, nonce } = await challengeFor(action)
    const known = sent && { nonce, ...sent }
    const step = {
      push: { challenge, ...more.message },
      op: { par: answer as typeof par },
      sent: known,
      expect,
    }
    return { name, now: at, cookie: more.cookie === null ? null : cookie, steps: [step] }
  }
  const pushed: Step['expect'] = {
    status: 200,
    body: { status: 'pushed', client_id: 'bank', request_uri, expires_in: 60 },
  }
  const usual = {
    ...{
      response_type: 'code',
      client_id: 'bank',
      scope: 'openid',
      response_mode: 'fragment',
      prompt: 'login',
    },
    ...{
      redirect_uri: 'https://app.example/auth/callback.html',
      max_age: '60',
      code_challenge_method: 'S256',
    },
  }
  const pushes = [
    await push('the request, with what the OP shall show', pushed, {
      sent: { ...usual, authorization_details: '[{"cents":25000,"to":"ACME","type":"payment"}]' },
    }),
    await push('the request of an action that it shall not show', pushed, {
      action: 'payment.reject',
      sent: usual,
    }),
    await push('the acr_values of the policy', pushed, {
      ...{ action: 'limits.raise', sent: { ...usual, acr_values: 'urn:mfa' } },
    }),
    await push('in the last second of the challenge', pushed, { at: now + 599 }),
    await push('in the second after it', denied('challenge_expired'), { at: now + 600, sent: null }),
    await push('from another browser', denied('binding_mismatch'), { sent: null }, { cookie: null }),
    await push(
      'with a prompt of its own',
      failed(400, 'invalid_request'),
      { sent: null },
      { message: { prompt: 'none' } },
    ),
    await push('that the OP refuses', failed(503, 'temporarily_unavailable'), {
      answer: { status: 400, body: { error: 'invalid_request' } },
    }),
  ]
  const forged = await challengeFor('payment.approve')
  pushes.push({
    ...{ name: 'with a challenge that is none', now: later, cookie },
    steps: [
      {
        push: { challenge: `${forged.challenge.slice(0, -4)}AAAA` },
        sent: null,
        expect: denied('invalid_token'),
      },
    ],
  })

  interface Proof {
    readonly action?: string
    readonly at?: number
    readonly claims?: object
    readonly token?: object
    readonly refused?: { readonly status: number; readonly body: object }
    readonly response?: object
    readonly cookie?: null
    readonly sent?: Step['sent']
  }
  const prove = async (name: string, expect: Step['expect'], proof: Proof = {}): Promise<Vector> => {
    const { action = 'payment.approve', at = later, token = { authorization_details: details } } = proof
    const { challenge, nonce } = await challengeFor(action)
    const state = await stateFor(challenge)
    const claims = { aud: 'bank', nonce, iat: at, exp: at + 300, auth_time: at, ...proof.claims }
    const body = { access_token: 'at', token_type: 'Bearer', id_token: await mint(claims), ...token }
    const sent = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://app.example/auth/callback.html',
    }
    const message = { challenge, code, state, iss: issuer, ...proof.response }
    const step = {
      ...{
        prove: JSON.parse(JSON.stringify(message)),
        op: { token: proof.refused ?? { status: 200, body } },
      },
      ...{ sent: proof.sent === undefined ? sent : proof.sent, expect },
    }
    return { name, now: at, cookie: proof.cookie === null ? null : cookie, steps: [step] }
  }
  const none = { sent: null } as const
  const other = await challengeFor('payment.approve')
  const codes = [
    await prove('an honest code', granted),
    await prove('an action that the OP does not show', granted, { action: 'payment.reject', token: {} }),
    await prove('a detail that the OP has enriched', granted, {
      token: { authorization_details: [{ ...details[0], account: 'DE02' }] },
    }),
    await prove('another amount', denied('authorization_details_mismatch'), {
      token: { authorization_details: [{ ...details[0], cents: 925_000 }] },
    }),
    await prove('a detail more', denied('authorization_details_mismatch'), {
      token: { authorization_details: [...details, { type: 'payment', cents: 1, to: 'Eve' }] },
    }),
    await prove('no details', denied('authorization_details_mismatch'), { token: {} }),
    await prove('the state of another challenge', denied('nonce_mismatch'), {
      ...{ ...none, response: { state: await stateFor(other.challenge) } },
    }),
    await prove('another issuer', denied('invalid_token'), {
      ...none,
      response: { iss: 'https://x.example' },
    }),
    await prove('no issuer, where the OP names itself', denied('invalid_token'), {
      ...{ ...none, response: { iss: undefined } },
    }),
    await prove('another browser', denied('binding_mismatch'), { ...none, cookie: null }),
    await prove('a code that the OP does not redeem', denied('invalid_token'), {
      refused: { status: 400, body: { error: 'invalid_grant' } },
    }),
    await prove('a client that the OP does not know', failed(503, 'temporarily_unavailable'), {
      refused: { status: 401, body: { error: 'invalid_client' } },
    }),
    await prove('an OP that fails', failed(503, 'temporarily_unavailable'), {
      refused: { status: 500, body: {} },
    }),
    await prove('an ID Token for the app’s client', denied('invalid_token'), { claims: { aud: 'payments' } }),
    await prove('another nonce', denied('nonce_mismatch'), { claims: { nonce: 'other' } }),
    await prove('another person', denied('subject_mismatch'), { claims: { sub: 'jane' } }),
    await prove('an old login', denied('stale'), { claims: { auth_time: now - 1 } }),
    await prove('a code without its state', failed(400, 'invalid_request'), {
      ...none,
      response: { state: undefined },
    }),
    await prove('a code and an ID Token', failed(400, 'invalid_request'), {
      ...none,
      response: { id_token },
    }),
  ]
  const plain = await challengeFor('payment.reject')
  const answer = await mint({ nonce: plain.nonce, iat: later, auth_time: later })
  codes.push({
    ...{ name: 'an ID Token instead of a code', now: later, cookie },
    steps: [
      { prove: { challenge: plain.challenge, id_token: answer }, sent: null, expect: denied('not_pushed') },
    ],
  })
  // The nonce is the challenge's hash, whoever asks for it.
  if (plain.nonce !== (await sha256(plain.challenge))) throw new Error('the nonce is another')
  return { setup, asks, pushes, codes }
}
