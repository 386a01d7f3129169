import { describe, expect, it } from 'vitest'
import { findingsOf } from '../../src/doctor/findings.ts'
import type { ProfileGuess } from '../../src/doctor/guess-profile.ts'
import type { Outcome, Outcomes, Refreshed } from '../../src/doctor/outcome.ts'

const at = 1_800_000_000

/** A visit of one second after that moment; the login is one of that visit unless `auth_time` says otherwise. */
function came(second: number, claims: object = {}, more: object = {}): Outcome {
  const usual = { iss: 'https://op.example', sub: 'josh', aud: 'payments', exp: at + 900, iat: at + second }
  return {
    type: 'claims',
    claims: { ...usual, auth_time: at + second, ...claims },
    before: second === 0 ? 0 : at + second - 10,
    namesIssuer: false,
    ...more,
  }
}
const old = { auth_time: at }
const nothing = { auth_time: undefined }
const gone: Outcome = { type: 'no_answer' }
const error = (error: string): Outcome => ({ type: 'error', error })

const well: Outcomes = {
  'sign-in': came(0),
  'prompt=login': came(10),
  max_age: came(20),
  'top-level': came(30, { auth_time: at + 20 }),
  iframe: came(40, { auth_time: at + 20 }),
}
const generic: ProfileGuess = { name: 'generic', options: [], findings: [], asksByAge: true }
const see = (outcomes: Outcomes, refreshed: Refreshed = { type: 'none' }, metadata = {}, profile = generic) =>
  findingsOf(outcomes, refreshed, metadata, profile)
const levels = (...args: Parameters<typeof see>) =>
  Object.fromEntries(see(...args).map(({ check, level }) => [check, level]))
const closing = (outcomes: Outcomes) => see({ ...well, ...outcomes }).at(-1)?.text

describe('the finding about a step', () => {
  it('is good where auth_time moves when the person is asked, and only then', () => {
    expect(levels(well)).toMatchObject({
      'sign-in': 'good',
      'prompt=login': 'good',
      max_age: 'good',
      'top-level': 'good',
      iframe: 'good',
      're-authentication': 'good',
    })
  })

  it.each<[string, Outcome, string]>([
    ['without auth_time', came(0, nothing), 'good'],
    ['that ends in an error', error('access_denied'), 'fail'],
    ['that is refused', { type: 'refused', why: 'nonce of the ID Token is missing' }, 'fail'],
    ['that does not come back', gone, 'fail'],
  ])('has the right level for a sign-in %s', (_, outcome, level) => {
    expect(levels({ 'sign-in': outcome })).toMatchObject({ 'sign-in': level })
  })

  it.each<[string, Outcome, string]>([
    ['auth_time one second later', came(10, { auth_time: at + 1 }, { before: at }), 'good'],
    ['auth_time as before', came(10, { auth_time: at }, { before: at }), 'risk'],
    ['no auth_time', came(10, nothing), 'risk'],
    ['auth_time 0', came(10, { auth_time: 0 }), 'risk'],
    ['auth_time as text', came(10, { auth_time: `${at + 10}` }), 'risk'],
    ['auth_time in milliseconds', came(10, { auth_time: (at + 10) * 1000 }), 'risk'],
    ['auth_time that moves although no question was asked', came(10, {}, { askedNothing: true }), 'risk'],
    ['another person', came(10, { sub: 'jane' }), 'unknown'],
    ['an error', error('login_required'), 'risk'],
    ['nothing', gone, 'risk'],
  ])('has the right level for prompt=login that brings %s', (_, outcome, level) => {
    expect(levels({ ...well, 'prompt=login': outcome })).toMatchObject({ 'prompt=login': level })
  })

  it.each<[string, Outcome, string]>([
    ['no auth_time', came(30, nothing), 'good'],
    ['auth_time that has moved', came(30), 'risk'],
    ['another person', came(30, { sub: 'jane', ...old }), 'risk'],
    ['login_required', error('login_required'), 'risk'],
    ['nothing', gone, 'risk'],
  ])('has the right level for prompt=none that brings %s', (_, outcome, level) => {
    expect(levels({ ...well, 'top-level': outcome })).toMatchObject({ 'top-level': level })
    expect(levels({ ...well, iframe: outcome })).toMatchObject({ iframe: level })
  })
})

describe('the finding about the whole walk', () => {
  const claims = came(0)
  if (claims.type !== 'claims') throw new Error()
  const before = claims.claims
  it.each<[string, Refreshed, string]>([
    ['that never came', { type: 'none' }, 'risk'],
    ['that is refused', { type: 'refused', why: 'the token endpoint answers 400' }, 'risk'],
    ['without an ID Token', { type: 'refreshed', old: before, claims: null }, 'good'],
    ['that keeps auth_time', { type: 'refreshed', old: before, claims: before }, 'good'],
    [
      'that leaves auth_time out',
      { type: 'refreshed', old: before, claims: { ...before, ...nothing } },
      'good',
    ],
    [
      'that changes auth_time',
      { type: 'refreshed', old: before, claims: { ...before, auth_time: at + 9 } },
      'risk',
    ],
    ['of another person', { type: 'refreshed', old: before, claims: { ...before, sub: 'jane' } }, 'risk'],
  ])('has the right level for a refresh token %s', (_, refreshed, level) => {
    expect(levels(well, refreshed)).toMatchObject({ 'refresh token': level })
  })

  describe('where auth_time is the person’s', () => {
    const moved: Refreshed = { type: 'refreshed', old: before, claims: { ...before, auth_time: at + 9 } }
    const known = { ...generic, options: [`authTime: 'person'`] }
    it.each<[string, Refreshed, ProfileGuess]>([
      ['a refresh shows', moved, generic],
      ['is known', { type: 'none' }, known],
    ])('as %s, no step-up can rely on reauthenticate, and the profile says so', (_, refreshed, profile) => {
      const last = see({ ...well, max_age: came(20, old) }, refreshed, {}, profile).at(-1)
      expect(last).toMatchObject({ check: 're-authentication', level: 'risk' })
      expect(last?.text).toContain(`generic({ authTime: 'person' })`)
    })

    it.each<[string, Refreshed]>([
      ['keeps auth_time', { type: 'refreshed', old: before, claims: before }],
      ['brings no ID Token', { type: 'refreshed', old: before, claims: null }],
      ['leaves auth_time out', { type: 'refreshed', old: before, claims: { ...before, ...nothing } }],
      [
        'is of another person',
        { type: 'refreshed', old: before, claims: { ...before, sub: 'jane', auth_time: 1 } },
      ],
    ])('a refresh that %s does not show it', (_, refreshed) => {
      expect(see(well, refreshed).at(-1)?.text).toContain('generic()')
    })
  })

  it.each<[string, object, object, string]>([
    ['several audiences', { aud: ['payments', 'project'], azp: 'payments' }, {}, 'audiences'],
    ['an iat that lies back', {}, { lag: 300 }, 'iat'],
  ])('says what the profile must expect: %s', (_, claims, more, check) => {
    expect(levels({ ...well, 'sign-in': came(0, claims, more) })).toHaveProperty(check, 'risk')
    expect(levels(well)).not.toHaveProperty(check)
  })

  it.each<[object, object]>([
    [{ aud: ['payments'] }, {}],
    [{ aud: 'payments', azp: 'payments' }, {}],
    [{}, { lag: 120 }],
    [{}, { lag: -300 }],
  ])('expects nothing of the profile for %j and %j', (claims, more) => {
    const found = levels({ ...well, 'sign-in': came(0, claims, more) })
    expect(found).not.toHaveProperty('audiences')
    expect(found).not.toHaveProperty('iat')
  })

  it('is good where an issuer is named without being advertised', () => {
    const named = { ...well, 'sign-in': came(0, {}, { namesIssuer: true }) }
    expect(levels(named)).toHaveProperty('iss', 'good')
    const advertised = { authorization_response_iss_parameter_supported: true }
    expect(levels(named, { type: 'none' }, advertised)).not.toHaveProperty('iss')
  })

  it.each<[string, object, string]>([
    ['acr', { acr: 'urn:mfa' }, 'good'],
    ['amr', { amr: ['pwd'] }, 'good'],
    ['neither', {}, 'risk'],
  ])('has the right level where %s tells how the person signed in', (_, told, level) => {
    expect(levels({ ...well, 'prompt=login': came(10, told) })).toMatchObject({ strength: level })
  })

  it('is unknown, not bad, when no person signs in', () => {
    expect(see({}).map(({ check, level }) => [check, level])).toEqual([
      ['sign-in', 'unknown'],
      ['re-authentication', 'unknown'],
    ])
  })
})

describe('the closing finding', () => {
  it.each<[string, Outcomes, RegExp]>([
    ['all is well', {}, /on reauthenticate and on maxAge\. Profile: generic\(\)\.$/],
    [
      'auth_time needs prompt=login',
      { 'sign-in': came(0, nothing), max_age: came(20, nothing) },
      /on maxAge\. Profile: generic\(\{ authTime: 'login' \}\)/,
    ],
    [
      'max_age does not come back',
      { max_age: gone },
      /on maxAge\. Profile: generic\(\{ authTime: 'login' \}\)/,
    ],
    [
      'prompt=login asks no question',
      { 'prompt=login': came(10, old, { before: at }) },
      /on maxAge, not on reauthenticate/,
    ],
    [
      'there is no auth_time at all',
      Object.fromEntries(Object.entries(well).map(([step]) => [step, came(10, nothing)])),
      /on nothing.* Profile: generic\(\{ authTime: 'unknown' \}\)/,
    ],
    [
      'auth_time is always 0',
      { 'prompt=login': came(10, { auth_time: 0 }), max_age: came(20, { auth_time: 0 }) },
      /on nothing.*generic\(\)/,
    ],
    [
      'the person says that no question came',
      { 'prompt=login': came(10, {}, { askedNothing: true }), max_age: came(20, {}, { askedNothing: true }) },
      /on nothing/,
    ],
    ['auth_time moves in silence', { 'top-level': came(30) }, /on nothing/],
    ['a frame gets no answer', { iframe: gone }, /generic\(\{ iframe: false \}\)/],
    ['a frame is not signed in', { iframe: error('login_required') }, /generic\(\)/],
    ['prompt=none is refused but in a frame', { 'top-level': error('invalid_request') }, /generic\(\)/],
    ['prompt=none shows a page', { 'top-level': gone }, /generic\(\{ promptValues: \['login'\] \}\)/],
    [
      'prompt=none is refused',
      { 'top-level': error('invalid_request'), iframe: error('invalid_request') },
      /generic\(\{ promptValues: \['login'\] \}\)/,
    ],
  ])('says what a step-up can rely on when %s', (_, outcomes, text) => {
    expect(closing(outcomes)).toMatch(text)
  })

  it('counts only what was tried', () => {
    const { 'sign-in': first, 'prompt=login': login, max_age: age } = well as Required<Outcomes>
    expect(see({ 'sign-in': first }).at(-1)?.level).toBe('unknown')
    expect(see({ 'sign-in': first, 'prompt=login': login }).at(-1)?.text).toMatch(/max_age was not tried/)
    expect(see({ 'sign-in': first, max_age: age }).at(-1)?.text).toMatch(/prompt=login was not tried/)
  })

  it('is that nothing can be relied on where the client makes no step-up, whatever moves', () => {
    const spring: ProfileGuess = { ...generic, name: 'spring', noStepUp: 'acme ignores prompt=login' }
    const { 'sign-in': first, 'prompt=login': login } = well as Required<Outcomes>
    for (const outcomes of [{ 'sign-in': first }, { 'sign-in': first, 'prompt=login': login }]) {
      const last = see(outcomes, { type: 'none' }, {}, spring).at(-1)
      expect(last).toMatchObject({ check: 're-authentication', level: 'risk' })
      expect(last?.text).toMatch(/nothing: acme ignores prompt=login\. Profile: spring\(\)\.$/)
    }
  })

  it('keeps the name of a vendor’s profile', () => {
    const [last] = findingsOf(
      { ...well, iframe: gone },
      { type: 'none' },
      {},
      { ...generic, name: 'auth0' },
    ).slice(-1)
    expect(last?.text).toMatch(/Profile: \{ \.\.\.auth0\(\), iframe: false \}\.$/)
  })
})
