import { expect, it } from 'vitest'
import { targetParameters } from '../../src/op/target-parameters.ts'

const api = { resource: 'https://api.example', scope: 'read' }

it.each([
  ['resource', 'authorization_code', api, { resource: 'https://api.example' }],
  ['resource', 'refresh_token', api, { resource: 'https://api.example', scope: 'read' }],
  ['resource', 'refresh_token', { resource: 'https://api.example' }, { resource: 'https://api.example' }],
  ['audience', 'authorization_code', api, {}],
  ['audience', 'refresh_token', api, { audience: 'https://api.example', scope: 'read' }],
  ['none', 'authorization_code', { scope: 'api://x/read' }, { scope: 'api://x/read' }],
  ['none', 'refresh_token', { scope: 'api://x/read' }, { scope: 'api://x/read' }],
  ['resource', 'refresh_token', {}, {}],
] as const)('by %s, %s for %j sends %j', (resourceParam, grant, target, form) => {
  const options = { profile: { name: 'test', resourceParam }, scope: 'openid' }
  expect(targetParameters(grant, target, options)).toEqual(form)
})

it('asks for `offline_access` too where the sign-in does, or some OPs give no new refresh token', () => {
  const options = { profile: { name: 'test' }, scope: 'openid offline_access' }
  expect(targetParameters('refresh_token', { scope: 'read' }, options)).toEqual({
    scope: 'read offline_access',
  })
})
