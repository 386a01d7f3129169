import { describe, expect, it } from 'vitest'
import { readRemembered, remember } from '../../src/core/remembered-accounts.ts'

const iss = 'https://op.example'
const now = 1_000_000_000
const day = 86_400
const jane = { iss, sub: 'jane', usedAt: now }

describe('readRemembered', () => {
  it.each([
    ['an account', 1, { ...jane, name: 'Jane', username: 'jane', picture: 'https://op.example/jane.png' }],
    ['an account without a name', 1, jane],
    ['an account used 180 days ago', 1, { ...jane, usedAt: now - 180 * day }],
    ['an account used longer ago', 0, { ...jane, usedAt: now - 180 * day - 1 }],
    ['an account used in the future', 0, { ...jane, usedAt: now + 1 }],
    ['an account without a time', 0, { iss, sub: 'jane' }],
    ['an account with a time that is text', 0, { ...jane, usedAt: `${now}` }],
    ['an account of another issuer', 0, { ...jane, iss: 'https://other.example' }],
    ['an account without a sub', 0, { iss, usedAt: now }],
    ['an account with an empty sub', 0, { ...jane, sub: '' }],
    ['an account with a name that is no text', 0, { ...jane, name: { toString: 'x' } }],
    ['an account with a name that is too long', 0, { ...jane, name: 'x'.repeat(2049) }],
    ['null', 0, null],
    ['text', 0, 'jane'],
  ])('given %s keeps %i accounts', (_, count, entry) => {
    expect(readRemembered([entry], [iss], now, 5)).toHaveLength(count)
  })

  it.each([null, 'x', {}, 7])('reads no account out of %j', value => {
    expect(readRemembered(value, [iss], now, 5)).toEqual([])
  })

  it('keeps pictures from https only, and no member that it does not know', () => {
    const others = '{"picture":"javascript:alert(1)","access_token":"at","__proto__":{"name":"x"}}'
    const entry = { ...JSON.parse(others), ...jane }
    expect(readRemembered([entry], [iss], now, 5)).toEqual([jane])
  })

  it('lists each account once, the last used first, and no more than wanted', () => {
    const list = ['a', 'b', 'a', 'c', 'd'].map((sub, age) => ({ iss, sub, usedAt: now - 10 + age }))
    expect(readRemembered(list, [iss], now, 3).map(({ sub }) => sub)).toEqual(['d', 'c', 'a'])
    expect(readRemembered(list, [iss], now, 0)).toEqual([])
  })
})

describe('accounts of two issuers with one sub', () => {
  const here = { ...jane, iss: `${iss}/a` }
  const there = { ...jane, iss: `${iss}/b` }

  it('are two accounts', () => {
    expect(readRemembered([here, there], [here.iss, there.iss], now, 5)).toEqual([here, there])
    expect(remember([here], there, now, 5)).toEqual([there, here])
  })
})

describe('remember', () => {
  it('keeps what the chooser shows and one name to sign in with', () => {
    const account = { iss, sub: 'kim', name: 'Kim', username: 'kim', email: 'kim@x', picture: 'https://x/k' }
    expect(remember([jane], account, now, 5)).toEqual([
      { iss, sub: 'kim', name: 'Kim', username: 'kim', picture: 'https://x/k', usedAt: now },
      jane,
    ])
  })

  it('forgets the account that was used the longest ago when there are too many', () => {
    expect(remember([jane], { iss, sub: 'kim' }, now, 1).map(({ sub }) => sub)).toEqual(['kim'])
  })
})
