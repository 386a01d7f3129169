import { Hono } from 'hono'
import { freshness, guardErrors } from '../../src/server/frameworks/hono.ts'
import {
  type ActionPolicy,
  createFreshnessGuard,
  type FreshnessGuard,
  type GuardOptions,
  memoryStore,
  type StepUpRecord,
} from '../../src/server/index.ts'
import { testKey } from './keys.ts'
import type { ScriptedOp } from './op.ts'

/** A clock that stands still until a test moves it. Epoch seconds. */
export class ManualClock {
  time = 1_800_000_000
  readonly now = (): number => this.time
  advance(seconds: number): void {
    this.time += seconds
  }
}

export const shopActions: Record<string, ActionPolicy> = {
  'payment.approve': { reauthenticate: true, context: 'required' },
  'payment.reject': { reauthenticate: true, context: 'required' },
  'payments.approve': { reauthenticate: true, context: 'required' },
  'email.change': { maxAge: 300 },
  'email.soon': { maxAge: 60 },
}

export interface Payment {
  readonly id: string
  readonly cents: number
  readonly to: string
}
export const payment: Payment = { id: 'p1', cents: 25_000, to: 'ACME' }

export interface Shop {
  readonly guard: FreshnessGuard
  readonly app: Hono
  /** What was approved. */
  readonly ledger: StepUpRecord[]
  /** What the guard reported to `onError`. */
  readonly errors: unknown[]
}

/** A payments API behind the guard, as an app would build it. Who calls, `Authorization` says: no token here. */
export function openShop(op: ScriptedOp, clock: ManualClock, options: Partial<GuardOptions> = {}): Shop {
  const ledger: StepUpRecord[] = []
  const errors: unknown[] = []
  const guard = createFreshnessGuard({
    issuer: op.issuer,
    clientId: 'payments',
    audience: 'https://api.example',
    keys: [testKey(7)],
    actions: shopActions,
    // As if it outlived the process: tests open a shop anew with other options.
    store: { ...memoryStore({ now: clock.now }), since: 0 },
    now: clock.now,
    onError: error => errors.push(error),
    ...options,
  })
  const caller = (request: Request): string => request.headers.get('Authorization') ?? ''
  const app = new Hono()
  app.all('/api/freshness', freshness(guard))
  app.post('/api/payments/:action', async c => {
    const { raw: request } = c.req
    const context: unknown = await request.clone().json()
    const action = `payment.${c.req.param('action')}`
    ledger.push(await guard.require(request, action, { subject: caller(request), context }))
    return c.json({ status: 'done' })
  })
  // Several payments by one login: what is approved is the list.
  app.post('/api/batches', async c => {
    const payments: readonly Payment[] = await c.req.raw.clone().json()
    const subject = caller(c.req.raw)
    const record = await guard.require(c.req.raw, 'payments.approve', { subject, context: payments })
    ledger.push(...payments.map(() => record))
    return c.json({ status: 'done' })
  })
  app.post('/api/email', async c => {
    ledger.push(await guard.require(c.req.raw, 'email.change', { subject: caller(c.req.raw) }))
    return c.json({ status: 'done' })
  })
  app.onError(guardErrors)
  return { guard, app, ledger, errors }
}

/** What a `Browser` got back. */
export interface Reply {
  readonly status: number
  readonly body: Record<string, string>
  readonly headers: Headers
}

/** A browser with a page of the shop open and its own cookies. */
export class Browser {
  /** The shop it talks to. */
  app: { request(request: Request): Response | Promise<Response> }
  readonly cookies: Map<string, string> = new Map()
  subject = 'josh'

  constructor(app: Browser['app']) {
    this.app = app
  }

  async send(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const cookie = Array.from(this.cookies, pair => pair.join('=')).join('; ')
    const request = new Request(`https://api.example${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: {
        'Content-Type': 'application/json',
        Authorization: this.subject,
        ...(cookie && { Cookie: cookie }),
        ...headers,
      },
    })
    const response = await this.app.request(request)
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      this.cookies.set(name, value)
    }
    const { status, headers: received } = response
    return { status, headers: received, body: (await response.json()) as Reply['body'] }
  }

  ask(message: Record<string, unknown>): Promise<Reply> {
    return this.send('/api/freshness', message)
  }

  prove(challenge: string | undefined, id_token: string): Promise<Reply> {
    return this.send('/api/freshness', { challenge, id_token })
  }

  /** Calls the sensitive route, with a grant if there is one. */
  approve(what: Payment = payment, grant?: string): Promise<Reply> {
    return this.send('/api/payments/approve', what, grant ? { 'Step-Up-Grant': grant } : {})
  }
}
