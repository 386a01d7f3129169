import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRecord } from '../../src/core/claims.ts'
import { AuthError, AuthorizationResponseError } from '../../src/core/errors.ts'
import type { TokenSet } from '../../src/core/tokens.ts'
import { readAuthorizationResponse } from '../../src/op/authorization-response.ts'
import { readTokens, type TokenRules } from '../../src/op/read-tokens.ts'
import { readRefreshedTokens } from '../../src/op/refreshed-tokens.ts'

// Code units, so lone surrogates too.
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)),
})

describe('callback parameters', () => {
  const issuer = 'https://op.example'
  const state = 'Zm9v-s1'

  /** What comes of it: the code, or the error; any error that is not ours comes through. */
  function read(params: string, advertised: boolean): string | AuthError {
    const op = { issuer, authorization_response_iss_parameter_supported: advertised }
    try {
      return readAuthorizationResponse(params, { state }, op)
    } catch (error) {
      if (error instanceof AuthError) return error
      throw error
    }
  }

  type Pair = readonly [name: string, value: string]

  /** The rules in other words: state and code once and right, iss right or not needed, nothing twice, no error. */
  function codeOf(pairs: readonly Pair[], advertised: boolean): string | null {
    const all = (name: string): string[] => pairs.filter(pair => pair[0] === name).map(pair => pair[1])
    const [code = '', ...moreCodes] = all('code')
    const isTwice = new Set(pairs.map(([name]) => name)).size < pairs.length
    const isRight =
      all('state').join('\n') === state &&
      all('state').length === 1 &&
      (all('iss').length === 0 ? !advertised : all('iss').join('\n') === issuer) &&
      all('error').length === 0 &&
      moreCodes.length === 0
    return isRight && !isTwice && code !== '' ? code : null
  }

  const name = fc.oneof(
    { arbitrary: fc.constantFrom('code', 'state', 'iss', 'error', 'error_description', 'scope'), weight: 8 },
    fc.constantFrom(
      'Code',
      'STATE',
      ' state',
      'code[]',
      'code\0',
      '',
      '__proto__',
      'constructor',
      'id_token',
    ),
    fc.string({ unit: 'binary' }),
  )
  const value = fc.oneof(
    fc.constantFrom(state, issuer, 'c', '', 'login_required', `${issuer}/`, `${state} `, 'null', 'undefined'),
    fc.string({ unit: 'binary' }),
  )
  /** A good response with members added, replaced and taken away, in any order. */
  const pairs = fc
    .tuple(
      fc.subarray<Pair>([
        ['code', 'c'],
        ['state', state],
        ['iss', issuer],
        ['session_state', 'x'],
      ]),
      fc.oneof({ arbitrary: fc.constant([]), weight: 1 }, fc.array(fc.tuple(name, value), { maxLength: 3 })),
    )
    .chain(([some, more]) => {
      const all = [...some, ...more]
      return fc.shuffledSubarray(all, { minLength: all.length })
    })

  /** Writes them as an OP might: any character escaped or not where it may stand as it is. */
  function encode(list: readonly Pair[], choices: readonly number[]): string {
    let at = 0
    const choice = (): number => choices[at++ % choices.length] ?? 0
    const written = (character: string): string => {
      const escaped = [...new TextEncoder().encode(character)].map(byte => byte.toString(16).padStart(2, '0'))
      const hex = escaped.map(digits => `%${choice() % 2 ? digits : digits.toUpperCase()}`).join('')
      if (character === ' ' && choice() % 2) return '+'
      return /^[\w.~:/-]$/.test(character) && choice() % 3 ? character : hex
    }
    const text = (raw: string): string => Array.from(raw, written).join('')
    return list.map(([key, value]) => `${text(key)}=${text(value)}`).join(choice() % 5 ? '&' : '&&')
  }

  it('give a code exactly when state, iss and one code are right, however they are written', () => {
    let accepted = 0
    fc.assert(
      fc.property(pairs, fc.array(fc.nat(), { minLength: 8 }), fc.boolean(), (list, choices, advertised) => {
        const result = read(encode(list, choices), advertised)
        const code = codeOf(list, advertised)
        if (code !== null) accepted++
        if (code === null) expect(result).toBeInstanceOf(AuthorizationResponseError)
        else expect(result).toBe(code)
      }),
      { numRuns: 5000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it('of arbitrary text are refused', () => {
    const syllable = fc.oneof(
      anyText,
      fc.constantFrom('code=c', 'state=', 'iss=', '&', '=', '%', '%zz', '%00', '+', '?', '#', ';'),
    )
    fc.assert(
      fc.property(fc.array(syllable), fc.boolean(), (syllables, advertised) => {
        expect(read(syllables.join(''), advertised)).toBeInstanceOf(AuthorizationResponseError)
      }),
      { numRuns: 2000 },
    )
  })

  it('of a good response give its code or an error after any edit, and never another code for another state', () => {
    const good = `code=c&state=${state}&iss=${encodeURIComponent(issuer)}`
    const edit = fc.record({
      at: fc.nat({ max: good.length }),
      cut: fc.nat({ max: 4 }),
      insert: fc.oneof(anyText, fc.constantFrom('&', '=', '&code=d', '&state=x', '%26', '%3d', '&iss=', '+')),
    })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), (edits, advertised) => {
        const text = edits.reduce(
          (all, { at, cut, insert }) => all.slice(0, at) + insert + all.slice(at + cut),
          good,
        )
        const result = read(text, advertised)
        if (typeof result !== 'string') return
        const written = text
          .split('&')
          .map(pair => pair.split(/=(.*)/s, 2).map(part => part.replaceAll('+', ' ')))
        const values = (key: string) => written.filter(([name]) => name === key).map(([, value]) => value)
        expect(values('state').map(value => decodeURIComponent(value ?? ''))).toEqual([state])
        expect(written.filter(([name = '']) => /^(%63|c)/i.test(name)).length).toBeGreaterThan(0)
        expect(values('error')).toEqual([])
        if (advertised) expect(values('iss').map(value => decodeURIComponent(value ?? ''))).toEqual([issuer])
      }),
      { numRuns: 3000 },
    )
  })

  it('of an error keep every field but secrets, as text', () => {
    const field = fc.tuple(
      fc
        .string({ unit: 'grapheme', minLength: 1 })
        .filter(key => !['iss', 'state', 'error', 'code'].includes(key)),
      fc.string({ unit: 'grapheme' }),
    )
    fc.assert(
      fc.property(fc.uniqueArray(field, { selector: ([key]) => key }), fc.string(), (fields, error) => {
        const kept = [['error', error], ['iss', issuer], ...fields] as [string, string][]
        const params = new URLSearchParams([...kept, ['state', state], ['code', 'c'], ['id_token', 't']])
        const result = read(params.toString(), true)
        const shown = Object.fromEntries(kept.filter(([key]) => !['id_token', 'access_token'].includes(key)))
        expect(result).toMatchObject({ error, parameters: shown })
        expect(Object.keys((result as AuthorizationResponseError).parameters)).toHaveLength(
          Object.keys(shown).length,
        )
      }),
    )
  })
})

describe('a token endpoint’s answer', () => {
  const now = 1_800_000_000
  const rules: TokenRules = {
    issuer: 'https://op.example',
    clientId: 'payments',
    now,
    deviceTime: now,
    clockSkew: 30,
    algorithms: ['RS256', 'EdDSA'],
    tokenType: 'bearer',
    verify: false,
  }
  const good = { iss: rules.issuer, sub: 'josh', aud: 'payments', exp: now + 300, iat: now, nonce: 'n' }
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? '').toString('base64url')
  const idToken = (claims: object, alg: unknown = 'RS256'): string => `${part({ alg })}.${part(claims)}.x`

  const json = fc.jsonValue()
  const orJson = <T>(usual: fc.Arbitrary<T>) => fc.oneof({ arbitrary: usual, weight: 6 }, json)
  const claim = fc.oneof(
    fc.constantFrom(
      { nonce: 'm' },
      { sub: 'jane' },
      { aud: ['payments'] },
      { azp: 'payments' },
      { azp: 'x' },
    ),
    fc.constantFrom(
      { iss: 'x' },
      { exp: now - 31 },
      { iat: now + 31 },
      { at_hash: 'x' },
      { auth_time: 4 },
      { auth_time: 5 },
      {},
    ),
    fc.dictionary(fc.constantFrom(...Object.keys(good)), json, { maxKeys: 1 }),
  )
  const someIdToken = fc
    .tuple(claim, orJson(fc.constantFrom('RS256', 'RS256', 'RS256', 'PS256', 'none')))
    .map(([changed, alg]) => idToken({ ...good, ...changed }, alg))
  const answer = fc.record(
    {
      access_token: orJson(fc.constantFrom('at', 'at', '')),
      token_type: orJson(fc.constantFrom('Bearer', 'bearer', 'BEARER', 'DPoP', 'N_A')),
      expires_in: orJson(fc.oneof(fc.integer(), fc.double(), fc.constantFrom('300', '', null))),
      refresh_token: orJson(fc.constant('rt')),
      id_token: orJson(someIdToken),
    },
    { requiredKeys: [] },
  )

  // JSON that cannot even be made a text of.
  const textless = { access_token: { toString: null }, id_token: idToken(good) }

  /** The tokens, or null when they were refused with one of our errors; any other error comes through. */
  const outcome = <T>(work: Promise<T>): Promise<T | null> =>
    work.catch(error => {
      if (error instanceof AuthError) return null
      throw error
    })

  function expectSound(tokens: TokenSet, response: Record<string, unknown>): void {
    expect(tokens).toMatchObject({ accessToken: response.access_token, account: { iss: rules.issuer } })
    expect(tokens.accessToken).toMatch(/./s)
    expect(tokens.tokenType.toLowerCase()).toBe('bearer')
    expect(['string', 'undefined']).toContain(typeof tokens.refreshToken)
    const at = tokens.accessTokenExpiresAt
    expect(at === null || (Number.isInteger(at) && at >= now) || at === Number.POSITIVE_INFINITY).toBe(true)
  }

  it('is taken only with a right ID Token and a bearer token, else refused with our errors', async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(answer, async response => {
        const tokens = await outcome(readTokens(response, rules, 'n'))
        if (!tokens) return
        accepted++
        expectSound(tokens, response)
        const [header, claims] = tokens.idToken
          .split('.')
          .map(text => JSON.parse(Buffer.from(text, 'base64url').toString() || '0'))
        expect(['RS256']).toContain(header.alg)
        expect(claims).toMatchObject({ iss: rules.issuer, nonce: 'n' })
        expect(claims.azp ?? 'payments').toBe('payments')
        expect([claims.aud].flat()).toEqual(['payments'])
        expect(claims.exp).toBeGreaterThan(now - 30)
        expect(claims.iat).toBeLessThanOrEqual(now + 30)
        expect(claims).not.toHaveProperty('at_hash')
      }),
      { numRuns: 3000, examples: [[textless]] },
    )
    expect(accepted).toBeGreaterThan(30)
  })

  it('to a refresh is taken only when nothing says that it is about another login', async () => {
    const old = await readTokens(
      {
        access_token: 'old',
        token_type: 'Bearer',
        refresh_token: 'rt0',
        id_token: idToken({ ...good, auth_time: 4 }),
      },
      rules,
      'n',
    )
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(answer, async response => {
        const refreshed = await outcome(readRefreshedTokens(response, rules, old, undefined))
        if (!refreshed) return
        const { tokens, unusable } = refreshed
        if (unusable) {
          expect({ ...tokens, refreshToken: 'rt0' }).toEqual(old)
          return
        }
        accepted++
        expectSound(tokens, response)
        expect(tokens.account).toEqual(old.account)
        expect(tokens.claims.auth_time).toBe(old.claims.auth_time)
        expect(tokens.claims.azp).toBe(old.claims.azp)
        expect(tokens.claims.nonce).toBe('n')
        if (!Object.hasOwn(response, 'id_token')) expect(tokens.claims).toBe(old.claims)
        if (!Object.hasOwn(response, 'refresh_token')) expect(tokens.refreshToken).toBe('rt0')
      }),
      { numRuns: 3000, examples: [[textless]] },
    )
    expect(accepted).toBeGreaterThan(30)
  })

  it('that is arbitrary JSON is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async value => {
        const response = isRecord(value) ? value : {}
        expect(await outcome(readTokens(response, rules, 'n'))).toBeNull()
      }),
    )
  })
})
