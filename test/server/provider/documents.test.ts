import { inspect } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AccessTokenGuardOptions, createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { startOp } from '../../support/op.ts'

const https = 'https://login.example'
const http = 'http://localhost:8080'
const limit = 1024 * 1024
const now = 1_800_000_000
let jwt: string
let jwks: string
/** What the OP's URLs answer with. */
let documents: Record<string, () => Response>
let asked: string[]

beforeAll(async () => {
  const op = await startOp(() => now)
  jwks = await (await fetch(`${op.issuer}/jwks`)).text()
  jwt = await op.mint({ iss: https, aud: 'api' }, { header: { typ: 'at+jwt' } })
  await op.close()
})
beforeEach(() => {
  asked = []
  documents = {}
  publish(https)
})

afterEach(() => {
  vi.useRealTimers()
})

/** An OP as its discovery document describes it. */
function publish(issuer: string, metadata: object = {}): void {
  const endpoints = { jwks_uri: `${issuer}/jwks`, introspection_endpoint: `${issuer}/introspect` }
  const discovery = { issuer, ...endpoints, ...metadata }
  documents[`${issuer}/.well-known/openid-configuration`] = () => Response.json(discovery)
  documents[discovery.jwks_uri] = () => new Response(jwks)
  const answer = { active: true, sub: 'josh', aud: 'api' }
  documents[discovery.introspection_endpoint] = () => Response.json(answer)
}

const scripted: typeof fetch = async input => {
  asked.push(String(input))
  return documents[String(input)]?.() ?? new Response(null, { status: 404 })
}

/** Whether the token passes, or why not. */
async function outcome(token: string, options: Partial<AccessTokenGuardOptions> = {}): Promise<string> {
  const guard = createAccessTokenGuard({
    ...{
      issuer: https,
      audience: 'api',
      store: 'memory',
      now: () => now,
      fetch: scripted,
      onError: () => {},
    },
    introspection: { clientId: 'api', clientSecret: 'secret' },
    ...options,
  })
  const request = new Request('https://api.example/', { headers: { Authorization: `Bearer ${token}` } })
  return guard.requireAccessToken(request).then(
    () => 'passed',
    error => error.code,
  )
}

type Document = 'discovery' | 'jwks' | 'introspection'
const urls: Record<Document, string> = {
  discovery: `${https}/.well-known/openid-configuration`,
  jwks: `${https}/jwks`,
  introspection: `${https}/introspect`,
}

describe.each<[Document, () => string]>([
  ['discovery', () => jwt],
  ['discovery', () => 'opaque'],
  ['jwks', () => jwt],
  ['introspection', () => 'opaque'],
])('the %s document', (name, token) => {
  it.each<[string, number, string]>([
    ['of 1 MiB is read', limit, 'passed'],
    ['of a byte more is refused', limit + 1, 'temporarily_unavailable'],
  ])('%s', async (_, size, expected) => {
    const text = (await documents[urls[name]]?.().text()) ?? ''
    documents[urls[name]] = () => new Response(text.padEnd(size))
    expect(await outcome(token())).toBe(expected)
  })

  it('that never ends is cut at 1 MiB', async () => {
    let read = 0
    const cancel = vi.fn()
    const chunk = new Uint8Array(64 * 1024).fill(0x20)
    const pull = (controller: ReadableStreamDefaultController): void => {
      read += chunk.byteLength
      // Else a reader without a limit would go on until the memory is full.
      if (read > 10 * limit) controller.close()
      else controller.enqueue(chunk)
    }
    documents[urls[name]] = () => new Response(new ReadableStream({ pull, cancel }))
    expect(await outcome(token())).toBe('temporarily_unavailable')
    expect(read).toBeLessThanOrEqual(limit + 3 * chunk.byteLength)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('that breaks off, is no UTF-8 or is refused is a 503', async () => {
    const broken = new ReadableStream({ pull: controller => controller.error(new Error('reset')) })
    for (const body of [broken, new Uint8Array([0x22, 0xff, 0x22])]) {
      documents[urls[name]] = () => new Response(body)
      expect(await outcome(token())).toBe('temporarily_unavailable')
    }
  })

  it('that is no JSON is reported without a word of it', async () => {
    documents[urls[name]] = () => new Response('sk-secret')
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    expect(await outcome(token(), { onError })).toBe('temporarily_unavailable')
    expect(errors).toHaveLength(1)
    expect(inspect(errors)).not.toContain('sk-')
  })

  it.each<[string, () => Response | Promise<never>]>([
    ['never comes', () => new Promise<never>(() => {})],
    ['never ends', () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))],
  ])('that %s is given up after five seconds, even by a fetch that ignores its signal', async (_, answer) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let hangs = false
    const deaf: typeof fetch = async input => {
      if (String(input) !== urls[name]) return scripted(input)
      hangs = true
      return answer()
    }
    let result: string | undefined
    outcome(token(), { fetch: deaf }).then(code => {
      result = code
    })
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve))
    }
    await turns()
    expect(hangs).toBe(true)
    vi.advanceTimersByTime(4_999)
    await turns()
    expect(result).toBeUndefined()
    vi.advanceTimersByTime(1)
    await turns()
    expect(result).toBe('temporarily_unavailable')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is cancelled when its answer is no 200', async () => {
    const cancel = vi.fn()
    documents[urls[name]] = () => new Response(new ReadableStream({ cancel }), { status: 500 })
    expect(await outcome(token())).toBe('temporarily_unavailable')
    expect(cancel).toHaveBeenCalledOnce()
  })
})

describe('a link of the discovery document', () => {
  it.each<[string, string, boolean]>([
    [https, 'https://keys.example/x', true],
    [https, 'http://localhost:9000/x', false],
    [https, 'http://127.0.0.1/x', false],
    [https, 'http://keys.example/x', false],
    [https, 'https://josh:secret@keys.example/x', false],
    [https, 'data:application/json,{}', false],
    [https, '/x', false],
    [http, 'http://localhost:9000/x', true],
    [http, 'https://keys.example/x', true],
    [http, 'http://keys.example/x', false],
  ])('from %s to %s is allowed: %s', async (issuer, url, mayPoint) => {
    for (const name of ['jwks_uri', 'introspection_endpoint']) {
      documents = {}
      publish(issuer, { [name]: url })
      asked = []
      // The token is of another issuer than http, so only what was asked tells.
      await outcome(name === 'jwks_uri' ? jwt : 'opaque', { issuer })
      expect(asked.includes(url)).toBe(mayPoint)
    }
  })
})

describe('a redirect', () => {
  const moved = (to: string, status = 301) => new Response(null, { status, headers: { Location: to } })
  const elsewhere = 'https://login.example/elsewhere/openid-configuration'
  const document = () => Response.json({ issuer: https, jwks_uri: `${https}/jwks` })

  it.each<[string, string, string]>([
    ['another path', '/elsewhere/openid-configuration', elsewhere],
    ['another host', 'https://cdn.example/discovery', 'https://cdn.example/discovery'],
  ])('of discovery to %s is followed', async (_, location, target) => {
    documents[urls.discovery] = () => moved(location)
    documents[target] = document
    expect(await outcome(jwt)).toBe('passed')
  })

  it.each([
    'http://login.example/x',
    'http://127.0.0.1/x',
    'https://josh:secret@login.example/x',
    'http://[',
  ])('of discovery to %s is not followed', async location => {
    documents[urls.discovery] = () => moved(location)
    documents[location] = document
    expect(await outcome(jwt)).toBe('temporarily_unavailable')
    expect(asked).toEqual([urls.discovery])
  })

  it.each([
    [3, 'passed'],
    [4, 'temporarily_unavailable'],
  ])('of discovery that is followed by others, %i in all: %s', async (count, expected) => {
    documents[urls.discovery] = () => moved('/1')
    for (let hop = 1; hop < count; hop++) documents[`${https}/${hop}`] = () => moved(`/${hop + 1}`)
    documents[`${https}/${count}`] = document
    expect(await outcome(jwt)).toBe(expected)
  })

  it('of discovery frees its connection', async () => {
    const cancel = vi.fn()
    const headers = { Location: elsewhere }
    documents[urls.discovery] = () => new Response(new ReadableStream({ cancel }), { status: 308, headers })
    documents[elsewhere] = document
    expect(await outcome(jwt)).toBe('passed')
    expect(cancel).toHaveBeenCalledOnce()
  })

  it.each<[Document, () => string]>([
    ['jwks', () => jwt],
    ['introspection', () => 'opaque'],
  ])('of the %s document is not followed', async (name, token) => {
    documents[urls[name]] = () => moved(elsewhere, 307)
    expect(await outcome(token())).toBe('temporarily_unavailable')
    expect(asked).not.toContain(elsewhere)
  })
})

describe('a link of the options', () => {
  it.each<[string, string, boolean]>([
    [https, 'https://keys.example/x', true],
    [https, 'http://localhost:9000/x', false],
    [https, 'https://josh:secret@keys.example/x', false],
    [https, 'nowhere', false],
    [http, 'http://localhost:9000/x', true],
    [http, 'https://keys.example/x', true],
    [http, 'http://keys.example/x', false],
  ])('from %s to %s is allowed: %s', (issuer, url, mayPoint) => {
    const introspection = { clientId: 'api', clientSecret: 'secret', endpoint: url }
    for (const options of [{ jwksUri: url }, { introspection }]) {
      const make = () => createAccessTokenGuard({ issuer, audience: 'api', store: 'memory', ...options })
      if (mayPoint) expect(make).not.toThrow()
      else expect(make).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
    }
  })
})
