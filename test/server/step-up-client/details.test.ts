import { expect, it } from 'vitest'
import { grantsDetails } from '../../../src/server/step-up-client/details.ts'

const payment = { type: 'payment', amount: { cents: 25_000, currency: 'EUR' }, to: ['a', 'b'] }
const small = { type: 'payment' }

it.each<[string, readonly { type: string }[], unknown]>([
  ['the same', [payment], [payment]],
  [
    'the same in another order of members',
    [payment],
    [{ to: ['a', 'b'], amount: { currency: 'EUR', cents: 25_000 }, type: 'payment' }],
  ],
  ['the same in another order of objects', [payment, { type: 'b' }], [{ type: 'b' }, payment]],
  ['an object with members more', [payment], [{ ...payment, account: 'DE02', iat: 1 }]],
  ['two that are alike', [small, small], [small, { ...small, id: 1 }]],
  ['one that would do for both, given to the one that asks for more', [small, payment], [payment, small]],
])('is granted by %s', (_, asked, granted) => {
  expect(grantsDetails(asked, granted)).toBe(true)
})

it.each<[string, readonly { type: string }[], unknown]>([
  ['nothing', [payment], undefined],
  ['null', [payment], null],
  ['no list', [payment], payment],
  ['an empty list', [payment], []],
  ['another value', [payment], [{ ...payment, to: ['a', 'c'] }]],
  ['another order of a list', [payment], [{ ...payment, to: ['b', 'a'] }]],
  [
    'a member more inside of one that was asked for',
    [payment],
    [{ ...payment, amount: { ...payment.amount, fee: 1 } }],
  ],
  ['another type', [payment], [{ ...payment, type: 'account' }]],
  ['a member fewer', [payment], [{ type: 'payment', to: ['a', 'b'] }]],
  ['an object more', [payment], [payment, small]],
  ['an object fewer', [payment, small], [payment]],
  ['one object for two', [small, small], [small]],
  ['an inherited member', [{ type: 'payment', toString: null } as never], [small]],
  ['something that is no object', [small], ['payment']],
  ['half a character', [{ type: 'payment', to: '\ufffd' } as never], [{ type: 'payment', to: '\ud800' }]],
])('is not granted by %s', (_, asked, granted) => {
  expect(grantsDetails(asked, granted)).toBe(false)
})
