import type { FreshnessGuard, GuardOptions } from '../../src/server/index.ts'
import type { Minting, ScriptedOp } from './op.ts'
import { type ManualClock, openShop } from './shop.ts'

/** One action for each thing that a policy can ask for. */
export const actions = {
  now: { reauthenticate: true },
  recent: { maxAge: 300 },
  strong: { reauthenticate: true, acrValues: ['urn:mfa'] },
  twice: { reauthenticate: true, amr: ['pwd', 'otp'] },
  local: { reauthenticate: true, localIdp: () => false },
} as const
type Action = keyof typeof actions

/** The page that may call from another origin. */
export const page = 'https://app.example'

export interface Call extends Omit<RequestInit, 'headers'> {
  readonly headers?: Record<string, string>
}

export interface Proof {
  readonly action?: Action
  readonly claims?: Readonly<Record<string, unknown>>
  readonly minting?: Minting
  /** Seconds until it is sent. */
  readonly after?: number
  readonly cookie?: string
  /** Default: a new one. */
  readonly guard?: FreshnessGuard<typeof actions>
  /** How often it is sent; the last answer counts. */
  readonly times?: number
}

/** Sends requests to the freshness endpoint that are in order but for what is said. */
export class Endpoint {
  readonly op: ScriptedOp
  readonly clock: ManualClock
  /** Sent with every request, unless it has one of its own. */
  origin: Record<string, string> = {}
  /** What every guard has besides. */
  options: Partial<GuardOptions> = {}

  constructor(op: ScriptedOp, clock: ManualClock) {
    this.op = op
    this.clock = clock
  }

  open(more: Partial<GuardOptions> = {}): FreshnessGuard<typeof actions> {
    return openShop(this.op, this.clock, { actions, origins: [page], ...this.options, ...more }).guard
  }

  call({ headers = {}, ...init }: Call, guard = this.open()): Promise<Response> {
    const all = { 'Content-Type': 'application/json', ...this.origin, ...headers }
    return guard.handler(
      new Request('https://api.example/api/freshness', { method: 'POST', ...init, headers: all }),
    )
  }

  /** Asks for a person who signed in an hour ago. */
  async ask(action: Action, headers: Record<string, string> = {}, guard = this.open()): Promise<Response> {
    const id_token = await this.op.mint({ auth_time: this.clock.time - 3600 })
    return this.call({ body: JSON.stringify({ action, id_token }), headers }, guard)
  }

  /** Asks for a person who signs in now, and is fresh enough for `recent`. */
  async askFresh(guard = this.open(), claims: Readonly<Record<string, unknown>> = {}): Promise<Response> {
    const id_token = await this.op.mint(claims)
    return this.call({ body: JSON.stringify({ action: 'recent', id_token }) }, guard)
  }

  /** Proves a login after a challenge. */
  async prove({
    action = 'now',
    claims,
    minting,
    after = 1,
    cookie,
    times = 1,
    guard = this.open(),
  }: Proof = {}): Promise<Response> {
    const asked = await this.ask(action, {}, guard)
    const { challenge, nonce } = await asked.json()
    this.clock.advance(after)
    const body = JSON.stringify({ challenge, id_token: await this.op.mint({ nonce, ...claims }, minting) })
    const headers = { Cookie: cookie ?? cookieOf(asked) }
    for (let sent = 1; sent < times; sent++) await this.call({ body, headers }, guard)
    return this.call({ body, headers }, guard)
  }
}

/** The first cookie that an answer sets, as a browser sends it back. */
export function cookieOf(answer: Response): string {
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
