import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { canonicalJson } from '../../src/core/canonical-json.ts'
import { decodeIdToken, isRecord } from '../../src/core/claims.ts'
import {
  type AuthError,
  ConfigurationError,
  IdTokenError,
  InteractionRequiredError,
  NetworkError,
} from '../../src/core/errors.ts'
import { evaluateFreshness, type FreshnessRequirement } from '../../src/core/freshness.ts'
import { checkIdToken, signatureAlgorithms } from '../../src/core/id-token.ts'
import type { AuthEvent } from '../../src/core/machine/events.ts'
import {
  expectedBy,
  type Goal,
  type Interaction,
  type Ladder,
  type TokenOrigin,
} from '../../src/core/machine/interaction.ts'
import { promptOf, selectPrompt } from '../../src/core/machine/prompts.ts'
import { type AuthState, initialState } from '../../src/core/machine/state.ts'
import { resolveReturnTo } from '../../src/core/return-to.ts'
import { formatStepUpHeader, parseStepUpHeader, type StepUpHeader } from '../../src/core/step-up-header.ts'
import type { SignedIn } from '../../src/core/tokens.ts'
import { formatAuthenticate, parseAuthenticate } from '../../src/core/www-authenticate.ts'
import { type AnyEffect, takeStep } from '../support/machine.ts'
import { unnamedIn } from '../support/state-names.ts'

const now = 1_800_000_000

/** What the work gives, or `refused` when it throws the one error it may throw; any other error comes through. */
function attempt<T>(Refusal: abstract new (...args: never) => Error, work: () => T): T | 'refused' {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) return 'refused'
    throw error
  }
}

// Code units, so lone surrogates too.
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)),
})

describe('returnTo', () => {
  const origin = fc.constantFrom(
    'https://app.example',
    'http://localhost:3000',
    'https://[::1]:8443',
    'https://xn--kse-qla.example',
  )
  const piece = fc.oneof(
    anyText,
    fc.webPath(),
    fc.constantFrom(
      '/',
      '\\',
      '..',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      '%5c',
      '\u2028',
      '\u00a0',
      '\u3002',
      '\uff0f',
    ),
    fc.constantFrom('https:', 'javascript:', 'evil.example', '[', ']', '\t', '\n', '\0', '&Tab;'),
  )
  const path = fc
    .array(piece, { maxLength: 8 })
    .chain(pieces => fc.constantFrom('', '/').map(start => start + pieces.join('')))

  it('is a page of this origin for every parser and base, or is refused', () => {
    fc.assert(
      fc.property(origin, path, fc.boolean(), (ours, text, absolute) => {
        const url = attempt(ConfigurationError, () => resolveReturnTo(absolute ? ours + text : text, ours))
        if (url === 'refused') return
        expect(new URL(url).origin).toBe(ours)
        expect(new URL(url, 'https://evil.example/a/').origin).toBe(ours)
        expect(new URL(url, ours)).toMatchObject({ username: '', password: '' })
        expect(url.startsWith(`${ours}/`)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('is accepted again, unchanged, once it was accepted', () => {
    fc.assert(
      fc.property(origin, path, (ours, text) => {
        const url = attempt(ConfigurationError, () => resolveReturnTo(text, ours))
        if (url !== 'refused') expect(resolveReturnTo(url, ours)).toBe(url)
      }),
    )
  })

  it('may be every page of this origin that a URL parser writes, but for one whose path starts with two slashes', () => {
    const relative = fc
      .tuple(fc.webPath(), fc.webQueryParameters(), fc.webFragments())
      .map(([pathname, query, hash]) => `${pathname || '/'}?${query}#${hash}`)
      .filter(text => !text.startsWith('//') && !new URL(text, 'https://x').pathname.startsWith('//'))
    fc.assert(
      fc.property(origin, relative, (ours, text) => {
        const { href } = new URL(text, ours)
        expect(resolveReturnTo(href, ours)).toBe(href)
      }),
    )
  })

  it('is refused when it is no text', () => {
    const noText = fc.anything().filter(value => typeof value !== 'string')
    fc.assert(
      fc.property(origin, noText, (ours, value) => {
        expect(attempt(ConfigurationError, () => resolveReturnTo(value, ours))).toBe('refused')
      }),
    )
  })
})

describe('a WWW-Authenticate header', () => {
  const tokenCharacters = "!#$%&'*+.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-"
  const token = fc.string({ unit: fc.constantFrom(...tokenCharacters), minLength: 1, maxLength: 20 })
  const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 60 })
  const challenge = fc.record({ scheme: token, parameters: fc.dictionary(token, printable, { maxKeys: 5 }) })

  it('is read back as it was written, whatever the values are', () => {
    fc.assert(
      fc.property(
        fc.array(challenge, { maxLength: 4 }),
        fc.constantFrom(',', ', ', ' ,, \t'),
        (all, comma) => {
          const header = all
            .map(({ scheme, parameters }) => formatAuthenticate(scheme, parameters))
            .join(comma)
          const read = all.map(({ scheme, parameters }) => {
            const lower = Object.create(null)
            for (const [name, value] of Object.entries(parameters)) lower[name.toLowerCase()] ??= value
            return { scheme, parameters: lower }
          })
          expect(parseAuthenticate(header)).toEqual(read)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('holds visible ASCII only, whatever the values are, so that it can be sent', () => {
    fc.assert(
      fc.property(token, fc.dictionary(token, anyText), (scheme, parameters) => {
        const header = formatAuthenticate(scheme, parameters)
        expect(header).toMatch(/^[\x20-\x7e]+$/)
        expect(new Headers({ 'WWW-Authenticate': header }).get('WWW-Authenticate')).toBe(header.trim())
        expect(parseAuthenticate(header)).toHaveLength(1)
      }),
    )
  })

  it('carries every demand there and back', () => {
    const demand = fc.record<StepUpHeader>(
      {
        scheme: fc.constantFrom('Bearer', 'DPoP'),
        acrValues: fc.array(
          fc.string({ unit: 'grapheme-ascii', minLength: 1 }).map(value => value.replaceAll(' ', '_')),
          { minLength: 1 },
        ),
        maxAge: fc.nat({ max: 10 ** 15 - 1 }),
      },
      { requiredKeys: ['scheme'] },
    )
    fc.assert(
      fc.property(demand, fc.array(challenge), (asked, others) => {
        const before = others
          .filter(({ scheme }) => !/^(bearer|dpop)$/i.test(scheme))
          .map(({ scheme, parameters }) => formatAuthenticate(scheme, parameters))
        expect(parseStepUpHeader([...before, formatStepUpHeader(asked)].join(', '))).toEqual(asked)
      }),
    )
  })

  const syllable = fc.oneof(
    token,
    anyText,
    fc.constantFrom('"', '\\', '\\"', '=', '==', ',', ' ', '\t', ' \t ', '\n', 'a=', 'a=b', 'a="', 'Bearer '),
  )
  it('of arbitrary text is read as far as possible, and makes no demand out of the ordinary', () => {
    fc.assert(
      fc.property(fc.array(syllable, { maxLength: 40 }), syllables => {
        const header = syllables.join('')
        for (const { scheme, parameters } of parseAuthenticate(header)) {
          expect(header).toContain(scheme)
          for (const name of Object.keys(parameters)) expect(header.toLowerCase()).toContain(name)
        }
        const demand = parseStepUpHeader(header)
        if (demand?.maxAge !== undefined) expect(demand.maxAge).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2000 },
    )
  })

  // Each pattern is sticky and reads every character a bounded number of times, so the number of matches bounds the
  // work. One that read on from each position to the end would not finish with this much text.
  it('is read in a number of steps that its length bounds', () => {
    const exec = vi.spyOn(RegExp.prototype, 'exec')
    fc.assert(
      fc.property(fc.array(syllable, { minLength: 1, maxLength: 6 }), anyText, (syllables, rest) => {
        const motif = syllables.join('') || ' '
        const header = motif.repeat(Math.ceil(32_768 / motif.length)) + rest
        exec.mockClear()
        const challenges = parseAuthenticate(header)
        expect(exec.mock.calls.length).toBeLessThanOrEqual(6 * (header.length + 1))
        expect(challenges.length).toBeLessThanOrEqual(header.length)
      }),
      { numRuns: 60 },
    )
    exec.mockRestore()
  })
})

describe('an ID Token', () => {
  const expected = { issuer: 'https://op.example', clientId: 'payments', nonce: 'n', now, clockSkew: 30 }
  const trusting = { ...expected, trustedAudiences: ['api'] }
  const good = {
    header: { alg: 'RS256', typ: 'JWT' } as Record<string, unknown>,
    claims: { iss: expected.issuer, sub: 'josh', aud: 'payments', exp: now + 300, iat: now, nonce: 'n' },
  }

  const part = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? '').toString('base64url')
  const read = (text: string | undefined): unknown =>
    JSON.parse(Buffer.from(text ?? '', 'base64url').toString())
  const isAccepted = (idToken: unknown, rules: typeof expected): boolean => {
    const result = attempt(IdTokenError, () => {
      const { header, claims } = decodeIdToken(idToken)
      checkIdToken(header, claims, rules)
    })
    return result !== 'refused'
  }

  /** The rules again, in other words: OpenID Connect Core §2 and §3.1.3.7. */
  function keepsRules(
    header: unknown,
    claims: unknown,
    rules: typeof expected & { trustedAudiences?: string[] },
  ) {
    if (!isRecord(header) || !isRecord(claims)) return false
    const { alg, typ } = header
    const { iss, sub, aud, azp, exp, iat, nonce } = claims
    const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
    const trusted: unknown[] = ['payments', ...(rules.trustedAudiences ?? [])]
    return (
      (signatureAlgorithms as unknown[]).includes(alg) &&
      (typ === undefined || /^jwt$/i.test(typeof typ === 'string' ? typ : '')) &&
      iss === 'https://op.example' &&
      typeof sub === 'string' &&
      sub.length > 0 &&
      audiences.some(audience => audience === 'payments') &&
      audiences.every(audience => trusted.includes(audience)) &&
      (azp === 'payments' || (azp === undefined && audiences.length === 1)) &&
      typeof exp === 'number' &&
      exp > now - 30 &&
      typeof iat === 'number' &&
      iat <= now + 30 &&
      nonce === 'n'
    )
  }

  const json = fc.jsonValue()
  const near = (time: number) => fc.integer({ min: time - 60, max: time + 60 })
  const audience = fc.constantFrom('payments', 'api', 'evil', '')
  const anyOr = <T>(usual: fc.Arbitrary<T>) =>
    fc.oneof({ arbitrary: usual, weight: 12 }, json, fc.constant(undefined))
  const header = fc.record({
    alg: anyOr(fc.constantFrom('RS256', 'ES256', 'PS512', 'EdDSA', 'none', 'HS256', 'rs256')),
    typ: anyOr(fc.constantFrom('JWT', 'jwt', undefined, 'at+jwt')),
  })
  const claims = fc.record({
    iss: anyOr(fc.constantFrom('https://op.example', 'https://op.example', 'https://op.example/', '')),
    sub: anyOr(fc.constantFrom('josh', 'josh', '')),
    aud: anyOr(fc.oneof(fc.constant('payments'), audience, fc.array(audience, { maxLength: 3 }))),
    azp: anyOr(fc.constantFrom(undefined, undefined, 'payments', 'api')),
    exp: anyOr(fc.oneof(near(now), near(now + 300))),
    iat: anyOr(fc.oneof(near(now), near(now - 300))),
    nonce: anyOr(fc.constantFrom('n', 'n', 'n', 'm', '')),
  })
  /** A good one, with some of its claims replaced, removed or added. */
  const mutated = fc
    .tuple(
      header,
      claims,
      fc.subarray(['alg', 'typ', 'iss', 'sub', 'aud', 'azp', 'exp', 'iat', 'nonce']),
      json,
    )
    .map(([otherHeader, otherClaims, chosen, extra]) => {
      const pick = (from: object) => Object.entries(from).filter(([name]) => chosen.includes(name))
      return {
        header: { ...good.header, ...Object.fromEntries(pick(otherHeader)) },
        claims: { ...good.claims, extra, ...Object.fromEntries(pick(otherClaims)) },
      }
    })

  it('is accepted exactly when every claim is as it must be', () => {
    let accepted = 0
    fc.assert(
      fc.property(mutated, fc.constantFrom(expected, trusting), ({ header, claims }, rules) => {
        const token = `${part(header)}.${part(claims)}.x`
        const ok = isAccepted(token, rules)
        if (ok) accepted++
        expect(ok).toBe(keepsRules(read(token.split('.')[0]), read(token.split('.')[1]), rules))
      }),
      { numRuns: 4000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it('of arbitrary JSON is never accepted', () => {
    fc.assert(
      fc.property(json, json, (header, claims) => {
        expect(isAccepted(`${part(header)}.${part(claims)}.x`, expected)).toBe(false)
      }),
    )
  })

  it('of arbitrary text, or of no text, is never accepted', () => {
    const some = fc.oneof(anyText, fc.base64String(), fc.constant(part(good.claims)))
    const parts = fc.array(some, { maxLength: 5 }).map(texts => texts.join('.'))
    fc.assert(
      fc.property(fc.oneof(anyText, fc.anything(), parts), value => {
        expect(isAccepted(value, expected)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it('with changed text is accepted only when its claims are still right', () => {
    const token = `${part(good.header)}.${part(good.claims)}.x`
    const edit = fc.record({
      at: fc.nat({ max: token.length }),
      cut: fc.nat({ max: 3 }),
      insert: fc.string({
        unit: fc.oneof(fc.constantFrom(...'AZaz09-_.='), fc.string({ maxLength: 1 })),
        maxLength: 3,
      }),
    })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), edits => {
        const text = edits.reduce(
          (all, { at, cut, insert }) => all.slice(0, at) + insert + all.slice(at + cut),
          token,
        )
        if (!isAccepted(text, expected)) return
        const [first, second] = text.split('.')
        expect(keepsRules(read(first), read(second), expected)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('canonical JSON', () => {
  // JSON has one zero.
  const withoutNegativeZero = (value: unknown): unknown => {
    if (Object.is(value, -0)) return 0
    if (Array.isArray(value)) return value.map(withoutNegativeZero)
    if (!isRecord(value)) return value
    return fromEntries(Object.entries(value).map(([key, member]) => [key, withoutNegativeZero(member)]))
  }
  const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 })
  const fromEntries = (entries: [string, unknown][]): object => Object.fromEntries(entries)
  const reordered = (value: unknown, by: number): unknown => {
    if (Array.isArray(value)) return value.map(item => reordered(item, by))
    if (!isRecord(value)) return value
    const entries = Object.entries(value).map(([key, member]): [string, unknown] => [
      key,
      reordered(member, by),
    ])
    const start = entries.length && by % entries.length
    return fromEntries([...entries.slice(start), ...entries.slice(0, start)].reverse())
  }

  it('says what the value says, and is the same in whatever order the keys come', () => {
    fc.assert(
      fc.property(json, fc.nat({ max: 10 }), (value, by) => {
        const text = canonicalJson(value)
        expect(isDeepStrictEqual(JSON.parse(text), withoutNegativeZero(value))).toBe(true)
        expect(canonicalJson(reordered(value, by))).toBe(text)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('differs for values that differ, however little', () => {
    const leaf = fc.oneof(
      json,
      anyText,
      fc.double(),
      fc.constantFrom(0, '0', '', null, false, [], {}, '1', 1),
    )
    /** The value with one of its leaves replaced. */
    const changed = (value: unknown, path: number, by: unknown): unknown => {
      if (Array.isArray(value) && value.length > 0) {
        return value.with(path % value.length, changed(value.at(path % value.length), path >> 2, by))
      }
      if (!isRecord(value) || Object.keys(value).length === 0) return by
      const key = Object.keys(value)[path % Object.keys(value).length] ?? ''
      const entries = Object.entries(value).filter(([name]) => name !== key)
      return fromEntries([...entries, [key, changed(value[key], path >> 2, by)]])
    }
    fc.assert(
      fc.property(json, fc.nat(), leaf, (value, path, by) => {
        const other = changed(value, path, by)
        const text = attempt(ConfigurationError, () => canonicalJson(other))
        const same = isDeepStrictEqual(withoutNegativeZero(value), withoutNegativeZero(other))
        expect(text === canonicalJson(value)).toBe(same)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes text exactly when it is Unicode', () => {
    const isUnicode = (text: string): boolean =>
      attempt(URIError, () => encodeURIComponent(text)) !== 'refused'
    fc.assert(
      fc.property(anyText, text => {
        const asValue = attempt(ConfigurationError, () => canonicalJson([text]))
        const asKey = attempt(ConfigurationError, () => canonicalJson({ [text]: 1 }))
        expect([asValue !== 'refused', asKey !== 'refused']).toEqual([isUnicode(text), isUnicode(text)])
        if (isUnicode(text)) expect(JSON.parse(asValue)).toEqual([text])
      }),
      { numRuns: 1000 },
    )
  })

  it('of an arbitrary value says what the value says, or is refused', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withObjectString: true,
    })
    fc.assert(
      fc.property(anything, value => {
        const text = attempt(ConfigurationError, () => canonicalJson(value))
        if (text !== 'refused') expect(JSON.parse(text)).toEqual(withoutNegativeZero(value))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('freshness', () => {
  const skew = fc.nat({ max: 60 })
  const authTime = fc.oneof(fc.integer({ min: now - 4000, max: now + 100 }), fc.maxSafeInteger())
  const methods = fc.subarray(['pwd', 'otp', 'hwk'])
  const login = fc.record(
    { auth_time: authTime, acr: fc.constantFrom('a', 'b'), amr: methods },
    { requiredKeys: ['auth_time'] },
  )
  const requirement = fc.record(
    {
      maxAge: fc.nat({ max: 5000 }),
      after: fc.integer({ min: now - 4000, max: now }),
      baseline: fc.integer({ min: now - 4000, max: now }),
      acrValues: fc.subarray(['a', 'b']),
      amr: methods,
    },
    { requiredKeys: [] },
  )

  it('stays granted with a larger maxAge, a wider skew, an earlier start and fewer demands', () => {
    const dropped = fc.subarray<keyof FreshnessRequirement>([
      'maxAge',
      'after',
      'baseline',
      'acrValues',
      'amr',
    ])
    fc.assert(
      fc.property(login, requirement, skew, fc.nat(), dropped, (claims, demanded, clockSkew, more, names) => {
        if (evaluateFreshness(claims, demanded, now, clockSkew) !== null) return
        const { maxAge, after } = demanded
        const entries = Object.entries({
          ...demanded,
          ...(maxAge !== undefined && { maxAge: maxAge + more }),
          ...(after !== undefined && { after: after - more }),
        })
        const milder = Object.fromEntries(entries.filter(([name]) => !names.includes(name as 'maxAge')))
        expect(evaluateFreshness(claims, milder, now, clockSkew + more)).toBeNull()
      }),
      { numRuns: 2000 },
    )
  })

  it('under maxAge is the distance between two clocks', () => {
    fc.assert(
      fc.property(authTime, fc.nat({ max: 5000 }), skew, (at, maxAge, clockSkew) => {
        const fresh = evaluateFreshness({ auth_time: at }, { maxAge }, now, clockSkew) === null
        expect(fresh).toBe(at - now <= clockSkew && now - at <= maxAge + clockSkew)
      }),
      { numRuns: 1000 },
    )
  })

  it('is never granted to an auth_time that is no whole number of seconds', () => {
    const noSeconds = fc.anything().filter(value => !Number.isSafeInteger(value))
    fc.assert(
      fc.property(
        noSeconds,
        fc.dictionary(fc.string(), fc.anything()),
        requirement,
        (value, claims, demanded) => {
          const login = { ...claims, iat: now, auth_time: value }
          const failure = evaluateFreshness(login, demanded, now, 30)
          expect(['auth_time_missing', 'invalid_token']).toContain(failure)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('is never granted to an acr or amr that the requirement does not name', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), requirement, (acr, amr, demanded) => {
        const isFresh = evaluateFreshness({ auth_time: now, acr, amr }, demanded, now, 30) === null
        if (isFresh && demanded.acrValues) expect(demanded.acrValues).toContain(acr)
        if (isFresh && demanded.amr) expect(amr).toEqual(expect.arrayContaining(demanded.amr))
      }),
    )
  })
})

describe('in any order of events', () => {
  const person = (sub: string, iat: number): SignedIn => ({
    account: { iss: 'https://op.example', sub },
    claims: { iss: 'https://op.example', sub, aud: 'payments', exp: iat + 300, iat },
    accessTokenExpiresAt: iat + 300,
  })
  const signedIn = fc
    .tuple(fc.constantFrom('josh', 'jane', 'jim'), fc.nat({ max: 3 }))
    .map(args => person(...args))
  const account = signedIn.map(one => one.account)
  const error = fc.constantFrom(new NetworkError(''), new InteractionRequiredError('login_required'))
  const reason = fc.constantFrom('signed_out', 'login_required', 'idle', 'timeout', 'failed' as const)
  /** A new id, or which of those that were there, gone ones included. */
  const id = fc.constant('new')
  const known = fc.nat({ max: 6 }).map(String)
  const origin = fc.constantFrom<TokenOrigin[]>('op', 'tab', 'storage')
  const is = <T extends AuthEvent['type']>(type: T) => fc.constant(type)
  const ladder = fc.constantFrom<Ladder[]>(
    ['popup'],
    ['redirect'],
    ['popup', 'redirect'],
    ['redirect', 'popup'],
  )
  const goal: fc.Arbitrary<Goal> = fc.oneof(
    fc.record({ kind: fc.constant('sign_in' as const) }),
    fc.record({ kind: fc.constant('switch_account' as const), account }),
    fc.record({ kind: fc.constant('step_up' as const), action: fc.string(), account }),
    fc.record({ kind: fc.constantFrom('session_ended', 'consent_required'), account }),
  )
  const limit = fc.record({
    id: fc.constant('limit'),
    endsAt: fc.nat(),
    reason: fc.constantFrom('idle', 'absolute'),
    warns: fc.constant(false),
    isAnswered: fc.boolean(),
  })
  const event: fc.Arbitrary<AuthEvent> = fc.oneof(
    fc.record({ type: is('session.found'), id, signedIn, origin }),
    fc.record({ type: is('session.missing'), reason }),
    fc.record({ type: is('session.renewed'), id, signedIn, origin }),
    fc.record({ type: is('session.adopted'), id, signedIn }),
    fc.record({ type: is('session.ended'), reason }),
    fc.record({ type: is('session.outdated'), isClosed: fc.boolean() }),
    fc
      .record({ type: is('session.mismatched'), id, expected: account, signedIn })
      .filter(({ expected, signedIn: { account } }) => expected.sub !== account.sub),
    fc.record({ type: is('renewal.failed'), error, final: fc.boolean() }),
    { weight: 3, arbitrary: fc.record({ type: is('former_person.forgotten'), id: known }) },
    fc.record({ type: is('former_person.forgotten'), id: known, error }),
    fc.record({ type: is('account_question.due') }),
    fc.record({ type: is('limit.changed'), limit }),
    fc
      .tuple(goal, ladder)
      .map(([goal, ladder]) => ({ type: 'visit.requested' as const, id: 'new', goal, ladder })),
    fc.record({ type: is('visit.answered'), id: known, signedIn }),
    fc.record({ type: is('interaction.failed'), id: known, error }),
    fc.record({ type: is('popup.blocked'), id: known }),
    fc.record({ type: is('popup.lost'), id: known }),
    {
      weight: 3,
      arbitrary: fc.record({
        type: is('prompt.answered'),
        id: known,
        answer: fc.constantFrom('continue', 'cancel', 'switch'),
      }),
    },
    fc.record({ type: is('step_up.resumed'), resumed: fc.constant(null) }),
  )

  // Whoever writes to it throws.
  const frozen = <T>(value: T): T => {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
    if (!(value instanceof Error)) Object.values(Object.freeze(value)).forEach(frozen)
    return value
  }

  const arrivalOf = (one: Interaction) => ('arrival' in one ? one.arrival : null)

  /** What a runner knows beside the state: it has windows, promises to settle, and tokens that wait to be used. */
  class Runner {
    state: AuthState = initialState
    readonly settled = new Map<string, AuthError | null>()
    readonly asked = new Set<string>()
    /** Whose tokens wait. */
    readonly waiting = new Set<string>()
    readonly #windows = new Set<string>()
    readonly #shown = new Set<string>()
    #count = 0

    /** Names what the event is about. Null for what no runner says: a window that is not there says nothing. */
    about(event: AuthEvent): AuthEvent | null {
      if (!('id' in event)) return event
      if (event.id === 'new') return { ...event, id: `id-${++this.#count}` }
      const id = [...this.asked].at(-1 - Number(event.id)) ?? 'gone'
      const isOver = !this.state.interactions.some(one => one.id === id)
      const fromWindow = event.type.startsWith('popup.') || event.type === 'visit.answered'
      if (fromWindow && !isOver && !this.#windows.has(id)) return null
      if (event.type === 'prompt.answered' && !isOver && selectPrompt(this.state)?.id !== id) return null
      return { ...event, id }
    }

    play(event: AuthEvent): void {
      if (event.type === 'visit.requested') this.asked.add(event.id)
      if ('signedIn' in event) this.waiting.add(event.id)
      if (event.type === 'visit.answered' || event.type === 'popup.blocked') this.#windows.delete(event.id)
      const [state, effects] = takeStep(this.state, event)
      this.state = frozen(state)
      for (const { id } of state.interactions) this.asked.add(id)
      for (const effect of effects) this.#perform(effect, event)
      const first = state.interactions[0]
      if (first) this.#shown.add(first.id)
      const prompted = state.interactions.filter(one => promptOf(one) !== null)
      expect(prompted.filter(({ id }) => !this.#shown.has(id))).toEqual([])
    }

    #perform(effect: AnyEffect, event: AuthEvent): void {
      switch (effect.type) {
        case 'tokens.install':
          expect(this.waiting.delete(effect.id)).toBe(true)
          expect(this.settled.get(effect.id) ?? null).toBeNull()
          expect(this.state.session.status).toBe('authenticated')
          break
        case 'tokens.discard':
          this.waiting.delete(effect.id)
          break
        case 'tokens.drop_all':
          this.waiting.clear()
          break
        case 'visit.settle':
          expect(this.settled.has(effect.id)).toBe(false)
          this.settled.set(effect.id, effect.error)
          break
        case 'window.open':
          this.#windows.add(effect.id)
          expect(this.#place(effect.id)).toBe('popup')
          break
        case 'window.close':
          this.#windows.delete(effect.id)
          break
        case 'window.redirect':
          expect(this.#place(effect.id)).toBe('redirect')
          break
        case 'sign_in.start':
          expect(event).toMatchObject({ type: 'prompt.answered' })
      }
    }

    #place(id: string): string | undefined {
      const interaction = this.state.interactions.find(one => one.id === id)
      return interaction?.type === 'visit' ? interaction.place.at : undefined
    }
  }

  /** Plays what a runner can say of these events, and calls `check` after each step. */
  const always = (check: (runner: Runner, event: AuthEvent, before: AuthState) => void): void =>
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), events => {
        const runner = new Runner()
        for (const planned of events) {
          const event = runner.about(planned)
          if (!event) continue
          const before = runner.state
          runner.play(event)
          check(runner, event, before)
        }
      }),
      { numRuns: 1500 },
    )

  it('every state is one that core names', () => {
    always(({ state }) => expect(unnamedIn(state)).toEqual([]))
  })

  it('every interaction is settled once, or is still there', () => {
    always(({ state, asked, settled }) => {
      const open = state.interactions.map(({ id }) => id)
      expect(new Set([...open, ...settled.keys()])).toEqual(asked)
      expect(open.filter(id => settled.has(id))).toEqual([])
    })
  })

  it('tokens of a failed interaction become the session’s only when the person chose so', () => {
    always(({ settled }, event, before) => {
      const [, effects] = takeStep(before, event)
      const failed = effects
        .filter(({ type }) => type === 'tokens.install')
        .filter(one => 'id' in one && settled.get(one.id))
      if (failed.length > 0) expect(['prompt.answered', 'former_person.forgotten']).toContain(event.type)
    })
  })

  it('another person is never shown before everything of the former one is gone', () => {
    always(({ state }, event, before) => {
      const { session, former } = state
      if (session.status !== 'authenticated') return
      expect(former).toMatchObject({ status: 'known', account: { sub: session.account.sub } })
      if (before.former.status === 'none' || JSON.stringify(before.former) === JSON.stringify(former)) return
      expect(event.type).toBe('former_person.forgotten')
      expect(before.session.status).not.toBe('authenticated')
      expect(before.interactions.map(({ type }) => type)).toEqual(['account_switch'])
    })
  })

  it('no person is signed in without tokens, and no interaction goes on after a sign-out', () => {
    always(({ state }, event, before) => {
      const [, effects] = takeStep(before, event)
      const isNew = state.session.status === 'authenticated' && before.session.status !== 'authenticated'
      if (isNew) expect(effects.map(({ type }) => type)).toContain('tokens.install')
      if (event.type !== 'session.ended') return
      expect(state).toMatchObject({ session: { status: 'anonymous' }, interactions: [], resumed: null })
      expect(effects[0]).toEqual({ type: 'tokens.drop_all' })
    })
  })

  it('only tokens that the person decides about wait', () => {
    always(({ state, waiting }) => {
      const undecided = state.interactions.filter(one => arrivalOf(one)).map(({ id }) => id)
      expect([...waiting].sort()).toEqual(undecided.sort())
    })
  })

  it('the page asks about another person once, however often the OP answers with them', () => {
    always(({ state }) => {
      const pairs = state.interactions.flatMap(one =>
        one.type === 'mismatch' && one.goal.kind === 'session_ended'
          ? [`${expectedBy(one)?.sub} ${one.arrival.signedIn.account.sub}`]
          : [],
      )
      expect(new Set(pairs).size).toBe(pairs.length)
    })
  })

  it('an event of an interaction that is over changes nothing', () => {
    always(({ state, settled }) => {
      for (const id of [...settled.keys()].slice(-2)) {
        const late: AuthEvent[] = [
          { type: 'interaction.failed', id, error: new NetworkError('') },
          { type: 'visit.answered', id, signedIn: person('jane', 1) },
          { type: 'popup.blocked', id },
          { type: 'popup.lost', id },
          { type: 'prompt.answered', id, answer: 'switch' },
        ]
        for (const event of late) {
          const [next, effects] = takeStep(state, event)
          expect(next).toBe(state)
          expect(effects.filter(({ type }) => type !== 'tokens.discard')).toEqual([])
        }
      }
    })
  })
})
