import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GuardError } from '../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { misfits, openApi, sensitiveResponses, undescribed } from '../support/openapi.ts'
import { ManualClock, openShop } from '../support/shop.ts'
import { openGuard, type Setup, type StepOp, type Vector } from '../vectors/vectors.ts'

const { post } = openApi.paths['/api/freshness']
const requestSchema = post.requestBody?.content['application/json'].schema ?? {}

const read = (name: string): never =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as never
const setup: Setup = read('setup')

/** What the requests and our server's answers have that the document does not say. */
async function play({ now, cookie, steps }: Vector, made: Setup): Promise<string[]> {
  const op: StepOp = { answers: undefined, got: [] }
  const guard = openGuard(made, () => now, undefined, op)
  const headers = { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) }
  const found: string[] = []
  for (const { ask, push, prove, use, op: answers } of steps) {
    op.answers = answers
    if (use) {
      const { grant, action, ...rest } = use
      const request = new Request(made.endpoint, { headers: { ...headers, 'Step-Up-Grant': grant } })
      const error: unknown = await guard.require(request, action, rest).catch(thrown => thrown)
      if (error instanceof GuardError)
        found.push(...(await undescribed(error.toResponse(), sensitiveResponses)))
      continue
    }
    const body = JSON.stringify(ask ?? push ?? prove)
    const answer = await guard.handler(new Request(made.endpoint, { method: 'POST', headers, body }))
    found.push(...(await undescribed(answer, post.responses)))
    if (misfits(requestSchema, ask ?? push ?? prove).length > 0) {
      const { error } = await answer.json()
      found.push(`a request that the server answers with ${error}`)
    }
  }
  return found
}

/** What the document does not allow, and the server does not either. */
const invalid = ['a request that the server answers with invalid_request']
const refused: Readonly<Record<string, string[]>> = {
  'a field too many': invalid,
  'a context without its hash': invalid,
  'ui_locales that are a list': invalid,
  'with a prompt of its own': invalid,
  'a code without its state': invalid,
  'a code and an ID Token': invalid,
}

describe.each(['asks', 'proofs', 'grants'])('the vectors %s', file => {
  it.each(read(file) as Vector[])('$name: as the document says', async vector => {
    expect(await play(vector, setup)).toEqual(refused[vector.name] ?? [])
  })
})

describe.each(['pushed-asks', 'pushes', 'codes'])('the vectors %s', file => {
  it.each(read(file) as Vector[])('$name: as the document says', async vector => {
    expect(await play(vector, read('pushed-setup'))).toEqual(refused[vector.name] ?? [])
  })
})

it.each(read('0.1/asks') as Vector[])('the vectors of version 0.1: $name', async vector => {
  const made = { ...(read('0.1/setup') as Setup), keys: setup.keys }
  expect(await play(vector, made)).toEqual(refused[vector.name] ?? [])
})

describe('a body', () => {
  const clock = new ManualClock()
  let op: ScriptedOp
  beforeAll(async () => {
    op = await startOp(clock.now)
  })
  afterAll(() => op.close())

  const good = 'A'.repeat(43)
  const values = [undefined, good, '', good.slice(1), null, 1]
  const fields = ['action', 'context_hash', 'id_token', 'challenge']
  /** Every way to fill the fields with these values. */
  const combinations = fields.reduce<object[]>(
    (bodies, field) => bodies.flatMap(body => values.map(value => ({ ...body, [field]: value }))),
    [{}],
  )
  const others: unknown[] = [
    ...[null, 'text', 1, [], [{ action: good }]],
    ...[
      { action: good, context: 1 },
      { action: good, context_hash: good, ui_locales: '' },
      { action: good, context_hash: good, ui_locales: 'de' },
      { challenge: good, code: good },
      { challenge: good, code: good, state: good, iss: null },
      { challenge: good, code: good, state: good, id_token: good },
      { challenge: good, code: good, state: good, iss: good },
      { challenge: good, state: good },
      { challenge: good, id_token: good, constructor: 1 },
    ],
  ]

  it('is invalid_request exactly where the document does not allow it', async () => {
    // The guard knows people by itself, so that an Ask needs no ID Token.
    const { guard } = openShop(op, clock, { authenticate: () => null })
    const headers = { 'Content-Type': 'application/json' }
    const wrong: string[] = []
    let allowed = 0
    for (const message of [...combinations, ...others]) {
      const body = JSON.stringify(message)
      const request = new Request(setup.endpoint, { method: 'POST', headers, body })
      const { error } = await (await guard.handler(request)).json()
      const isAllowed = misfits(requestSchema, JSON.parse(body)).length === 0
      if (isAllowed) allowed++
      if (isAllowed === (error === 'invalid_request')) wrong.push(`${body}: ${error}`)
    }
    expect(wrong).toEqual([])
    // action × context_hash × id_token, challenge × id_token, and challenge; and the others
    expect(allowed).toBe(2 * 2 * 3 + 2 * 2 + 2 + 2)
  })
})
