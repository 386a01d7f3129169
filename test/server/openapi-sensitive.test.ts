import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CallFault, GuardError, memoryStore } from '../../src/server/index.ts'
import { createProver, sha256 } from '../support/dpop.ts'
import { cookieOf, Endpoint, page } from '../support/endpoint.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { sensitiveResponses, undescribed } from '../support/openapi.ts'
import { ManualClock } from '../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp
let endpoint: Endpoint

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  endpoint = new Endpoint(op, clock)
})

async function answerOf(check: Promise<unknown>): Promise<Response> {
  const error = await check.then(
    () => new Error('The call passed'),
    thrown => thrown,
  )
  if (!(error instanceof GuardError)) throw error
  return error.toResponse()
}

const call = (headers: Record<string, string> = {}): Request =>
  new Request('https://api.example/pay', { method: 'POST', headers: { ...endpoint.origin, ...headers } })

const use = (
  headers?: Record<string, string>,
  context?: unknown,
  guard = endpoint.open(),
): Promise<Response> => answerOf(guard.require(call(headers), 'recent', { subject: 'josh', context }))

async function useWithStoreDown(): Promise<Response> {
  const store = { ...memoryStore({ now: clock.now }), since: 0 }
  const granted = await endpoint.askFresh(endpoint.open({ store }))
  const headers = { 'Step-Up-Grant': (await granted.json()).grant, Cookie: cookieOf(granted) }
  const broken = { ...store, consume: () => Promise.reject(new Error('store down')) }
  return use(headers, undefined, endpoint.open({ store: broken }))
}

/** With an access token that is bound to another key than the proof's. */
async function useForeignToken(): Promise<Response> {
  const prover = await createProver()
  const proof = await prover.prove('POST', call().url, clock.time, { claims: { ath: sha256('token') } })
  const request = call({ Authorization: 'DPoP token', DPoP: proof })
  return answerOf(endpoint.open().checkDpop(request, { cnf: { jkt: 'another' } }))
}

type Code = 'step_up_required' | CallFault
/** Every code that a sensitive call can be stopped with, and how to get it. */
const stops: Record<Code, [number, () => Promise<Response>]> = {
  step_up_required: [401, () => use()],
  invalid_request: [400, () => use({}, '\ud800')],
  cross_site: [400, () => use({ 'Sec-Fetch-Site': 'cross-site' })],
  invalid_dpop_proof: [401, () => use({}, undefined, endpoint.open({ dpop: true }))],
  invalid_token: [401, useForeignToken],
  temporarily_unavailable: [503, useWithStoreDown],
}

describe.each([
  ['of no other origin', {}],
  ['of an allowed origin', { Origin: page }],
])('to a page %s', (_, headers) => {
  it.each(Object.entries(stops))(
    'a sensitive call is stopped as the document says: %s',
    async (code, stop) => {
      endpoint.origin = headers
      const [status, give] = stop
      const answer = await give()
      expect(await undescribed(answer, sensitiveResponses)).toEqual([])
      expect(answer.status).toBe(status)
      const body = code === 'step_up_required' ? { status: 'challenged' } : { status: 'failed', error: code }
      expect(await answer.json()).toMatchObject(body)
    },
  )
})
