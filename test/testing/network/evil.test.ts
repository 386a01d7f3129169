import type { AuthClientOptions, SignInOptions } from 'afresh/client'
import { createTestClient, type TestClient, type TestClientOptions } from 'afresh/testing/client'
import { afterEach, describe, expect, it } from 'vitest'
import type { RefusalCode } from '../../../src/core/errors.ts'
import type { AnswerFault, AuthorizationFault, Evil, TokenFault } from '../../../src/testing/evil.ts'
import type { IdTokenFault } from '../../../src/testing/id-token-faults.ts'

const josh = { name: 'Josh' }
const pay = { context: { id: 'p1' } }
let auth: TestClient
afterEach(() => auth.dispose())

function open(evil: Evil | null, options: Partial<AuthClientOptions> = {}): TestClient {
  const quiet = { logger: () => {}, ...options }
  auth = createTestClient({ signsIn: josh, stepUp: 'prompt', options: quiet })
  auth.client.mount()
  auth.evil = evil
  return auth
}

/** Where josh is signed in. */
function openSession(evil: Evil | null, more: TestClientOptions = {}): TestClient {
  auth = createTestClient({ session: josh, stepUp: 'prompt', options: { logger: () => {} }, ...more })
  auth.client.mount()
  auth.evil = evil
  return auth
}

/** The person signs in, which the client refuses; and does so again once nothing is wrong any more. */
async function refused(refusal: Refusal, options?: SignInOptions): Promise<void> {
  await expect(auth.client.signIn(options)).rejects.toMatchObject(refusal)
  auth.evil = null
  await auth.client.signIn(options)
  expect(auth.client.store.getState().session.status).toBe('authenticated')
}

/** The person signs in for a step-up, which the backend refuses. */
async function denied(reason: RefusalCode): Promise<void> {
  const ended = expect(auth.client.stepUp('pay', pay)).rejects.toMatchObject({
    code: 'step_up_denied',
    reason,
  })
  await auth.settled()
  await auth.answerPrompt('continue')
  await ended
}

interface Refusal {
  readonly code: string
  readonly error?: string
  readonly claim?: string
  readonly reason?: string
}
const claim = (claim: string, reason: string): Refusal => ({ code: 'id_token_invalid', claim, reason })
const response = (error: string): Refusal => ({ code: 'authorization_failed', error })
const network = { code: 'network' }
const setUp = { code: 'configuration_invalid' }

/** How the client refuses a sign-in with it; or what the backend says of it, where that judges. */
const idTokens: Readonly<Record<IdTokenFault, Refusal | RefusalCode | 'policy'>> = {
  iss: claim('iss', 'mismatch'),
  aud: claim('aud', 'mismatch'),
  aud_untrusted: claim('aud', 'untrusted'),
  azp: claim('azp', 'mismatch'),
  azp_missing: claim('azp', 'missing'),
  nonce: claim('nonce', 'mismatch'),
  nonce_missing: claim('nonce', 'missing'),
  at_hash: claim('at_hash', 'mismatch'),
  exp: claim('exp', 'expired'),
  iat: claim('iat', 'future'),
  nbf: claim('nbf', 'future'),
  auth_time: claim('auth_time', 'too_old'),
  auth_time_missing: claim('auth_time', 'missing'),
  auth_time_text: claim('auth_time', 'malformed'),
  auth_time_future: 'auth_time_in_future',
  acr: claim('acr', 'mismatch'),
  acr_missing: claim('acr', 'mismatch'),
  amr: 'policy',
  amr_missing: 'policy',
  sub: 'subject_mismatch',
  sub_missing: claim('sub', 'missing'),
  alg: claim('alg', 'untrusted'),
  alg_none: claim('alg', 'untrusted'),
  alg_HS256: claim('alg', 'untrusted'),
  typ: claim('typ', 'mismatch'),
  kid: claim('signature', 'untrusted'),
  signature: claim('signature', 'mismatch'),
  missing: claim('id_token', 'missing'),
  malformed: claim('id_token', 'malformed'),
}

// The compiler allows one thing at a time, and only what is possible.
// @ts-expect-error
void ({ idToken: 'nonce', refusal: 'stale' } satisfies Evil)
// @ts-expect-error
void ({ token: 'nonce' } satisfies Evil)

describe('an ID Token that breaks a rule', () => {
  const cases = Object.entries(idTokens) as [IdTokenFault, Refusal | RefusalCode | 'policy'][]
  const byClient = cases.filter((entry): entry is [IdTokenFault, Refusal] => typeof entry[1] !== 'string')
  const demanding = { prompt: 'login', maxAge: 60, acrValues: ['urn:mfa'] }

  it.each(byClient)('%s: the client refuses it', async (idToken, refusal) => {
    open({ idToken }, { idTokenSignature: 'browser' })
    await refused(refusal, demanding)
  })

  it.each(['kid', 'signature'] as const)('%s: the backend refuses the proof', async idToken => {
    openSession({ idToken })
    await denied('invalid_token')
  })

  it('auth_time_future: the backend refuses the proof', async () => {
    openSession({ idToken: 'auth_time_future' })
    await denied('auth_time_in_future')
  })

  it('sub: the client asks which person shall go on', async () => {
    const { client, settled, answerPrompt } = openSession({ idToken: 'sub' })
    const ended = expect(client.stepUp('pay', pay)).rejects.toMatchObject({ code: 'account_mismatch' })
    await settled()
    await answerPrompt('continue')
    await answerPrompt('cancel')
    await ended
  })

  it('sub: the client does not renew the session with it', async () => {
    const { client } = openSession({ idToken: 'sub' })
    await expect(client.renew()).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(client.store.getState().session).toMatchObject({ account: { sub: 'josh' } })
  })
})

describe('a broken authorization response', () => {
  const required = (error: string): Refusal => ({ code: 'interaction_required', error })
  const refusals: Readonly<Record<AuthorizationFault, Refusal>> = {
    state: response('state_mismatch'),
    state_missing: response('state_mismatch'),
    iss: response('iss_mismatch'),
    iss_missing: response('iss_mismatch'),
    code_missing: response('code_missing'),
    parameter_twice: response('duplicate_parameter'),
    access_denied: response('access_denied'),
    account_selection_required: required('account_selection_required'),
    consent_required: required('consent_required'),
    interaction_required: required('interaction_required'),
    invalid_request: response('invalid_request'),
    invalid_scope: response('invalid_scope'),
    login_required: required('login_required'),
    server_error: response('server_error'),
    temporarily_unavailable: response('temporarily_unavailable'),
    unauthorized_client: response('unauthorized_client'),
    unmet_authentication_requirements: {
      code: 'step_up_unmet',
      error: 'unmet_authentication_requirements',
    },
  }

  it.each(Object.entries(refusals) as [AuthorizationFault, Refusal][])(
    '%s: the client refuses it',
    async (authorization, refusal) => {
      open({ authorization })
      await refused(refusal)
    },
  )
})

describe('a broken answer of the token endpoint', () => {
  const refusals: Readonly<Record<TokenFault, Refusal>> = {
    access_token_missing: response('access_token_missing'),
    token_type_missing: response('token_type_missing'),
    token_type: response('token_type_mismatch'),
    not_json: network,
    unavailable: network,
    no_answer: network,
    invalid_client: response('invalid_client'),
    invalid_grant: response('invalid_grant'),
    invalid_request: response('invalid_request'),
    invalid_scope: response('invalid_scope'),
    unauthorized_client: response('unauthorized_client'),
  }

  it.each(Object.entries(refusals) as [TokenFault, Refusal][])(
    '%s: the client refuses it',
    async (token, refusal) => {
      open({ token })
      await refused(refusal)
    },
  )
})

describe('a backend that refuses or fails', () => {
  const refusals: Readonly<Record<RefusalCode, true>> = {
    stale: true,
    subject_mismatch: true,
    acr_unmet: true,
    amr_unmet: true,
    federated: true,
    nonce_mismatch: true,
    binding_mismatch: true,
    auth_time_missing: true,
    auth_time_in_future: true,
    clock_skew: true,
    challenge_expired: true,
    already_used: true,
    invalid_token: true,
    not_pushed: true,
    authorization_details_mismatch: true,
  }

  it.each(Object.keys(refusals) as RefusalCode[])('%s: the step-up is denied', async refusal => {
    openSession({ refusal })
    await denied(refusal)
  })

  it('a question that would have been answered with a grant is refused too', async () => {
    const { client } = openSession({ refusal: 'clock_skew' }, { stepUp: 'grant' })
    await expect(client.stepUp('pay', pay)).rejects.toMatchObject({ reason: 'clock_skew' })
  })

  const failures: Readonly<Record<AnswerFault, Refusal>> = {
    cross_site: setUp,
    invalid_dpop_proof: setUp,
    invalid_request: setUp,
    method_not_allowed: setUp,
    origin_not_allowed: setUp,
    payload_too_large: setUp,
    request_timeout: network,
    temporarily_unavailable: network,
    unknown_action: setUp,
    unsupported_media_type: setUp,
    not_json: network,
    no_answer: network,
  }

  it.each(Object.entries(failures) as [AnswerFault, Refusal][])(
    '%s: the step-up fails',
    async (answer, refusal) => {
      const { client } = openSession({ answer }, { stepUp: 'grant' })
      await expect(client.stepUp('pay', pay)).rejects.toMatchObject(refusal)
      auth.evil = null
      await expect(client.stepUp('pay', pay)).resolves.toMatchObject({ expiresIn: 60 })
    },
  )
})

describe('keys of the OP that do not help', () => {
  it('other: the client refuses the signature', async () => {
    open({ keys: 'other' }, { issuer: 'https://other-keys.example', idTokenSignature: 'browser' })
    await expect(auth.client.signIn()).rejects.toMatchObject(claim('signature', 'untrusted'))
  })

  it('no_answer: the client cannot sign in', async () => {
    open({ keys: 'no_answer' }, { issuer: 'https://no-keys.example', idTokenSignature: 'browser' })
    await expect(auth.client.signIn()).rejects.toMatchObject(network)
  })
})
