import { randomBytes } from 'node:crypto'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { Random } from '../support/random.ts'
import { Fleet } from './fleet.ts'

/** The size of the fleet that a storm is about, and how many clients send it requests at once. */
export const [processes, clients] = [4, 64]

/** Milliseconds. A storm takes a minute, and many on a machine that has other work. */
export const timeLimit = 1_200_000

/** How a storm is set up. */
export interface StormOptions {
  /** The API's file in this folder. */
  readonly script: string
  /** What each process is told about its store. */
  readonly env: Readonly<Record<string, string>>
  readonly grants: number
  readonly attempts: number
}

/** What happens during the attempts. */
export interface StormEvents {
  /** Kills the store and starts it again, midway. */
  readonly restart: () => Promise<void>
  /** Whether a third of the operations fail after they were written down. */
  readonly failures: boolean
}

/** What the clients saw. A voucher is a grant's number. */
export interface Seen {
  readonly statuses: Readonly<Record<number, number>>
  /** How often each voucher was answered 200. */
  readonly told: ReadonlyMap<number, number>
  /** Vouchers of which an attempt got no answer, or a 503: it may or may not have been spent. */
  readonly interrupted: ReadonlySet<number>
}

const json = { 'Content-Type': 'application/json' }

/** One person's grants, and clients that spend them many times over at all the processes of an API. */
export class Storm {
  /** The grants; a voucher is an index. */
  grants: readonly string[] = []
  readonly #op: ScriptedOp
  readonly #fleet: Fleet
  readonly #options: StormOptions
  #cookie = ''

  static async start(options: StormOptions): Promise<Storm> {
    const op = await startOp(() => Math.floor(Date.now() / 1000))
    const SECRET = randomBytes(32).toString('base64url')
    const env = { ISSUER: op.issuer, SECRET, ...options.env }
    const fleet = await Fleet.start({ script: options.script, processes, clients, env })
    const storm = new Storm(op, fleet, options)
    await storm.#getGrants()
    return storm
  }

  private constructor(op: ScriptedOp, fleet: Fleet, options: StormOptions) {
    this.#op = op
    this.#fleet = fleet
    this.#options = options
  }

  async #getGrants(): Promise<void> {
    const id_token = await this.#op.mint({ auth_time: Math.floor(Date.now() / 1000) })
    const ask = JSON.stringify({ action: 'voucher.spend', id_token })
    const first = await this.#fleet.post('/freshness', json, ask)
    this.#cookie = String(first.headers['set-cookie']).split(';')[0] ?? ''
    const grants: string[] = []
    while (grants.length < this.#options.grants) {
      const { text } = await this.#fleet.post('/freshness', { ...json, Cookie: this.#cookie }, ask)
      grants.push(JSON.parse(text).grant)
    }
    this.grants = grants
  }

  /** Spends a grant on an operation, and resolves with the answer's status. */
  async spend(voucher: number, fails = false): Promise<number> {
    const grant = { 'Step-Up-Grant': this.grants[voucher] ?? '', Voucher: String(voucher) }
    const headers = { ...grant, Fails: fails ? 'yes' : 'no', Cookie: this.#cookie, Authorization: 'josh' }
    return (await this.#fleet.post('/spend', headers)).status
  }

  /** All the attempts. One process is killed a little before the middle, and the store restarted a little after. */
  async rage({ restart, failures }: StormEvents): Promise<Seen> {
    const { grants, attempts } = this.#options
    const random = new Random(1)
    const statuses: Record<number, number> = {}
    const told = new Map<number, number>()
    const interrupted = new Set<number>()
    let restarted: Promise<void> | undefined
    let made = 0
    const client = async (): Promise<void> => {
      while (made < attempts) {
        const attempt = made++
        if (attempt === Math.floor(attempts * 0.45)) this.#fleet.killOne()
        if (attempt === Math.floor(attempts * 0.55)) restarted = restart()
        const { voucher, fails } = choose(
          random,
          attempt,
          Math.floor((attempt / attempts) * grants),
          failures,
        )
        const status = await this.spend(voucher, fails)
        statuses[status] = (statuses[status] ?? 0) + 1
        if (status === 200) told.set(voucher, (told.get(voucher) ?? 0) + 1)
        if (status === 0 || status === 503) interrupted.add(voucher)
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    await restarted
    return { statuses, told, interrupted }
  }

  async close(): Promise<void> {
    this.#fleet.close()
    await this.#op.close()
  }
}

/** Whether only operations that fail are tried with a grant, so that it must be left in the end. */
export const isKept = (voucher: number): boolean => voucher % 10 === 9

/**
 * Many attempts are for the grants whose turn it is, so that half of them are unspent midway; others for any before them.
 */
function choose(
  random: Random,
  attempt: number,
  newest: number,
  failures: boolean,
): { readonly voucher: number; readonly fails: boolean } {
  const voucher = random.int(attempt % 2 === 0 ? Math.max(0, newest - 8) : 0, newest)
  if (!failures) return { voucher, fails: false }
  const fails = random.int(0, 2) === 0
  return { voucher: isKept(voucher) && !fails ? voucher - 1 : voucher, fails }
}
