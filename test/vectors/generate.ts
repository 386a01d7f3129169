// `npm run vectors`: writes the wire protocol's test vectors anew. What must come out is written here, by hand, and not
// asked of our own server: that has to pass them like any other (test/server/vectors.test.ts).
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { encodeBase64url } from '../../src/core/base64url.ts'
import { canonicalJson } from '../../src/core/canonical-json.ts'
import { formatStepUpHeader, type StepUpHeader } from '../../src/core/step-up-header.ts'
import { contextHash } from '../../src/server/index.ts'
import { pushedVectors } from './generate-pushed.ts'
import { openGuard, type Setup, type Step, setup, type Vector } from './vectors.ts'

const now = 1_800_000_000
/** When proofs come: a login in the challenge's own second counts as before it. */
const later = now + 1
const context = { id: 'p1', cents: 25_000, to: 'ACME' }
const context_hash = await contextHash(context)
const algorithms = ['RS256', 'ES256', 'EdDSA'] as const
const keys = new Map<string, CryptoKey>()
const jwks: JWK[] = []
for (const alg of algorithms) {
  const { publicKey, privateKey } = await generateKeyPair(alg)
  keys.set(alg, privateKey)
  jwks.push({ ...(await exportJWK(publicKey)), kid: alg, alg, use: 'sig' })
}
const { privateKey: stranger } = await generateKeyPair('RS256')
const made: Setup = { ...setup, jwks: { keys: jwks } }

async function mint(claims: object = {}, alg: string = 'RS256', key = keys.get(alg)): Promise<string> {
  const usual = {
    iss: setup.issuer,
    aud: setup.client_id,
    sub: 'josh',
    iat: now,
    exp: now + 300,
    auth_time: now,
  }
  const payload = JSON.parse(JSON.stringify({ ...usual, ...claims }))
  return new SignJWT(payload).setProtectedHeader({ alg, kid: alg }).sign(key as CryptoKey)
}
const session = (claims: object = {}): Promise<string> =>
  mint({ auth_time: now - 3600, iat: now - 60, ...claims })

const challenged = (policy: object): Step['expect'] => ({
  status: 401,
  body: { status: 'challenged', ...policy },
})
const reauthenticate = challenged({ prompt: 'login', max_age: 0, wait: 1000 })
const granted: Step['expect'] = { status: 200, body: { status: 'granted', expires_in: 60 } }
const denied = (error: string): Step['expect'] => ({ status: 403, body: { status: 'denied', error } })
const failed = (status: number, error: string): Step['expect'] => ({ status, body: { error } })

/** A challenge of this browser's, an answer to it, and its grant: by our server, whose work others must understand. */
// A store of its own for each: a login is proof once.
const post = (body: object, cookie = '', at = now): Promise<Response> =>
  openGuard(made, () => at).handler(
    new Request(setup.endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: cookie },
      body: JSON.stringify(body),
    }),
  )
const first = await post({ action: 'payment.approve', context_hash, id_token: await session() })
const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
async function challenge(action: string, more: object = {}): Promise<{ challenge: string; nonce: string }> {
  const hash = action === 'payment.approve' ? { context_hash } : {}
  return (await post({ action, ...hash, id_token: await session(), ...more }, cookie)).json() as never
}
async function grant(action = 'payment.approve'): Promise<string> {
  const asked = await challenge(action)
  const id_token = await mint({ nonce: asked.nonce, iat: later, auth_time: later })
  const answer = await post({ challenge: asked.challenge, id_token }, cookie, later)
  return ((await answer.json()) as { grant: string }).grant
}

async function ask(name: string, body: object, expect: Step['expect'], at = now): Promise<Vector> {
  return { name, now: at, cookie: null, steps: [{ ask: body, expect }] }
}
interface Proof {
  readonly claims?: object
  readonly action?: string
  readonly at?: number
  readonly alg?: string
  readonly key?: CryptoKey
  readonly cookie?: string | null
}
async function prove(name: string, expect: Step['expect'], proof: Proof = {}): Promise<Vector> {
  const { claims = {}, action = 'payment.approve', at = later, alg = 'RS256', key } = proof
  const asked = await challenge(action)
  const usual = { nonce: asked.nonce, iat: at, exp: at + 300, auth_time: at }
  const id_token = await mint({ ...usual, ...claims }, alg, key)
  const { cookie: sent = cookie } = proof
  return { name, now: at, cookie: sent, steps: [{ prove: { challenge: asked.challenge, id_token }, expect }] }
}

const approve = { action: 'payment.approve', context_hash }
const asks = await Promise.all([
  ask('reauthenticate is always a challenge', { ...approve, id_token: await mint() }, reauthenticate),
  ask('maxAge with a login in time is granted', { action: 'email.change', id_token: await mint() }, granted),
  ...[
    [330, granted],
    [331, challenged({ max_age: 300 })],
  ].map(async ([age, expect]) =>
    ask(
      `maxAge 300 and a login ${age} s ago`,
      { action: 'email.change', id_token: await mint({ auth_time: now - (age as number) }) },
      expect as Step['expect'],
    ),
  ),
  ask(
    'an expired session token is good for a challenge',
    { ...approve, id_token: await session({ exp: now - 3000 }) },
    reauthenticate,
  ),
  ask(
    'and for no grant',
    { action: 'email.change', id_token: await mint({ exp: now - 31 }) },
    challenged({ max_age: 300 }),
  ),
  ask(
    'without auth_time it is a challenge',
    { action: 'email.change', id_token: await mint({ auth_time: undefined }) },
    challenged({ max_age: 300 }),
  ),
  ask(
    'acr_values of the policy are asked for',
    { action: 'limits.raise', id_token: await session() },
    challenged({ prompt: 'login', max_age: 0, acr_values: 'urn:mfa', wait: 1000 }),
  ),
  ask(
    'a signature by a key that is not the OP’s',
    { ...approve, id_token: await mint({}, 'RS256', stranger) },
    denied('invalid_token'),
  ),
  ask('another audience', { ...approve, id_token: await mint({ aud: 'other' }) }, denied('invalid_token')),
  ask(
    'another issuer',
    { ...approve, id_token: await mint({ iss: 'https://x.example' }) },
    denied('invalid_token'),
  ),
  ask('an action that nobody knows', { action: 'x', id_token: await mint() }, failed(400, 'unknown_action')),
  ask(
    'a field too many',
    { ...approve, id_token: await mint(), fresh: true },
    failed(400, 'invalid_request'),
  ),
  ask(
    'the context beside its hash: the words of the server',
    { ...approve, context, ui_locales: 'de-CH en', id_token: await session() },
    challenged({
      prompt: 'login',
      max_age: 0,
      wait: 1000,
      display: { title: 'Approve 25000 cents to ACME' },
    }),
  ),
  ask(
    'the context in another order of members',
    { ...approve, context: { to: 'ACME', cents: 25_000, id: 'p1' }, id_token: await session() },
    challenged({ display: { title: 'Approve 25000 cents to ACME' } }),
  ),
  ask(
    'a context that is not that of its hash',
    { ...approve, context: { ...context, cents: 925_000 }, id_token: await session() },
    failed(400, 'invalid_request'),
  ),
  ask(
    'a context without its hash',
    { action: 'email.change', context, id_token: await session() },
    failed(400, 'invalid_request'),
  ),
  ask(
    'ui_locales that are a list',
    { ...approve, context, ui_locales: ['de'], id_token: await session() },
    failed(400, 'invalid_request'),
  ),
  ask(
    'a context that is missing',
    { action: 'payment.approve', id_token: await mint() },
    failed(400, 'invalid_request'),
  ),
])

const twice = await prove('the same proof twice', granted)
const [once] = twice.steps
const proofs = [
  ...(await Promise.all(algorithms.map(alg => prove(`an honest proof, ${alg}`, granted, { alg })))),
  { ...twice, steps: [once as Step, { ...(once as Step), expect: denied('already_used') }] },
  ...(await Promise.all([
    prove('auth_time a second after the challenge', granted, { claims: { auth_time: now + 1 } }),
    prove('auth_time in the second of the challenge', denied('clock_skew'), { claims: { auth_time: now } }),
    prove('auth_time a second before the challenge', denied('stale'), { claims: { auth_time: now - 1 } }),
    prove('auth_time 30 s before the challenge', denied('stale'), { claims: { auth_time: now - 30 } }),
    prove('auth_time of the session', denied('stale'), { claims: { auth_time: now - 3600 } }),
    prove('auth_time 0', denied('stale'), { claims: { auth_time: 0 } }),
    prove('auth_time 30 s ahead', granted, { claims: { auth_time: later + 30 } }),
    prove('auth_time 31 s ahead', denied('auth_time_in_future'), { claims: { auth_time: later + 31 } }),
    prove('auth_time in milliseconds', denied('auth_time_in_future'), { claims: { auth_time: now * 1000 } }),
    prove('auth_time missing', denied('auth_time_missing'), { claims: { auth_time: undefined } }),
    prove('auth_time null', denied('auth_time_missing'), { claims: { auth_time: null } }),
    prove('auth_time as text', denied('invalid_token'), { claims: { auth_time: `${now}` } }),
    prove('auth_time with a fraction', denied('invalid_token'), { claims: { auth_time: now + 0.5 } }),
    prove('iat 30 s before the challenge', granted, { claims: { iat: now - 30 } }),
    prove('iat 31 s before the challenge', denied('clock_skew'), { claims: { iat: now - 31 } }),
    prove('iat 31 s ahead', denied('clock_skew'), { claims: { iat: later + 31 } }),
    prove('nbf 30 s ahead', granted, { claims: { nbf: later + 30 } }),
    prove('nbf 31 s ahead', denied('invalid_token'), { claims: { nbf: later + 31 } }),
    prove('another nonce', denied('nonce_mismatch'), { claims: { nonce: 'other' } }),
    prove('no nonce', denied('nonce_mismatch'), { claims: { nonce: undefined } }),
    prove('another person', denied('subject_mismatch'), { claims: { sub: 'jane' } }),
    prove('another browser', denied('binding_mismatch'), { cookie: null }),
    prove('the last second of the challenge', granted, {
      at: now + 599,
      claims: { iat: now + 599, auth_time: now + 590 },
    }),
    prove('the second after it', denied('challenge_expired'), {
      at: now + 600,
      claims: { iat: now + 600, auth_time: now + 590 },
    }),
    prove('expired 30 s ago', denied('invalid_token'), { claims: { exp: later - 30 } }),
    prove('a key that is not the OP’s', denied('invalid_token'), { key: stranger }),
    prove('another audience', denied('invalid_token'), { claims: { aud: 'other' } }),
    prove('two audiences and no azp', denied('invalid_token'), {
      claims: { aud: [setup.client_id, 'other'] },
    }),
    prove('a weaker acr', denied('acr_unmet'), { action: 'limits.raise', claims: { acr: 'urn:pwd' } }),
    prove('no acr', denied('acr_unmet'), { action: 'limits.raise' }),
    prove('an acr of the policy', granted, { action: 'limits.raise', claims: { acr: 'urn:mfa' } }),
    prove('amr without one of the policy', denied('amr_unmet'), {
      action: 'keys.rotate',
      claims: { amr: ['pwd'] },
    }),
    prove('amr as text', denied('amr_unmet'), { action: 'keys.rotate', claims: { amr: 'pwd otp' } }),
    prove('amr with all of the policy', granted, {
      action: 'keys.rotate',
      claims: { amr: ['otp', 'pwd'] },
    }),
    prove('maxAge, answered by the same login', granted, {
      action: 'email.change',
      claims: { auth_time: later - 330 },
    }),
    prove('maxAge, by one a second older', denied('stale'), {
      action: 'email.change',
      claims: { auth_time: later - 331 },
    }),
  ])),
]
const forged = await challenge('payment.approve')
const [head, body, signature = ''] = forged.challenge.split('.')
const other = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
const id_token = await mint({ nonce: forged.nonce, iat: later, auth_time: later })
for (const [name, text] of [
  ['a challenge with another signature', `${head}.${body}.${other}`],
  ['a grant as a challenge', await grant()],
] as const) {
  const steps = [{ prove: { challenge: text, id_token }, expect: denied('invalid_token') }]
  proofs.push({ name, now: later, cookie, steps })
}

const accepted = { accepted: true } as const
const refused = { accepted: false } as const
const use = (given: string, more: object = {}) => ({
  use: { grant: given, action: 'payment.approve', subject: 'josh', context, ...more },
})
const grants: Vector[] = []
for (const [name, at, steps] of [
  [
    'works once',
    0,
    [
      [{}, accepted],
      [{}, refused],
    ],
  ],
  [
    'for no other action, and is not used up by that',
    0,
    [
      [{ action: 'email.change', context: undefined }, refused],
      [{}, accepted],
    ],
  ],
  [
    'for no other person',
    0,
    [
      [{ subject: 'jane' }, refused],
      [{}, accepted],
    ],
  ],
  [
    'for no other amount',
    0,
    [
      [{ context: { ...context, cents: 1 } }, refused],
      [{}, accepted],
    ],
  ],
  ['in its last second', 59, [[{}, accepted]]],
  ['not in the second after', 60, [[{}, refused]]],
] as const) {
  const given = await grant()
  const uses = steps.map(([more, expect]) => ({ ...use(given, more), expect }))
  grants.push({ name, now: later + at, cookie, steps: uses })
}
const stolen = await grant()
grants.push({
  name: 'in no other browser',
  now: later,
  cookie: null,
  steps: [{ ...use(stolen), expect: refused }],
})
const asked = await challenge('payment.approve')
grants.push({
  name: 'and a challenge is none',
  now: later,
  cookie,
  steps: [{ ...use(asked.challenge), expect: refused }],
})

const demands: StepUpHeader[] = [
  { scheme: 'Bearer', maxAge: 0 },
  { scheme: 'Bearer', maxAge: 300, acrValues: ['urn:mfa', 'urn:pwd'] },
  { scheme: 'DPoP', acrValues: ['a"b\\c'] },
]
const headers = demands.map(demand => ({ demand, header: formatStepUpHeader(demand) }))

const values: unknown[] = [
  context,
  { to: 'ACME', id: 'p1', cents: 25_000 },
  { '€': 1, '\r': 2, דּ: 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 },
  [1e21, 1e-7, -0, 333333333.3333333, 4.5, 0.002, 1e30],
  '\u20ac$\u000f\nA\'B"\\\\"/',
  { nested: { b: [true, false, null], a: {} } },
  [],
]
const canonical = await Promise.all(
  values.map(async value => {
    const text = canonicalJson(value)
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
    return { json: JSON.stringify(value), canonical: text, sha256: encodeBase64url(new Uint8Array(digest)) }
  }),
)
const nonces = await Promise.all(Array.from({ length: 2 }, () => challenge('payment.approve')))

const pushed = await pushedVectors(made, mint, now)
const files = {
  ...{ setup: made, asks, proofs, grants, headers, canonical, nonces },
  ...{ 'pushed-setup': pushed.setup, 'pushed-asks': pushed.asks, pushes: pushed.pushes, codes: pushed.codes },
}
for (const [name, content] of Object.entries(files)) {
  const path = fileURLToPath(new URL(`${name}.json`, import.meta.url))
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`)
}
