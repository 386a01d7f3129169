// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { carryOver } from '../../../src/client/session/carry-over.ts'
import { readHandedOver } from '../../../src/client/session/read-handed-over-tokens.ts'
import type { SessionTokens } from '../../../src/core/tokens.ts'

const now = 1000
const clock = { now: () => now * 1000, elapsed: () => 0 }
const token = (accessToken: string, accessTokenExpiresAt: number | null) => ({
  accessToken,
  tokenType: 'Bearer',
  accessTokenExpiresAt,
})

function tokensOf(changes: Partial<SessionTokens> = {}, sub = 'josh'): SessionTokens {
  const claims = { iss: 'https://op.example', sub, aud: 'payments', exp: 2, iat: 1 }
  const idToken = ['{}', JSON.stringify(claims), '']
    .map(part => Buffer.from(part).toString('base64url'))
    .join('.')
  const own = token('own', now + 60)
  return { account: { iss: claims.iss, sub }, claims, ...own, idToken, epoch: 1, serial: 1, ...changes }
}

describe('new tokens', () => {
  const current = tokensOf({
    others: { good: token('a', now + 1), over: token('b', now), endless: token('c', null) },
  })

  it.each([
    ['the same person', tokensOf(), ['good', 'endless']],
    [
      'the same person, with one of them',
      tokensOf({ others: { good: token('new', now + 9) } }),
      ['good', 'endless'],
    ],
    ['another person', tokensOf({}, 'jane'), []],
    ['another sign-in', tokensOf({ epoch: 2 }), []],
  ])('of %s take along what is still good of the others: %s', (_, next, names) => {
    const { others = {} } = carryOver(next, current, clock)
    expect(Object.keys(others)).toEqual(names)
    expect(others.good?.accessToken).toBe(
      names.length > 0 ? (next.others?.good?.accessToken ?? 'a') : undefined,
    )
  })

  it.each([
    ['that are asked for another API keep the session’s own token', 0, now + 60, 'own'],
    ['keep none that is over', 0, now, 'new'],
    ['come with the session’s own', now + 5, now + 60, 'new'],
    ['that never end are the session’s own', null, now + 60, 'new'],
  ])('%s', (_, expiresAt, ownExpiresAt, kept) => {
    const next = tokensOf(token('new', expiresAt))
    expect(carryOver(next, tokensOf(token('own', ownExpiresAt)), clock).accessToken).toBe(kept)
  })

  it('are the same object where there is nothing to take along', () => {
    const next = tokensOf()
    expect(carryOver(next, tokensOf(), clock)).toBe(next)
    expect(carryOver(next, null, clock)).toBe(next)
  })
})

describe('tokens that are handed over', () => {
  const party = { issuers: ['https://op.example'], clientId: 'payments' }

  it.each([
    ['a good one', { a: token('a', 5) }, { a: token('a', 5) }],
    ['one that never ends', { a: token('a', null) }, { a: token('a', null) }],
    ['one without a text', { a: token('', 5) }, undefined],
    ['one with an end that is no time', { a: { ...token('a', 5), accessTokenExpiresAt: '5' } }, undefined],
    ['a good one and a bad one', { a: token('a', 5), b: null }, { a: token('a', 5) }],
    ['text', 'a', undefined],
  ])('bring %s of another API as it can be used', (_, others, read) => {
    expect(readHandedOver({ ...tokensOf(), others }, party)?.others).toEqual(read)
  })
})
