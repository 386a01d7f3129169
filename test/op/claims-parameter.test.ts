import { expect, it } from 'vitest'
import { claimsParameter } from '../../src/op/claims-parameter.ts'

const essential = { auth_time: { essential: true } }

it.each([
  [undefined, {}, undefined],
  [undefined, essential, { id_token: essential }],
  [{ userinfo: { name: null } }, {}, { userinfo: { name: null } }],
  [
    { userinfo: { name: null }, id_token: { email: null } },
    essential,
    { userinfo: { name: null }, id_token: { email: null, ...essential } },
  ],
  [
    { access_token: { acrs: { value: 'c1' } } },
    essential,
    { access_token: { acrs: { value: 'c1' } }, id_token: essential },
  ],
  [{ id_token: { auth_time: null, acr: null } }, essential, { id_token: { acr: null, ...essential } }],
])('the app’s claims %j and ours %j make %j', (given, ours, sent) => {
  const text = claimsParameter(given && JSON.stringify(given), ours)
  expect(text && JSON.parse(text)).toEqual(sent)
})

it.each(['', '{', 'null', '[]', '"email"', '{"id_token":[]}', '{"id_token":null}', '{"id_token":"email"}'])(
  'the app’s claims %s are refused',
  text => {
    expect(() => claimsParameter(text, essential)).toThrowError(
      expect.objectContaining({ code: 'configuration_invalid', message: expect.stringContaining('claims') }),
    )
  },
)

it.each([
  [undefined, {}, { access_token: { acrs: null } }, { access_token: { acrs: null } }],
  [
    { access_token: { name: null } },
    essential,
    { access_token: { acrs: null } },
    { access_token: { name: null, acrs: null }, id_token: essential },
  ],
  [
    { id_token: { acr: null } },
    essential,
    { id_token: { acr: { essential: true }, auth_time: null } },
    { id_token: { acr: { essential: true }, ...essential } },
  ],
])('the app’s claims %j, ours %j and a resource server’s %j make %j', (given, ours, demanded, sent) => {
  const text = claimsParameter(given && JSON.stringify(given), ours, demanded)
  expect(text && JSON.parse(text)).toEqual(sent)
})
