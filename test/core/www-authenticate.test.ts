import { describe, expect, it } from 'vitest'
import { formatStepUpHeader, parseStepUpHeader } from '../../src/core/step-up-header.ts'
import { formatAuthenticate, parseAuthenticate } from '../../src/core/www-authenticate.ts'

const error = 'error="insufficient_user_authentication"'

describe('parseAuthenticate', () => {
  it.each<[string, string, [string, object][]]>([
    ['nothing', '', []],
    ['a scheme alone', 'Negotiate', [['Negotiate', {}]]],
    ['quoted and bare values', 'Bearer realm="a b", max_age=5', [['Bearer', { realm: 'a b', max_age: '5' }]]],
    ['a quoted comma and a quoted scheme', 'Bearer a="x, Basic b=1"', [['Bearer', { a: 'x, Basic b=1' }]]],
    ['escapes', String.raw`Bearer a="say \"hi\" \\ \a"`, [['Bearer', { a: String.raw`say "hi" \ a` }]]],
    ['an empty value', 'Bearer a=""', [['Bearer', { a: '' }]]],
    ['spaces around =', 'Bearer a = 1 , b\t=\t"2"', [['Bearer', { a: '1', b: '2' }]]],
    ['capitals in names', 'Bearer Error="X"', [['Bearer', { error: 'X' }]]],
    ['a name twice: the first', 'Bearer a=1, a=2', [['Bearer', { a: '1' }]]],
    [
      'token68',
      'Negotiate dG9rZW4=, Basic realm=x',
      [
        ['Negotiate', {}],
        ['Basic', { realm: 'x' }],
      ],
    ],
    ['token68 with padding at the end', 'NTLM YWI==', [['NTLM', {}]]],
    [
      'several schemes',
      'Basic, DPoP algs="ES256", Bearer',
      [
        ['Basic', {}],
        ['DPoP', { algs: 'ES256' }],
        ['Bearer', {}],
      ],
    ],
    ['commas too many', ', ,Bearer a=1,, b=2 ,', [['Bearer', { a: '1', b: '2' }]]],
    [
      'a value without end',
      'Basic a=1, Bearer b="x',
      [
        ['Basic', { a: '1' }],
        ['Bearer', {}],
      ],
    ],
    ['a parameter without scheme', 'a=1, Bearer b=2', []],
    ['letters that belong nowhere', 'Bearer a=1, ü, Basic', [['Bearer', { a: '1' }]]],
    ['__proto__', 'Bearer __proto__=1', [['Bearer', JSON.parse('{"__proto__":"1"}')]]],
  ])('reads %s', (_, header, expected) => {
    const parsed = parseAuthenticate(header).map(({ scheme, parameters }) => [
      scheme,
      Object.entries(parameters),
    ])
    expect(parsed).toEqual(expected.map(([scheme, parameters]) => [scheme, Object.entries(parameters)]))
  })

  it('reads a long hostile header within 5 seconds', () => {
    const start = performance.now()
    for (const part of ['\\"', '"', ' a', ',', 'a=', 'a="\\', ' '])
      parseAuthenticate(`Bearer a="${part.repeat(20_000)}`)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

describe('parseStepUpHeader', () => {
  it.each<[string, string | null, object | null]>([
    ['no header', null, null],
    ['another error', 'Bearer error="invalid_token", max_age=5', null],
    ['no error', 'Bearer max_age=5', null],
    ['another scheme', `Basic ${error}`, null],
    ['Bearer', `Bearer ${error}`, { scheme: 'Bearer' }],
    ['dpop in small letters', `dpop ${error}, max_age="0"`, { scheme: 'DPoP', maxAge: 0 }],
    [
      'acr_values in order',
      `Bearer ${error}, acr_values=" b  a "`,
      { scheme: 'Bearer', acrValues: ['b', 'a'] },
    ],
    ['empty acr_values', `Bearer ${error}, acr_values=""`, { scheme: 'Bearer' }],
    ['the second challenge', `Basic realm="x", Bearer ${error}, max_age=5`, { scheme: 'Bearer', maxAge: 5 }],
    ['a demand after an unusable one', `Bearer ${error}, max_age=x, DPoP ${error}`, { scheme: 'DPoP' }],
    ...['-1', '1.5', '1e3', '', ' 1', '0x10', '9'.repeat(16), 'NaN'].map(
      maxAge => [`max_age ${maxAge}`, `Bearer ${error}, max_age="${maxAge}"`, null] as [string, string, null],
    ),
  ])('given %s answers with its demand, or with null', (_, header, demand) => {
    expect(parseStepUpHeader(header)).toEqual(demand)
  })
})

describe('a formatted header', () => {
  it.each([
    { scheme: 'Bearer' },
    { scheme: 'DPoP', maxAge: 0 },
    { scheme: 'Bearer', maxAge: 300, acrValues: ['urn:a', 'b"c\\d,e'] },
  ] as const)('is parsed to the demand that it was made of: %j', demand => {
    expect(parseStepUpHeader(formatStepUpHeader(demand))).toEqual(demand)
  })

  it('stays one line of ASCII, whatever its values are', () => {
    const text = formatAuthenticate('Bearer', { realm: 'a\r\nSet-Cookie: x=1\u20ac"', skipped: undefined })
    expect(text).toBe(String.raw`Bearer realm="a??Set-Cookie: x=1?\""`)
    expect(() => new Headers({ 'WWW-Authenticate': text })).not.toThrow()
  })

  it('is its scheme alone where there are no parameters', () => {
    expect(formatAuthenticate('Bearer', {})).toBe('Bearer')
  })
})
