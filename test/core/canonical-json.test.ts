import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/core/canonical-json.ts'

describe('canonicalJson after RFC 8785', () => {
  // Appendix B, "Number Serialization Samples": IEEE 754 bits and the text they must become.
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s as %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
  })

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('refuses the number %s', bits => {
    refuses(Buffer.from(bits, 'hex').readDoubleBE())
  })

  it('sorts keys by UTF-16 code units (§3.2.3)', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    expect(canonicalJson(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
        '"€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    )
  })

  it('writes the sample of §3.2.2 as §3.2.3 shows it', () => {
    const sample = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`
    expect(canonicalJson(JSON.parse(sample))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })
})

describe('the keys of an object', () => {
  it('sort at every depth, and not among the items of a list', () => {
    expect(canonicalJson({ b: [{ z: 1, a: 2 }, 0], a: {} })).toBe('{"a":{},"b":[{"a":2,"z":1},0]}')
  })

  it('count without exception, __proto__ included', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"cents":1},"a":1}'))).toBe(
      '{"__proto__":{"cents":1},"a":1}',
    )
    expect(canonicalJson(JSON.parse('{"__proto__":1}'))).not.toBe(canonicalJson({}))
    expect(canonicalJson({ ['__proto__']: 1, constructor: 2 })).toBe('{"__proto__":1,"constructor":2}')
  })

  it('count when the object has no prototype', () => {
    expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}')
  })

  it('differ when their Unicode normalisation differs', () => {
    expect(canonicalJson('\u00e9')).not.toBe(canonicalJson('e\u0301'))
  })
})

describe('canonicalJson', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole in a list', new Array(1)],
    ['an object that inherits', Object.create({ a: 1 })],
    ['NaN', Number.NaN],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['a bigint', 1n],
    ['a symbol', Symbol('x')],
    ['a function', { a() {} }],
    ['a Date', new Date(0)],
    ['a Map', new Map([['a', 1]])],
    ['a class instance', new (class Payment {})()],
    ['a boxed number', Object(1)],
    ['a high surrogate alone', 'a\ud800'],
    ['a low surrogate alone', '\udc00a'],
    ['surrogates the wrong way round', '\udc00\ud800'],
    ['a high surrogate before a pair', '\ud800\ud83d\ude00'],
    ['a lone surrogate in a key', { '\ud800': 1 }],
    ['a lone surrogate deep inside', [{ a: ['\udfff'] }]],
  ])('refuses %s', (_, value) => {
    refuses(value)
  })
})

it.each<[string, string, unknown]>([
  ['half a character', 'no_canonical_form', '\ud800'],
  ['a number without end', 'no_canonical_form', JSON.parse('1e999')],
  ['undefined', 'not_json', undefined],
  ['a Date', 'not_json', new Date(0)],
])('canonicalJson gives %s the reason %s', (_, reason, value) => {
  expect(() => canonicalJson(value)).toThrowError(expect.objectContaining({ reason }))
})

function refuses(value: unknown): void {
  expect(() => canonicalJson(value)).toThrowError(expect.objectContaining({ code: 'configuration_invalid' }))
}
