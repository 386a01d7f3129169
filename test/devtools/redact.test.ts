import { describe, expect, it } from 'vitest'
import { initialState } from '../../src/core/machine/state.ts'
import { personalIn } from '../../src/devtools/personal.ts'
import { createRedact } from '../../src/devtools/redact.ts'
import { signedInAs } from './samples.ts'

const redact = createRedact({ names: [], claims: [] })
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqb3NoIn0.c2lnbmF0dXJlLW9mLWl0'

describe('out of a text goes', () => {
  it.each([
    ['a token', `${jwt} is no token`, '… is no token'],
    ['a code', 'SplxlOBeZQQYbYS6WxSbIA was used', '… was used'],
    ['a UUID', 'session 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', 'session …'],
    ['a short code by its name', 'code=ab12&state=xy', 'code=…&state=…'],
    ['the same in JSON', '{"refresh_token":"ab12"}', '{"refresh_token":"…"}'],
    ['the same in a header', 'Authorization: Bearer ab12', 'Authorization: Bearer …'],
    ['an address’s query', 'at https://op.example/a?code=1&x=2 now', 'at https://op.example/a?… now'],
    ['an address’s fragment', 'at https://op.example/a#code=1 now', 'at https://op.example/a#… now'],
    ['a path’s query', 'GET /callback?code=abc failed', 'GET /callback?… failed'],
    ['an address’s password', 'at https://josh:pw@op.example/', 'at https://op.example/'],
    ['a long part of an address', 'https://op.example/u/8f3e2c9a7b1d/x', 'https://op.example/u/…/x'],
    ['an e-mail address', 'josh.rivera@pay.example is unknown', '… is unknown'],
    ['the same in an address', 'hint josh%40pay.example', 'hint …'],
  ])('%s', (_, text, left) => {
    expect(redact(text)).toBe(left)
  })
})

describe('in a text stays', () => {
  it.each([
    'The page at `callbackUrl` (/auth/callback.html) answers with status 404: deploy the page there.',
    'This page is sent with Cross-Origin-Embedder-Policy, so that it can frame only pages that are sent with it too.',
    "send it with `Content-Security-Policy: frame-ancestors 'self'`.",
    'ID Token refused: nonce is mismatch',
    'The OpenID Provider did not answer in 10 s (unmet_authentication_requirements)',
    'at https://login.example.com:8443/realms/payments/.well-known/openid-configuration',
    'Compare `authorizationParams` and `idTokenSignature`. What now?',
    'the device’s clock seems to be 3600 s fast',
  ])('%s', text => {
    expect(redact(text)).toBe(text)
  })
})

describe('of persons', () => {
  const of = (claims: object) => createRedact(personalIn(signedInAs(claims)))

  it.each([
    ['the name', {}, 'JOSH RIVERA is blocked', '… is blocked'],
    ['each word of it', {}, 'Rivera, Josh', '…, …'],
    ['the sub', {}, 'no user user-4711', 'no user …'],
    ['the name in another script', { name: '山田太郎' }, '山田太郎さんは', '…さんは'],
    ['a username', { preferred_username: 'jriv+1' }, 'login jriv+1 failed', 'login … failed'],
    ['a name of one letter as a word', { name: 'X' }, 'X fixes the proxy', '… fixes the proxy'],
    ['a short name as a word', { name: 'Tim' }, 'Tim had no time', '… had no time'],
    ['what else the claims say', { employee: 'EMP-00077' }, 'EMP-00077 is new', '… is new'],
    ['a number by which the person is found', { employee: 4_711_008 }, 'employee 4711008', 'employee …'],
    [
      'a short name behind a space in an address',
      { name: 'Hanna' },
      'no /people/Ada%20Hanna',
      'no /people/Ada%20…',
    ],
    ['what is deep in them', { address: { locality: 'Northtown' } }, 'in northtown', 'in …'],
  ])('%s goes', (_, claims, text, left) => {
    expect(of(claims)(text)).toBe(left)
  })

  it.each([
    ['the issuer', {}, 'https://login.example.com'],
    ['the audience', {}, 'payments'],
    ['a short word that a role is called', { role: 'user' }, 'the userinfo endpoint'],
  ])('%s stays', (_, claims, text) => {
    expect(of(claims)(text)).toBe(text)
  })

  it.each([
    [
      'who was here before',
      { former: { status: 'known', account: { iss: 'i', sub: 's', name: 'Jane Okafor' } } },
    ],
    ['whom the tab showed last', { lastShown: { iss: 'i', sub: 's', name: 'Jane Okafor' } }],
    ['who is remembered', { remembered: [{ iss: 'i', sub: 's', name: 'Jane Okafor' }] }],
    [
      'who has arrived',
      {
        interactions: [
          {
            type: 'account_question',
            id: '1',
            from: { iss: 'i', sub: 'other' },
            arrival: { signedIn: { account: { iss: 'i', sub: 's', name: 'Jane Okafor' }, claims: {} } },
          },
        ],
      },
    ],
  ])('%s goes too', (_, part) => {
    const known = personalIn({ ...initialState, ...(part as object) })
    expect(createRedact(known)('Jane Okafor is here')).toBe('… is here')
  })
})
