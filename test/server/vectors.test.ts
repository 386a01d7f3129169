import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/core/canonical-json.ts'
import { formatStepUpHeader, parseStepUpHeader } from '../../src/core/step-up-header.ts'
import { sha256 } from '../../src/server/crypto/hash.ts'
import { type AuditEvent, contextHash } from '../../src/server/index.ts'
import { openGuard, type Setup, type Step, type StepOp, type Vector } from '../vectors/vectors.ts'

const read = (name: string): never =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as never
const setup: Setup = read('setup')

async function play({ now, cookie, steps }: Vector, made = setup): Promise<void> {
  const events: AuditEvent[] = []
  const op: StepOp = { answers: undefined, got: [] }
  const guard = openGuard(
    made,
    () => now,
    event => events.push(event),
    op,
  )
  const headers = { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) }
  for (const { ask, push, prove, use, sent: toOp, expect: expected, op: answers } of steps) {
    op.answers = answers
    if (use) {
      const { grant, action, ...options } = use
      const request = new Request(made.endpoint, {
        method: 'POST',
        headers: { ...headers, 'Step-Up-Grant': grant },
      })
      const accepted = await guard.require(request, action, options).then(
        () => true,
        () => false,
      )
      expect({ accepted }).toEqual(expected)
      const event = accepted ? 'used' : expect.stringMatching(/^(challenged|refused|replayed)$/)
      expect(events.splice(0)).toEqual([expect.objectContaining({ step: 'use', event })])
      continue
    }
    const sent = { method: 'POST', headers, body: JSON.stringify(ask ?? push ?? prove) }
    const response = await guard.handler(new Request(made.endpoint, sent))
    const body: Record<string, string> = await response.json()
    expect({ status: response.status, body }).toMatchObject(expected as Step['expect'] & object)
    const got = op.got.splice(0)
    if (toOp !== undefined) expect(got).toEqual(toOp === null ? [] : [expect.objectContaining(toOp)])
    expect(events.splice(0)).toEqual([expect.objectContaining(eventOf(body))])
    if (response.status === 401) expect(response.headers.get('WWW-Authenticate')).toMatch(/^Bearer /)
  }
}

/** The event of an answer. */
function eventOf({ status, error }: Record<string, string>): object {
  if (error === undefined) return { event: status }
  if (error === 'already_used') return { event: 'replayed', reason: error }
  if (error === 'temporarily_unavailable') return { event: 'unavailable', reason: error }
  return { event: status === 'denied' ? 'denied' : 'refused', reason: error }
}

describe.each(['asks', 'proofs', 'grants'])('%s', file => {
  it.each(read(file) as Vector[])('$name', vector => play(vector))
})

describe.each(['pushed-asks', 'pushes', 'codes'])('%s, with a client that pushes', file => {
  it.each(read(file) as Vector[])('$name', vector => play(vector, read('pushed-setup')))
})

describe('what clients of version 0.1 ask', () => {
  // Its keys repeat one byte, which the guard takes no more. What is asked does not depend on them.
  const { keys } = setup
  it.each(read('0.1/asks') as Vector[])('$name', vector =>
    play(vector, { ...(read('0.1/setup') as Setup), keys }),
  )
})

it.each(read('headers') as { demand: never; header: string }[])('$header', ({ demand, header }) => {
  expect(formatStepUpHeader(demand)).toBe(header)
  expect(parseStepUpHeader(header)).toEqual(demand)
})

it.each(read('canonical') as { json: string; canonical: string; sha256: string }[])('$json', async vector => {
  expect(canonicalJson(JSON.parse(vector.json))).toBe(vector.canonical)
  expect(await contextHash(JSON.parse(vector.json))).toBe(vector.sha256)
})

it.each(read('nonces') as { challenge: string; nonce: string }[])(
  'the nonce is the challenge’s hash',
  async vector => {
    expect(await sha256(vector.challenge)).toBe(vector.nonce)
  },
)
