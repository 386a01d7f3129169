import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'

const now = 1_800_000_000
let op: ScriptedOp
beforeAll(async () => {
  op = await startOp(() => now)
})
afterAll(() => op.close())

async function outcome(token: string, answer: object, clockSkew?: number): Promise<string> {
  const guard = createAccessTokenGuard({
    ...{ issuer: op.issuer, audience: 'api', store: 'memory', now: () => now },
    ...(clockSkew !== undefined && { clockSkew }),
    introspection: { clientId: 'api', clientSecret: 'secret', endpoint: `${op.issuer}/introspect` },
    fetch: async (url, init) =>
      String(url).endsWith('/introspect') ? Response.json(answer) : fetch(url, init),
  })
  const request = new Request('https://api.example/', { headers: { Authorization: `Bearer ${token}` } })
  return guard.requireAccessToken(request).then(
    () => 'passed',
    error => error.code,
  )
}

// As for ID Tokens: test/server/freshness.
describe('a token with nbf (RFC 7519 §4.1.5)', () => {
  it.each<[string, unknown, number | undefined, string]>([
    ['does not say', undefined, undefined, 'passed'],
    ['says now', now, undefined, 'passed'],
    ['says long ago', 0, undefined, 'passed'],
    ['says a time ahead by the skew', now + 30, undefined, 'passed'],
    ['says a second more', now + 31, undefined, 'invalid_token'],
    ['says half a second more', now + 30.5, undefined, 'invalid_token'],
    ['says in an hour', now + 3_600, undefined, 'invalid_token'],
    ['says now in milliseconds', now * 1_000, undefined, 'invalid_token'],
    ['says a time ahead by the skew of the options', now + 5, 5, 'passed'],
    ['says a second more than the skew of the options', now + 6, 5, 'invalid_token'],
    ['says now where there is no skew', now, 0, 'passed'],
    ['says the next second where there is no skew', now + 1, 0, 'invalid_token'],
    ['says it in words', 'now', undefined, 'invalid_token'],
    ['says a number as text', String(now), undefined, 'invalid_token'],
    ['says null', null, undefined, 'invalid_token'],
    ['says true', true, undefined, 'invalid_token'],
    ['says a list', [now], undefined, 'invalid_token'],
  ])('that %s is judged the same as a JWT and by introspection', async (_, nbf, clockSkew, expected) => {
    const jwt = await op.mint({ aud: 'api', nbf }, { header: { typ: 'at+jwt' } })
    expect(await outcome(jwt, {}, clockSkew)).toBe(expected)
    const answer = { active: true, sub: 'josh', aud: 'api', nbf }
    expect(await outcome('opaque', answer, clockSkew)).toBe(expected)
  })
})
