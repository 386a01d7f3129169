import { contextHash } from 'afresh/server'
import type { ScriptedOp } from '../support/op.ts'
import { Browser, payment } from '../support/shop.ts'

/** What came of each thing that was tried, in the order of `expected`. */
export async function outcomes(origin: string, op: ScriptedOp): Promise<string[]> {
  const found: string[] = []
  const app = { request: (request: Request) => send(origin, request) }
  const josh = new Browser(app)
  const now = Math.floor(Date.now() / 1000)
  const ask = {
    action: 'payment.approve',
    context_hash: await contextHash(payment),
    id_token: await op.mint({ auth_time: now - 3600 }),
  }
  const note = (what: string, replies: readonly { status: number; body: Record<string, string> }[]): void => {
    const told = replies.map(({ status, body }) => `${status} ${body.error ?? body.status}`)
    found.push(`${what}: ${[...new Set(told)].join(', ')}`)
  }
  const times = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, work))

  // First, when nothing of the provider is known yet.
  note('ten Asks at once', await times(10, () => new Browser(app).ask(ask)))
  const challenged = await josh.ask(ask)
  note('Ask', [challenged])
  // In a second after the challenge's, without waiting for it.
  const id_token = await op.mint({
    nonce: challenged.body.nonce,
    auth_time: Math.ceil(Date.now() / 1000) + 1,
  })
  const proved = await josh.prove(challenged.body.challenge, id_token)
  note('Prove', [proved])
  note('Prove again', [await josh.prove(challenged.body.challenge, id_token)])
  note('Use', [await josh.approve(payment, proved.body.grant)])
  note('Use again', [await josh.approve(payment, proved.body.grant)])
  note('Ask when fresh', [await josh.ask({ action: 'email.change', id_token: await op.mint() })])

  const state = (token: string) => josh.send('/statements', {}, { Authorization: `Bearer ${token}` })
  note('ten good tokens at once', await times(10, () => state('good')))
  note('a token that is not active', [await state('bad')])

  const hanging = () => josh.send('/hanging/freshness', { challenge: challenged.body.challenge, id_token })
  note('ten Proves at once to a store that hangs', await times(10, hanging))
  note('Ask after that', [await josh.ask(ask)])
  note('a long body', [await josh.send('/api/freshness', { action: 'x'.repeat(20_000) })])
  note('no JSON', [await josh.send('/api/freshness', '{')])
  return found
}

export const expected = [
  'ten Asks at once: 401 challenged',
  'Ask: 401 challenged',
  'Prove: 200 granted',
  'Prove again: 403 already_used',
  'Use: 200 done',
  'Use again: 401 challenged',
  'Ask when fresh: 200 granted',
  'ten good tokens at once: 200 josh',
  'a token that is not active: 401 invalid_token',
  'ten Proves at once to a store that hangs: 503 temporarily_unavailable',
  'Ask after that: 401 challenged',
  'a long body: 413 payload_too_large',
  'no JSON: 400 invalid_request',
]

async function send(origin: string, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const { method, headers } = request
  const response = await fetch(origin + pathname, { method, headers, body: await request.text() })
  const text = await response.text()
  const isJson = /^application\/json/.test(response.headers.get('Content-Type') ?? '')
  return new Response(isJson ? text : JSON.stringify({ error: text }), response)
}
