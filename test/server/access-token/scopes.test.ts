import { expect, it } from 'vitest'
import { scopesOf } from '../../../src/server/access-token/scopes.ts'

it.each<[string, object, string[]]>([
  ['RFC 9068: text in scope', { scope: 'read pay' }, ['read', 'pay']],
  ['ERP.net, Duende and Spring: a list in scope', { scope: ['read', 'pay'] }, ['read', 'pay']],
  ['Okta and Kinde: a list in scp', { scp: ['read', 'pay'] }, ['read', 'pay']],
  ['Entra and AD FS: text in scp', { scp: 'read pay' }, ['read', 'pay']],
  ['both: scope counts', { scope: 'read', scp: ['admin'] }, ['read']],
  ['an empty scope beside scp: scope counts', { scope: '', scp: 'admin' }, []],
  ['no scope', {}, []],
  ['null beside scp', { scope: null, scp: 'read' }, ['read']],
  ['spaces around names', { scope: ' read  pay ' }, ['read', 'pay']],
  ['entries that are no text', { scope: ['read', 7, null, '', {}] }, ['read']],
  ['a list entry with a space is one name', { scope: ['read pay'] }, ['read pay']],
  ['an object', { scope: { read: true } }, []],
  ['a number', { scp: 7 }, []],
])('the scopes of %s', (_, claims, scopes) => {
  expect(scopesOf(claims)).toEqual(scopes)
})
