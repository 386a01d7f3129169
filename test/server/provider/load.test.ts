import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AnswerTime } from '../../../src/server/provider/fetch-json.ts'
import { createProviderKeys, type ProviderKeys } from '../../../src/server/provider/keys.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let keys: ProviderKeys
let answers: AnswerTime[]
/** What the OP's answers say of its clock; `Date` of the test's machine is taken away. */
let headers: Record<string, string>

beforeEach(async () => {
  clock.time = 1_800_000_000
  op = await startOp(clock.now)
  answers = []
  headers = {}
  const stamped: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    return new Response(response.body, { status: response.status, headers })
  }
  keys = createProviderKeys({
    ...{ issuer: op.issuer, jwksUri: undefined, jwksGrace: 3_600 },
    ...{ fetch: stamped, now: clock.now, onError: () => {}, onAnswer: answer => answers.push(answer) },
  })
})
afterEach(() => op.close())

const date = 1_800_000_000
const imf = 'Fri, 15 Jan 2027 08:00:00 GMT'

describe('loading the keys', () => {
  it('fetches them once for callers that come together, and not again while they are fresh', async () => {
    await Promise.all([keys.load(), keys.load(), keys.load()])
    clock.advance(599)
    await keys.load()
    expect(op.requests).toMatchObject({ discovery: 1, jwks: 1 })
    clock.advance(1)
    await keys.load()
    expect(op.requests.jwks).toBe(2)
  })

  it('counts the ten minutes from the question, so that fresh keys mean a fresh answer', async () => {
    let isSlow = true
    const slow: typeof fetch = async (input, init) => {
      if (isSlow) clock.advance(2)
      return fetch(input, init)
    }
    const { load } = createProviderKeys({
      ...{ issuer: op.issuer, jwksUri: `${op.issuer}/jwks`, jwksGrace: 0 },
      ...{ fetch: slow, now: clock.now, onError: () => {} },
    })
    await load()
    isSlow = false
    clock.advance(598)
    await load()
    expect(op.requests.jwks).toBe(2)
  })

  it('shares its fetch with a token that needs a key', async () => {
    const header = { alg: 'RS256', kid: 'RS256-1' }
    await Promise.all([keys.load(), keys.find(header, { payload: '', signature: '' })])
    expect(op.requests.jwks).toBe(1)
  })

  it('rejects with the reason while the OP is down, and asks it once a second at most', async () => {
    op.metadata = { jwks_uri: undefined }
    for (const _ of [1, 2]) {
      await expect(keys.load()).rejects.toThrow('jwks_uri')
    }
    expect(op.requests.discovery).toBe(1)
    op.metadata = {}
    clock.advance(1)
    await keys.load()
    expect(op.requests).toMatchObject({ discovery: 2, jwks: 1 })
  })

  it.each<[string, typeof fetch, string]>([
    ['the network’s own code', fetch, ' of the OP gave no answer (ECONNREFUSED)'],
    [
      'no code of another runtime',
      () => Promise.reject(new TypeError('failed')),
      ' of the OP gave no answer',
    ],
    [
      'no text that is not a code',
      () => Promise.reject(new TypeError('failed', { cause: { code: 'sk-secret' } })),
      ' of the OP gave no answer',
    ],
  ])('rejects with %s in the message when nobody listens there', async (_, fetch, message) => {
    await op.close()
    const onError = () => {}
    const { load } = createProviderKeys({
      ...{ issuer: op.issuer, jwksUri: undefined, jwksGrace: 0, fetch, now: clock.now, onError },
    })
    const url = `${op.issuer}/.well-known/openid-configuration`
    await expect(load()).rejects.toHaveProperty('message', url + message)
  })

  it('goes on with old keys while they are allowed', async () => {
    await keys.load()
    op.down = true
    clock.advance(600)
    await keys.load()
  })
})

describe('the clock in the OP’s answers', () => {
  it('is reported for discovery and for the keys', async () => {
    headers = { Date: imf, Age: '7' }
    await keys.load()
    const told = { date, age: 7, receivedAt: clock.time }
    expect(answers).toEqual([told, told])
  })

  it.each<[string, Record<string, string>, Partial<AnswerTime>]>([
    ['no Date', {}, { date: null, age: 0 }],
    ['an empty Date', { Date: '' }, { date: null }],
    ['a Date without a zone', { Date: 'Fri Jan 15 08:00:00 2027' }, { date: null }],
    ['a number as Date', { Date: '1800000000' }, { date: null }],
    ['two Dates in one', { Date: `${imf}, ${imf}` }, { date: null }],
    ['a Date on no calendar', { Date: 'Fri, 99 Jan 2027 08:00:00 GMT' }, { date: null }],
    ['no Age', { Date: imf }, { date, age: 0 }],
    ['an Age of 0', { Date: imf, Age: '0' }, { date, age: 0 }],
    ['an Age of a day', { Date: imf, Age: '86400' }, { date, age: 86_400 }],
    ['an Age below 0', { Date: imf, Age: '-5' }, { date, age: 0 }],
    ['an Age in words', { Date: imf, Age: 'old' }, { date, age: 0 }],
    ['an Age with a fraction', { Date: imf, Age: '1.5' }, { date, age: 0 }],
    ['an Age beyond counting', { Date: imf, Age: '9'.repeat(400) }, { date, age: 0 }],
  ])('%s', async (_, sent, expected) => {
    headers = sent
    await keys.load()
    expect(answers[0]).toMatchObject(expected)
  })

  it('is not reported for answers that are refused', async () => {
    headers = { Date: imf }
    op.metadata = { jwks_uri: `${op.issuer}/nothing` }
    await keys.load().catch(() => {})
    expect(answers).toHaveLength(1)
  })
})
