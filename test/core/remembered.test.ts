import { describe, expect, it } from 'vitest'
import { readRemembered, remember } from '../../src/core/remembered.ts'

const iss = 'https://op.example'
const now = 1_000_000_000
const day = 86_400
const jane = { iss, sub: 'jane', usedAt: now }

describe('readRemembered', () => {
  it.each([
    ['an account', { ...jane, name: 'Jane', username: 'jane', picture: 'https://op.example/jane.png' }, 1],
    ['one without a name', jane, 1],
    ['used 180 days ago', { ...jane, usedAt: now - 180 * day }, 1],
    ['used longer ago', { ...jane, usedAt: now - 180 * day - 1 }, 0],
    ['used in the future', { ...jane, usedAt: now + 1 }, 0],
    ['without a time', { iss, sub: 'jane' }, 0],
    ['with a time that is text', { ...jane, usedAt: `${now}` }, 0],
    ['of another issuer', { ...jane, iss: 'https://other.example' }, 0],
    ['without a sub', { iss, usedAt: now }, 0],
    ['with an empty sub', { ...jane, sub: '' }, 0],
    ['with a name that is no text', { ...jane, name: { toString: 'x' } }, 0],
    ['with a name that is too long', { ...jane, name: 'x'.repeat(2049) }, 0],
    ['null', null, 0],
    ['text', 'jane', 0],
  ])('%s', (_, entry, count) => {
    expect(readRemembered([entry], iss, now, 5)).toHaveLength(count)
  })

  it.each([null, 'x', {}, 7])('%j is nobody', value => {
    expect(readRemembered(value, iss, now, 5)).toEqual([])
  })

  it('keeps no picture but from https, and no member that it does not know', () => {
    const others = '{"picture":"javascript:alert(1)","access_token":"at","__proto__":{"name":"x"}}'
    const entry = { ...JSON.parse(others), ...jane }
    expect(readRemembered([entry], iss, now, 5)).toEqual([jane])
  })

  it('the last used first, each once, and no more than wanted', () => {
    const list = ['a', 'b', 'a', 'c', 'd'].map((sub, age) => ({ iss, sub, usedAt: now - 10 + age }))
    expect(readRemembered(list, iss, now, 3).map(({ sub }) => sub)).toEqual(['d', 'c', 'a'])
    expect(readRemembered(list, iss, now, 0)).toEqual([])
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

  it('forgets the one that was used the longest ago when there are too many', () => {
    expect(remember([jane], { iss, sub: 'kim' }, now, 1).map(({ sub }) => sub)).toEqual(['kim'])
  })
})
