// @vitest-environment jsdom
import { ConfigurationError } from 'afresh'
import { describe, expect, it } from 'vitest'
import {
  askedFor,
  frameFor,
  isCovered,
  ownTarget,
  signInFor,
  targetOf,
} from '../../../src/client/api-targets.ts'
import { createClient, setUpPage } from '../../support/client.ts'

setUpPage()

type Param = 'resource' | 'audience' | 'none'
const apis = [
  { origin: 'https://a.example', resource: 'https://a', scope: 'a.read' },
  { origin: 'https://b.example', resource: 'https://b', scope: 'b.read' },
  { origin: 'https://own.example' },
]
const options = (resourceParam: Param) => ({
  scope: 'openid profile offline_access',
  resource: resourceParam === 'none' ? undefined : 'https://own',
  apis: resourceParam === 'none' ? apis.map(({ resource, ...api }) => api) : apis,
  profile: { name: 'test', resourceParam },
})

describe('an OP that knows APIs by', () => {
  it.each<[Param, object, object, object, object]>([
    [
      'resource',
      {
        scope: 'openid profile offline_access a.read b.read',
        resources: ['https://own', 'https://a', 'https://b'],
      },
      { resource: 'https://own' },
      {
        scope: 'openid profile offline_access a.read b.read',
        resources: ['https://own', 'https://a', 'https://b'],
      },
      { scope: 'openid a.read', resources: ['https://a'] },
    ],
    [
      'audience',
      { scope: 'openid profile offline_access', resources: ['https://own'] },
      { resource: 'https://own', scope: 'openid profile offline_access' },
      { scope: 'openid profile offline_access a.read', resources: ['https://a'] },
      { scope: 'openid a.read', resources: ['https://a'] },
    ],
    [
      'none',
      { scope: 'openid profile offline_access a.read b.read', resources: [] },
      { scope: 'openid profile offline_access' },
      { scope: 'openid profile offline_access a.read b.read', resources: [] },
      { scope: 'openid a.read', resources: [] },
    ],
  ])('%s is asked for all tokens in a sign-in, and for one in a frame', (param, all, own, visit, frame) => {
    const target = targetOf(options(param), {
      ...(param !== 'none' && { resource: 'https://a' }),
      scope: 'a.read',
    })
    expect(askedFor(options(param))).toEqual(all)
    expect(ownTarget(options(param))).toEqual(own)
    expect(signInFor(options(param), target)).toEqual({ ...visit, target })
    expect(frameFor(options(param), target)).toEqual({ ...frame, target })
  })

  it.each<[Param, object]>([
    ['resource', {}],
    ['audience', {}],
    ['none', {}],
  ])('%s is not told of several where there are none', (resourceParam, own) => {
    const one = { scope: 'openid', resource: undefined, apis: [{ origin: 'https://a.example' }] }
    const alone = { ...one, profile: { name: 'test', resourceParam } }
    expect(ownTarget(alone)).toEqual(own)
    expect(askedFor(alone)).toEqual({ scope: 'openid', resources: [] })
    expect([signInFor(alone, null), frameFor(alone, null)]).toEqual([{}, {}])
  })
})

describe('what a token is wanted for', () => {
  it.each([
    [{}, null],
    [{ resource: 'https://own' }, null],
    [{ scope: 'offline_access profile' }, null],
    [{ scope: 'x' }, { resource: 'https://own', scope: 'x' }],
    [{ resource: 'https://a' }, { resource: 'https://a' }],
  ])('%j is the target %j', (wanted, target) => {
    expect(targetOf(options('resource'), wanted)).toEqual(target)
  })

  it.each([
    [{ resource: 'https://a', scope: 'b.read a.read' }, true],
    [{ resource: 'https://a', scope: 'a.write' }, false],
    [{ resource: 'https://x' }, false],
    [{ scope: 'profile' }, true],
  ])('%j is good for the refresh token: %s', (target, isGood) => {
    expect(isCovered(options('resource'), target)).toBe(isGood)
  })

  it('needs scopes where the OP knows an API by these alone', () => {
    expect(() => targetOf(options('none'), { resource: 'https://a' })).toThrow(ConfigurationError)
  })
})

it.each([
  ['names an origin twice', undefined, [{ origin: 'https://a.example' }, { origin: 'https://A.example/' }]],
  [
    'has no scope where the OP knows APIs by these alone',
    'none',
    [{ origin: 'https://a.example', resource: 'https://a' }],
  ],
  ['is no origin', undefined, [{ origin: 'https://a.example/v1' }]],
] as const)('an `api` that %s is refused', (_, resourceParam, api) => {
  const provider = { name: 'test', ...(resourceParam && { resourceParam }) }
  expect(() => createClient({ api, provider })).toThrow(ConfigurationError)
})
