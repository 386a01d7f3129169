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
