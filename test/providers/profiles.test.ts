import {
  auth0,
  authAction,
  curity,
  erpNet,
  fusionAuth,
  generic,
  type ProviderProfile,
} from 'afresh/providers'
import { describe, expect, it } from 'vitest'
import { stepUpRequest } from '../../src/core/step-up-request.ts'

const account = { iss: 'https://op.example', sub: '1', username: 'josh', email: 'josh@corp.example' }
const ask = (profile: ProviderProfile, demand: Parameters<typeof stepUpRequest>[0]) =>
  stepUpRequest(demand, account, profile)

describe.each([generic, auth0, authAction, curity, erpNet, fusionAuth])('%o', make => {
  it('has a name for error messages, and is made anew each time', () => {
    expect(make().name).toMatch(/\w/)
    expect(make()).not.toBe(make())
  })

  it('sends a person who must authenticate now to a login page', () => {
    expect(ask(make(), { prompt: 'login', maxAge: 0 }).prompt).toBe('login')
  })
})

it('generic() lets the app’s own facts win', () => {
  expect(generic({ name: 'acme', iframe: false })).toEqual({ name: 'acme', iframe: false })
})

it('max_age=0 goes to Auth0 unchanged, and to others as a positive value', () => {
  expect(ask(auth0(), { maxAge: 0 }).maxAge).toBe(0)
  for (const make of [generic, authAction, curity, erpNet, fusionAuth])
    expect(ask(make(), { maxAge: 0 }).maxAge).toBeGreaterThan(0)
})

it.each([0, 1, 300])(
  'a step-up by max_age %i sends prompt=login to Auth0, since auth_time is missing otherwise',
  maxAge => {
    expect(ask(auth0(), { maxAge }).prompt).toBe('login')
    expect(ask(curity(), { maxAge: 300 }).prompt).toBeUndefined()
  },
)

it('a step-up without an age sends Auth0 no prompt, like the others', () => {
  expect(ask(auth0(), { acrValues: ['a'] }).prompt).toBeUndefined()
})

it('no hint goes to FusionAuth on a step-up', () => {
  expect(ask(fusionAuth(), { maxAge: 1 }).loginHint).toBeUndefined()
  expect(ask(erpNet(), { maxAge: 1 }).loginHint).toBe('josh')
})

it.each([
  [auth0, { sub: 'auth0|1' }, true],
  [auth0, { sub: 'samlp|corp|1' }, false],
  [auth0, { sub: 'xauth0|1' }, false],
  [auth0, {}, false],
  [erpNet, { idp: 'local' }, true],
  [erpNet, { idp: 'google' }, false],
  [erpNet, {}, false],
])('%o takes %j for its own login: %s', (make, claims, local) => {
  expect((make() as ProviderProfile).localIdp?.(claims)).toBe(local)
})
