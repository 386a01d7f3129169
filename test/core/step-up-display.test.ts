import { describe, expect, it } from 'vitest'
import { readDisplay } from '../../src/core/step-up-display.ts'

describe('a display', () => {
  it('may be a text alone', () => {
    expect(readDisplay('Approve 250.00 to Northwind Paper')).toEqual({
      title: 'Approve 250.00 to Northwind Paper',
    })
  })

  it('has a title and facts, in their order', () => {
    const display = { title: 'Approve a payment', facts: { To: 'Northwind Paper', Amount: '250.00 EUR' } }
    expect(readDisplay(display)).toEqual(display)
    expect(Object.keys(readDisplay(display)?.facts ?? {})).toEqual(['To', 'Amount'])
  })

  it.each([
    undefined,
    null,
    250,
    '',
    ' \u200b\u202e ',
    [],
    {},
    { title: '' },
    { title: 5 },
    { title: 'A', facts: 'B' },
  ])('is none of %j', value => {
    expect(readDisplay(value)).toBeNull()
  })

  it.each([
    ['a line end', 'Pay\r\n250.00\u2028now', 'Pay 250.00 now'],
    ['a control character', 'Pay\u0007 250.00\u0000', 'Pay 250.00'],
    ['an override of the direction', 'Pay \u202e00.052\u202c to \u2066Josh\u2069', 'Pay 00.052 to Josh'],
    ['a mark of the direction', '\u200ePay\u200f\u061c', 'Pay'],
    ['what is not to be seen', 'Nor\u00adth\u200bwi\u2060nd\ufeff\u{e0041}\u3164', 'Northwind'],
    ['half of a character', 'Pay \ud83d to', 'Pay \ufffd to'],
  ])('comes without %s', (_, title, shown) => {
    expect(readDisplay({ title, facts: { [title]: title } })).toEqual({
      title: shown,
      facts: { [shown]: shown },
    })
  })

  it('keeps Persian and emoji as they are spelt', () => {
    const title = 'می\u200cخواهم 👩\u200d💻 ❤\ufe0f'
    expect(readDisplay(title)).toEqual({ title })
  })

  it.each([
    ['title', 120],
    ['name', 40],
    ['value', 120],
  ])('cuts a %s after %s characters, and shows that', (part, most) => {
    const cut = (length: number): string => {
      const text = '😀'.repeat(length)
      const given = { title: part === 'title' ? text : 'A', facts: { [part === 'name' ? text : 'B']: text } }
      const { title, facts = {} } = readDisplay(given) ?? { title: '' }
      const [[name, value] = ['', '']] = Object.entries(facts)
      return { title, name, value }[part as 'title']
    }
    expect(cut(most)).toBe('😀'.repeat(most))
    expect(cut(most + 1)).toBe(`${'😀'.repeat(most - 1)}…`)
  })

  it('has eight facts at most, and leaves out those that are no text', () => {
    const facts = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`f${index}`, `${index}`]))
    expect(
      Object.keys(readDisplay({ title: 'A', facts: { none: 5, empty: '', ...facts } })?.facts ?? {}),
    ).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'])
  })

  it('has a fact named __proto__ as any other', () => {
    const facts = JSON.parse('{"__proto__":"x"}')
    expect(Object.entries(readDisplay({ title: 'A', facts })?.facts ?? {})).toEqual([['__proto__', 'x']])
  })
})
