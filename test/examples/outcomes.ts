import { contextHash } from 'afresh/server'
import type { ScriptedOp } from '../support/op.ts'
import { Browser, type Payment, type Reply } from '../support/shop.ts'

export const audience = 'https://api.example'
/** The origin of the app's pages. */
export const appOrigin = 'https://app.example'

export const payment: Payment = { id: 'p1', cents: 25_000, to: 'ACME' }
const another: Payment = { id: 'p2', cents: 990, to: 'Initech' }

/** A person at a browser of their own, with an access token for the example. */
export class Person extends Browser {
  readonly #op: ScriptedOp
  readonly #name: string

  private constructor(origin: string, op: ScriptedOp, name: string) {
    super({ request: request => send(origin, request) })
    this.#op = op
    this.#name = name
  }

  /** @param sid the session at the OP. Default: the access token names none */
  static async arrive(origin: string, op: ScriptedOp, name: string, sid?: string): Promise<Person> {
    const person = new Person(origin, op, name)
    const claims = { sub: name, aud: audience, client_id: 'payments', jti: `token of ${name}`, sid }
    person.subject = `Bearer ${await op.mint(claims, { header: { typ: 'at+jwt' } })}`
    return person
  }

  /** Goes on at another server, with the same cookies. */
  moveTo(origin: string): void {
    this.app = { request: request => send(origin, request) }
  }

  pay({ id, cents, to }: Payment, grant?: string): Promise<Reply> {
    const headers: Record<string, string> = grant ? { 'Step-Up-Grant': grant } : {}
    return this.send(`/api/payments/${id}/approve`, { cents, to }, headers)
  }

  /** A login that answers the challenge: in the second after it, without waiting for that second. */
  login(nonce = '', secondsLater = 1): Promise<string> {
    const auth_time = Math.ceil(Date.now() / 1000) + secondsLater
    return this.#op.mint({ sub: this.#name, nonce, auth_time })
  }

  /** Calls, logs in and proves it. The grant. */
  async stepUp(what: Payment): Promise<string> {
    const { challenge, nonce } = (await this.pay(what)).body
    return (await this.prove(challenge, await this.login(nonce))).body.grant ?? ''
  }
}

/** What came of each thing that was tried at an example, in the order of `expected`. */
export async function outcomes(origin: string, op: ScriptedOp): Promise<string[]> {
  const found: string[] = []
  const person = (name: string): Promise<Person> => Person.arrive(origin, op, name)
  const note = (what: string, { status, body }: Reply): void => {
    found.push(`${what}: ${status} ${body.error ?? body.status}`)
  }

  const josh = await person('josh')
  const id_token = await op.mint({ auth_time: Math.floor(Date.now() / 1000) - 3600 })
  const asked = await josh.ask({
    action: 'payment.approve',
    context_hash: await contextHash(payment),
    id_token,
  })
  note('Ask', asked)
  const proof = await josh.login(asked.body.nonce)
  const proved = await josh.prove(asked.body.challenge, proof)
  note('Prove', proved)
  const used = await josh.pay(payment, proved.body.grant)
  note('Use', used)
  found.push(`Use names the person: ${used.body.approvedBy}`)

  note('attack: the same grant again', await josh.pay(payment, proved.body.grant))
  note('attack: the same proof again', await josh.prove(asked.body.challenge, proof))

  const jane = await person('jane')
  const { challenge = '', nonce } = (await jane.pay(another)).body
  note('attack: an old login', await jane.prove(challenge, await jane.login(nonce, -60)))
  note('attack: a forged challenge', await jane.prove(`${challenge.slice(0, -4)}AAAA`, await jane.login()))
  const stranger = await person('jane')
  note('attack: from another browser', await stranger.prove(challenge, await jane.login(nonce)))

  const joe = await person('joe')
  const grant = await joe.stepUp(another)
  note('attack: a grant for another payment', await joe.pay({ ...another, cents: 99_000 }, grant))
  const thief = await person('thief')
  note('attack: a grant of another person', await thief.pay(another, grant))
  const atOnce = await Promise.all(Array.from({ length: 10 }, () => joe.pay(another, grant)))
  const statuses = atOnce.map(({ status }) => status).sort()
  found.push(`the grant after that, ten times at once: ${statuses.join(' ')}`)

  const evil = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
  note('attack: from another page', await joe.send('/api/freshness', { action: 'payment.approve' }, evil))
  josh.subject = `Bearer ${id_token}`
  note('attack: an ID Token as access token', await josh.pay(payment))
  for (const body of ['{"cents":"many"}', 'null', '{']) {
    const { status } = await joe.send('/api/payments/p1/approve', body)
    found.push(`a payment that is ${body}: ${status}`)
  }
  found.push(await preflight(origin))
  return found
}

export const expected = [
  'Ask: 401 challenged',
  'Prove: 200 granted',
  'Use: 200 approved',
  'Use names the person: josh',
  'attack: the same grant again: 401 challenged',
  'attack: the same proof again: 403 already_used',
  'attack: an old login: 403 stale',
  'attack: a forged challenge: 403 invalid_token',
  'attack: from another browser: 403 binding_mismatch',
  'attack: a grant for another payment: 401 challenged',
  'attack: a grant of another person: 401 challenged',
  `the grant after that, ten times at once: 200${' 401'.repeat(9)}`,
  'attack: from another page: 403 origin_not_allowed',
  'attack: an ID Token as access token: 401 invalid_token',
  'a payment that is {"cents":"many"}: 400',
  'a payment that is null: 400',
  'a payment that is {: 400',
  'a preflight of the endpoint: 204 https://app.example',
]

async function preflight(origin: string): Promise<string> {
  const headers = { Origin: appOrigin, 'Access-Control-Request-Method': 'POST' }
  const reply = await fetch(`${origin}/api/freshness`, { method: 'OPTIONS', headers })
  return `a preflight of the endpoint: ${reply.status} ${reply.headers.get('Access-Control-Allow-Origin')}`
}

async function send(origin: string, request: Request): Promise<Response> {
  const { method, headers } = request
  const url = origin + new URL(request.url).pathname
  const response = await fetch(url, { method, headers, body: await request.text() })
  const text = await response.text()
  const isJson = /^application\/json/.test(response.headers.get('Content-Type') ?? '')
  return new Response(isJson ? text : JSON.stringify({ error: text || 'none' }), response)
}
