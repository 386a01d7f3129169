import { freePort } from '../../../demo/listen.ts'
import type { Cpu, Memory } from '../flood/usage.ts'
import { startWorker, type Worker } from '../flood/worker.ts'
import { watchIdle, whenIdle } from '../idleness.ts'
import { startAttackOp } from './op.ts'
import type { Damage, Plan, StepUp } from './plan.ts'

/** `KIND` of the attackers' processes → what they send. */
export const kinds = {
  slow: 'slow connections',
  asks: 'Asks with fresh DPoP keys',
  introspections: 'garbage introspections',
} as const

/** What an attack showed. */
export interface Outcome {
  /** Honest step-ups, before the attack and meanwhile. */
  readonly calm: readonly StepUp[]
  readonly attacked: readonly StepUp[]
  /** In the order of `kinds`. */
  readonly damages: readonly Damage[]
  /** How often the OP was asked about an access token. */
  readonly introspected: number
  /** The API's. */
  readonly before: Memory
  readonly after: Memory
  /** Of one processor, that the API used during the attack. */
  readonly apiShare: number
  /** Of the machine's time during the attack; 1 is all. */
  readonly idleShare: number
}

/** Seconds of honest step-ups without an attack, to compare with. */
const calmSeconds = 10

/** Starts an API, attacks it while honest people step up, and stops everything. */
export async function runAttack(rates: Pick<Plan, 'seconds' | keyof typeof kinds>): Promise<Outcome> {
  const api = `http://127.0.0.1:${await freePort()}`
  const op = await startAttackOp(api)
  const { issuer, mint, expiredIdToken } = op
  const plan: Plan = { api, issuer, mint, expiredIdToken, introspection: op.introspection.url, ...rates }
  const workers: Worker[] = []
  const start = async (script: string, more: Readonly<Record<string, string>> = {}): Promise<Worker> => {
    const env = { PLAN: JSON.stringify(plan), ...more }
    const worker = await startWorker(new URL(script, import.meta.url), env)
    workers.push(worker)
    return worker
  }
  try {
    const server = await start('api.ts', { NODE_ENV: 'production' })
    const honest = await start('honest.ts')
    // Warms everything up.
    await honest.ask('3')
    await whenIdle()
    const calm = await honest.ask<StepUp[]>(`${calmSeconds}`)
    const before = await server.ask<Memory>('memory')

    const attackers = await Promise.all(Object.keys(kinds).map(KIND => start('attacker.ts', { KIND })))
    await whenIdle()
    const idle = watchIdle()
    const cpuShare = await watchCpu(server)
    const [attacked, ...damages] = await Promise.all([
      honest.ask<StepUp[]>(`${plan.seconds}`),
      ...attackers.map(attacker => attacker.ask<Damage>('go')),
    ])
    const [idleShare, apiShare] = [idle(), await cpuShare()]
    const after = await server.ask<Memory>('memory')
    const introspected = op.introspection.asked
    return { calm, attacked, damages, introspected, before, after, apiShare, idleShare }
  } finally {
    for (const worker of workers) worker.stop()
    await op.close()
  }
}

/** @returns how much of one processor a process has used since the call; 1 is all */
async function watchCpu(worker: Worker): Promise<() => Promise<number>> {
  const used = async (): Promise<number> => {
    const { user, system } = await worker.ask<Cpu>('cpu')
    return (user + system) / 1_000
  }
  const [startedAt, before] = [performance.now(), await used()]
  return async () => ((await used()) - before) / (performance.now() - startedAt)
}
