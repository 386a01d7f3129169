import { beforeEach, describe, expect, it } from 'vitest'
import { type AccessTokenGuard, createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { ManualClock } from '../../support/shop.ts'

const issuer = 'https://login.example'
const clock = new ManualClock()
/** Where the OP's discovery document says that the endpoint is. */
let published: string
/** What each of its URLs answers. */
let answers: Record<string, () => Response | Promise<Response>>
let asked: string[]
let guard: AccessTokenGuard

beforeEach(() => {
  clock.time = 1_800_000_000
  published = `${issuer}/one`
  asked = []
  answers = { [`${issuer}/one`]: good, [`${issuer}/two`]: good }
  guard = guardOf()
})

const good = (): Response => Response.json({ active: true, sub: 'josh', aud: 'api' })

const op: typeof fetch = async input => {
  const url = String(input)
  asked.push(url.replace(issuer, ''))
  if (url.includes('/.well-known/')) return Response.json({ issuer, introspection_endpoint: published })
  return answers[url]?.() ?? new Response(null, { status: 404 })
}

const guardOf = (endpoint?: string): AccessTokenGuard =>
  createAccessTokenGuard({
    ...{ issuer, audience: 'api', store: 'memory', now: clock.now, fetch: op, onError: () => {} },
    introspection: {
      ...{ clientId: 'api', clientSecret: 'secret', cacheTtl: 0 },
      ...(endpoint !== undefined && { endpoint }),
    },
  })

async function call(): Promise<string> {
  const request = new Request('https://api.example/', { headers: { Authorization: 'Bearer opaque' } })
  return guard.requireAccessToken(request).then(
    () => 'passed',
    error => error.code,
  )
}

const discovery = '/.well-known/openid-configuration'
const failures: [string, () => Response | Promise<Response>][] = [
  ['answers 404', () => new Response(null, { status: 404 })],
  ['answers 410', () => new Response(null, { status: 410 })],
  ['answers 503', () => new Response(null, { status: 503 })],
  ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
  ['answers with a page', () => new Response('<html>')],
  ['answers what is no introspection', () => Response.json({})],
]

describe('an introspection endpoint that was discovered', () => {
  it('is kept while it answers', async () => {
    for (const _ of [1, 2, 3]) expect(await call()).toBe('passed')
    expect(asked).toEqual([discovery, '/one', '/one', '/one'])
  })

  it.each(failures)('is discovered again after it %s', async (_, answer) => {
    await call()
    published = `${issuer}/two`
    answers[`${issuer}/one`] = answer
    expect(await call()).toBe('temporarily_unavailable')
    expect(await call()).toBe('passed')
    expect(asked).toEqual([discovery, '/one', '/one', discovery, '/two'])
  })

  it('is discovered again once in 30 s at most', async () => {
    answers[`${issuer}/one`] = () => new Response(null, { status: 500 })
    for (const seconds of [0, 0, 0, 29, 1, 0]) {
      clock.advance(seconds)
      expect(await call()).toBe('temporarily_unavailable')
    }
    expect(asked.filter(path => path === discovery)).toHaveLength(3)
  })
})

describe('an introspection endpoint of the options', () => {
  it.each(failures)('stays what it is when it %s', async (_, answer) => {
    guard = guardOf(`${issuer}/one`)
    answers[`${issuer}/one`] = answer
    for (const _ of [1, 2]) expect(await call()).toBe('temporarily_unavailable')
    expect(asked).toEqual(['/one', '/one'])
  })
})
