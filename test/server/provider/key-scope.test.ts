import { describe, expect, it } from 'vitest'
import { readKeyScopes } from '../../../src/server/provider/key-scope.ts'

// As Microsoft documents them: one key for all tenants, one for the tenant of personal accounts.
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad'
const of = (tenant: string): string => `https://login.microsoftonline.com/${tenant}/v2.0`
const v1Of = (tenant: string): string => `https://sts.windows.net/${tenant}/`
const keySet = {
  keys: [
    { kid: 'all', issuer: of('{tenantid}') },
    { kid: 'personal', issuer: of(personal) },
    { kid: 'silent' },
    { kid: 'odd', issuer: 'CN=Login' },
    { kid: 'number', issuer: 7 },
  ],
}
const acme = 'aaaabbbb-0000-cccc-1111-dddd2222eeee'
const payloadOf = (claims: unknown) => Buffer.from(JSON.stringify(claims)).toString('base64url')

describe('a key of a set for many tenants', () => {
  it.each<[kid: unknown, iss: unknown, tid: unknown, isGood: boolean]>([
    ['all', of(acme), acme, true],
    ['all', of(personal), personal, true],
    ['all', of(acme), personal, false],
    ['all', of(acme), undefined, false],
    ['all', of(acme), '', false],
    ['all', of(acme), [acme], false],
    ['all', of('{tenantid}'), '{tenantid}', true],
    ['all', v1Of(acme), acme, true],
    ['all', v1Of(acme), personal, false],
    ['all', undefined, acme, false],
    ['personal', of(personal), personal, true],
    ['personal', of(personal), undefined, true],
    ['personal', of(acme), acme, false],
    ['personal', of(acme), personal, false],
    ['personal', v1Of(acme), acme, false],
    ['silent', of(acme), acme, true],
    ['silent', 'https://other.example', undefined, true],
    ['odd', of(acme), acme, true],
    ['number', of(acme), acme, true],
    ['unheard-of', of(acme), acme, true],
    // Without a kid, any of the keys may be meant.
    [undefined, of(personal), personal, true],
    [undefined, of(acme), acme, false],
  ])('%s, for the issuer %s and the tid %s, is good: %s', (kid, iss, tid, isGood) => {
    expect(readKeyScopes(keySet, of('{tenantid}'))(kid, payloadOf({ iss, tid }))).toBe(isGood)
  })

  it('is not good for a payload that cannot be read', () => {
    const isKeyFor = readKeyScopes(keySet, of('{tenantid}'))
    for (const payload of ['', '%', payloadOf(null), payloadOf([]), 'e30=']) {
      expect(isKeyFor('all', payload)).toBe(false)
    }
  })
})

it.each([null, 'keys', [], {}, { keys: null }, { keys: [null, 'x'] }])(
  'a set that is no such set (%j) rules nothing out',
  set => {
    expect(readKeyScopes(set, of(acme))('x', '')).toBe(true)
  },
)
