import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type AccessTokenGuard,
  type AccessTokenRequirement,
  createAccessTokenGuard,
  type IntrospectionOptions,
} from '../../../src/server/access-token.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
const start = 1_800_000_000
let guard: AccessTokenGuard
let errors: unknown[]
/** The questions that the OP has not answered, by token. It answers when the test says so. */
let open: Map<string, (response: Response) => void>
/** How often the OP was asked about a token. */
let asked: Map<string, number>
let discoveries: number
/** Whether the OP answers at once. */
let isFast: boolean

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  clock.time = start
  errors = []
  open = new Map()
  asked = new Map()
  discoveries = 0
  isFast = false
  guard = guardOf()
})
afterEach(() => {
  vi.useRealTimers()
})

const op: typeof fetch = async (url, init) => {
  if (!String(url).endsWith('/introspect')) {
    discoveries++
    const issuer = 'https://login.example'
    return Response.json({ issuer, introspection_endpoint: `${issuer}/introspect` })
  }
  const token = new URLSearchParams(String(init?.body)).get('token') ?? ''
  asked.set(token, (asked.get(token) ?? 0) + 1)
  if (isFast) return Response.json(answerTo(token))
  return new Promise(resolve => open.set(token, resolve))
}

const guardOf = (introspection: Partial<IntrospectionOptions> = {}): AccessTokenGuard =>
  createAccessTokenGuard({
    ...{ issuer: 'https://login.example', audience: 'api', store: 'memory', now: clock.now, fetch: op },
    onError: error => errors.push(error),
    introspection: { clientId: 'api', clientSecret: 'secret', ...introspection },
  })

async function call(token: string, requirement: AccessTokenRequirement = {}): Promise<string> {
  const request = new Request('https://api.example/', { headers: { Authorization: `Bearer ${token}` } })
  return guard.requireAccessToken(request, requirement).then(
    () => 'passed',
    error => error.code,
  )
}
const callAll = (tokens: readonly string[]): Promise<string[]> =>
  Promise.all(tokens.map(token => call(token)))

const tokensOf = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`)
const all = (count: number, outcome: string): string[] => Array(count).fill(outcome)

/** How many wait for their turn: each has a timer, and so has each question. */
const lineLength = (): number => vi.getTimerCount() - open.size

/** Goes on when something has come about. */
async function until(isSo: () => boolean, what = 'what was waited for'): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    if (turn > 1_000) throw new Error(`It did not come about: ${what}`)
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** Tokens that begin with `good` are active. */
function answerTo(token: string, claims: object = {}): object {
  if (!token.startsWith('good')) return { active: false }
  return { active: true, sub: 'josh', aud: 'api', auth_time: start, ...claims }
}

async function answer(token: string, claims: object = {}): Promise<void> {
  await until(() => open.has(token), `a question about ${token}`)
  open.get(token)?.(Response.json(answerTo(token, claims)))
  open.delete(token)
}

async function answerAll(tokens: readonly string[], claims: object = {}): Promise<void> {
  for (const token of tokens) await answer(token, claims)
}

/** Makes the guard know tokens as good, and then lets the answers' time go by. */
async function know(tokens: readonly string[]): Promise<void> {
  const calls = callAll(tokens)
  await answerAll(tokens)
  expect(await calls).toEqual(all(tokens.length, 'passed'))
  clock.advance(30)
}

const unavailable = 'temporarily_unavailable'

describe('while 150 callers bring made-up tokens and the OP is slow', () => {
  const garbage = tokensOf('garbage', 150)
  const good = tokensOf('good', 30)

  it('tokens that were good are asked about at once, and pass', async () => {
    await know(good)
    const refused = callAll(garbage)
    await until(() => open.size === 100)
    const passed = callAll(good)
    await answerAll(good)
    expect(await passed).toEqual(all(30, 'passed'))
    await answerAll(garbage)
    expect(await refused).toEqual(all(150, 'invalid_token'))
  })

  it('good tokens that come for the first time wait in the queue, and pass', async () => {
    const refused = callAll(garbage)
    await until(() => open.size === 100)
    const passed = callAll(good)
    await answerAll([...garbage, ...good])
    expect(await passed).toEqual(all(30, 'passed'))
    expect(await refused).toEqual(all(150, 'invalid_token'))
    expect(errors).toEqual([])
  })

  it('the OP gets a hundred questions at most', async () => {
    let most = 0
    const calls = callAll(garbage)
    for (const token of garbage) {
      await until(() => open.has(token))
      most = Math.max(most, open.size)
      await answer(token)
    }
    await calls
    expect(most).toBe(100)
  })
})

describe('the wait for a turn', () => {
  beforeEach(() => {
    guard = guardOf({ maxConcurrent: 2 })
  })

  it('ends after two seconds with a 503 that is not logged, while the questions under way are answered', async () => {
    const calls = callAll(['good-1', 'good-2', 'good-3'])
    await until(() => lineLength() === 1)
    vi.advanceTimersByTime(2_000)
    await answerAll(['good-1', 'good-2'])
    expect(await calls).toEqual(['passed', 'passed', unavailable])
    expect(errors).toEqual([])
    const later = call('good-3')
    await answer('good-3')
    expect(await later).toBe('passed')
  })

  it('has room for twenty where two are asked about, and one more is refused at once unless it was good', async () => {
    await know(['good'])
    const garbage = callAll(tokensOf('garbage', 22))
    await until(() => lineLength() === 20)
    expect(await call('more')).toBe(unavailable)
    const passed = call('good')
    await answer('good')
    expect(await passed).toBe('passed')
    await answerAll(tokensOf('garbage', 22))
    await garbage
  })

  it('is shared by callers with the same token, and so is the question', async () => {
    const before = callAll(['a', 'b'])
    const calls = callAll(all(150, 'good'))
    await until(() => lineLength() === 1)
    await answerAll(['a', 'b', 'good'])
    expect(await calls).toEqual(all(150, 'passed'))
    expect(await before).toEqual(all(2, 'invalid_token'))
    expect(asked.get('good')).toBe(1)
  })

  it.each<[string, () => Promise<unknown>]>([
    [
      'has been revoked',
      async () => {
        await know(['good'])
        const again = call('good')
        await until(() => open.has('good'))
        open.get('good')?.(Response.json({ active: false }))
        open.delete('good')
        return again
      },
    ],
    [
      'is for another API',
      async () => {
        const again = call('good')
        await answer('good', { aud: 'other' })
        return again
      },
    ],
  ])('is in the common queue for a token that %s', async (_, refuse) => {
    expect(await refuse()).toBe('invalid_token')
    clock.advance(30)
    const garbage = callAll(['a', 'b'])
    await until(() => open.size === 2)
    const waiting = call('good')
    await until(() => lineLength() === 1)
    await answerAll(['a', 'b', 'good'])
    await Promise.all([garbage, waiting])
  })
})

describe('answers that are kept', () => {
  it('are not pushed out by made-up tokens, however many', async () => {
    isFast = true
    guard = guardOf({ maxCached: 20 })
    const good = tokensOf('good', 10)
    await callAll(good)
    for (let batch = 0; batch < 5; batch++) await callAll(tokensOf(`garbage-${batch}`, 100))
    expect(await callAll(good)).toEqual(all(10, 'passed'))
    expect(good.map(token => asked.get(token))).toEqual(Array(10).fill(1))
  })

  it('cover the last 1,000 refused tokens', async () => {
    const garbage = tokensOf('garbage', 1_001)
    const calls = callAll(garbage)
    await answerAll(garbage)
    await calls
    await callAll(garbage.slice(1))
    const again = call('garbage-0')
    await answer('garbage-0')
    await again
    expect([asked.get('garbage-0'), asked.get('garbage-1'), asked.get('garbage-1000')]).toEqual([2, 1, 1])
  })

  it('count their time from the question, not from when the token came', async () => {
    guard = guardOf({ maxConcurrent: 1 })
    const calls = callAll(['a', 'good'])
    await until(() => open.has('a') && lineLength() === 1)
    clock.advance(10)
    await answerAll(['a', 'good'])
    await calls
    clock.advance(29)
    expect(await call('good')).toBe('passed')
    clock.advance(1)
    const again = call('good')
    await answer('good')
    await again
    expect(asked.get('good')).toBe(2)
  })
})

describe('a clock that is set back', () => {
  it('does not make an answer last longer', async () => {
    isFast = true
    expect(await call('good')).toBe('passed')
    clock.advance(-1)
    await call('good')
    expect(asked.get('good')).toBe(2)
  })
})

describe('a condition that held before the OP answered is checked again', () => {
  it.each<[string, object, AccessTokenRequirement, string]>([
    ['a token that expired meanwhile', { exp: start + 3 - 30 }, {}, 'invalid_token'],
    ['a token that expires next', { exp: start + 4 - 30 }, {}, 'passed'],
    [
      'a login that grew too old meanwhile',
      { auth_time: start - 58 - 30 },
      { maxAge: 60 },
      'step_up_required',
    ],
    ['a login that is just fresh enough', { auth_time: start - 57 - 30 }, { maxAge: 60 }, 'passed'],
    ['a token that became good meanwhile', { nbf: start + 33 }, {}, 'passed'],
  ])('%s', async (_, claims, requirement, outcome) => {
    const result = call('good', requirement)
    await until(() => open.has('good'))
    clock.advance(3)
    await answer('good', claims)
    expect(await result).toBe(outcome)
  })
})

describe('an OP that fails', () => {
  it('is reported once in 30 s, with how many questions failed', async () => {
    const fail = async (tokens: readonly string[]): Promise<void> => {
      const calls = callAll(tokens)
      for (const token of tokens) {
        await until(() => open.has(token))
        open.get(token)?.(new Response(null, { status: 500 }))
        open.delete(token)
      }
      expect(await calls).toEqual(all(tokens.length, unavailable))
    }
    await fail(tokensOf('garbage', 150))
    expect(errors).toHaveLength(1)
    clock.advance(30)
    await fail(['more'])
    expect(errors).toHaveLength(2)
    expect(String(errors[1])).toContain('149 more')
  })

  it('is asked for its endpoint once by questions that come together', async () => {
    const tokens = tokensOf('good', 20)
    const calls = callAll(tokens)
    await answerAll(tokens)
    await calls
    expect(discoveries).toBe(1)
  })
})
