import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Failure } from '../../src/client/log-events.ts'
import { reportOf } from '../../src/devtools/report.ts'
import { anonymous, josh, logged, now, refused, sightOf, signedInAs } from './samples.ts'

const surroundings = { browser: 'Mozilla/5.0 (X11)', at: Date.UTC(2026, 10, 30) }

it('a report has all that there is to see', () => {
  const place = { session: 'initializing', detail: null, interactions: [] } as const
  const step = {
    at: 10,
    type: 'step',
    event: 'session.found',
    from: place,
    to: { ...place, session: 'authenticated' },
  } as const
  const entries = [
    step,
    ...logged(
      [20, { type: 'freshness.asked', action: 'payment.approve' }],
      [1020, { type: 'freshness.granted', action: 'payment.approve' }],
    ),
  ]
  const report = reportOf(sightOf(signedInAs(), entries), surroundings)
  expect(report.split('\n').slice(0, 5)).toEqual([
    expect.stringMatching(/^afresh \d+\.\d+\.\d+\S*: signed in$/),
    'Copied: 2026-11-30T00:00:00.000Z',
    'Browser: Mozilla/5.0 (X11)',
    '',
    'Session',
  ])
  for (const line of [
    '  Access token ends: in 4 min 31 s',
    '  Refresh token: yes',
    '  Login (auth_time): 1 min 30 s ago',
    '  payment.approve: granted after 1.0 s',
    '  +1.010  freshness.granted: action payment.approve; 1.0 s after the backend was asked',
    '  +0.000  authenticated by session.found',
    '  interaction: popup, redirect',
    '  storage: memory',
    '  issuer: string',
  ])
    expect(report.split('\n')).toContain(line)
})

it('the first line of a report is why no person is signed in', () => {
  const entries = logged({ type: 'sign_in.failed', ...refused('invalid_scope') })
  const [first] = reportOf(sightOf(anonymous('login_required'), entries), surroundings).split('\n')
  expect(first).toMatch(/^afresh .*: not signed in\. .*invalid_scope.*`scope`/)
})

it('a client that cannot be inspected has a report too', () => {
  const sight = sightOf(anonymous('login_required'), [], { options: null, hasRefreshToken: null })
  expect(reportOf(sight, surroundings)).toContain('login_required')
})

const base64url = (least: number) =>
  fc.uint8Array({ minLength: least, maxLength: 64 }).map(bytes => Buffer.from(bytes).toString('base64url'))
/** As a code, an opaque token or a verifier is: of that length nearly all have a digit. */
const opaque = base64url(24).filter(text => /\d/.test(text))
const jwt = fc.tuple(opaque, base64url(32)).map(([jti, signature]) => {
  const parts = [{ alg: 'RS256' }, { jti }].map(part =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return [...parts, signature].join('.')
})
const name = fc
  .tuple(fc.stringMatching(/^\p{L}[\p{L}'-]{1,12}$/u), fc.stringMatching(/^\p{L}[\p{L}'-]{5,12}$/u))
  .map(words => words.join(' '))
const sub = fc.oneof(fc.uuid(), fc.stringMatching(/^auth0\|[0-9a-f]{24}$/), fc.stringMatching(/^\d{6,20}$/))
const query = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z_]{1,8}$/), opaque), { minLength: 1, maxLength: 3 })
  .map(pairs => new URLSearchParams(pairs.map(pair => [...pair])).toString())

/** What must not be in a report. */
const secrets = fc.record({
  token: jwt,
  code: opaque,
  verifier: base64url(32).filter(text => /\d/.test(text)),
  email: fc.emailAddress(),
  name,
  sub,
  query,
})

/** Words around it, as an error has them. */
const around = fc.constantFrom(
  ' ',
  ' "',
  ' (',
  ': ',
  '=',
  '\n',
  ' at https://op.example/authorize?',
  ' user ',
)

/** An error whose texts carry the secrets, in any order. */
const leaky = (all: readonly string[]) =>
  fc
    .tuple(
      fc.array(around, { minLength: all.length, maxLength: all.length }),
      fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length }),
    )
    .map(([gaps, order]) => order.map((secret, index) => `${gaps[index]}${secret}`).join(' failed'))

const failures = (text: string): Failure[] => [
  refused('server_error', text),
  { ...refused(text), message: text },
  { code: 'network', message: text },
  { code: 'configuration_invalid', message: text },
  { code: 'id_token_invalid', message: text, claim: 'aud', reason: 'untrusted' },
]

describe('a report never has', () => {
  const sample = secrets.chain(all => fc.tuple(fc.constant(all), leaky(Object.values(all))))

  it('a token, a code, a verifier, an e-mail address, a name, a sub or a query, also where errors carried them', () => {
    fc.assert(
      fc.property(sample, fc.boolean(), ([all, text], isSignedIn) => {
        const claims = { sub: all.sub, name: all.name, email: all.email }
        const signedIn = signedInAs(claims)
        const state = isSignedIn
          ? signedIn
          : { ...anonymous('failed'), lastShown: { iss: josh.iss, ...claims } }
        const entries = logged(
          {
            type: 'session.anonymous',
            reason: 'failed',
            ...(failures(text)[1] && { cause: failures(text)[1] as Failure }),
          },
          ...failures(text).map(failure => ({ type: 'sign_in.failed', ...failure }) as const),
          ...failures(text).map(
            failure => ({ type: 'step_up.failed', action: `pay ${text}`, ...failure }) as const,
          ),
          { type: 'trigger.fired', action: 'a', reason: text },
        )
        const report = reportOf(sightOf(state, entries, { now }), surroundings).toLowerCase()
        const { token, ...others } = all
        for (const part of [...token.split('.'), ...Object.values(others)])
          if (part.length > 4) expect(report).not.toContain(part.toLowerCase())
      }),
      { numRuns: 100 },
    )
  }, 30_000)
})
