import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createClient } from 'redis'
import { freePort } from '../../demo/listen.ts'
import { RedisServer, redisPath, type Settings } from './redis.ts'

/** The name under which Sentinel knows the primary. */
export const groupName = 'payments'

/** A primary, its replicas, and a Sentinel that puts one in the primary's place when that is dead for 1 s. */
export class SentinelGroup {
  readonly primary: RedisServer
  readonly replicas: readonly RedisServer[]
  /** Sentinel's. */
  readonly port: number
  readonly #directory: string
  readonly #sentinel: ChildProcess

  /**
   * Resolves when Sentinel knows the replicas, and they have all that the primary has.
   *
   * @param settings what the `redis.conf` of each server says besides
   */
  static async start(replicas: number, settings: Settings = {}): Promise<SentinelGroup> {
    const primary = await RedisServer.start({ ...settings, 'repl-diskless-sync-delay': 0 })
    const copy = { ...settings, replicaof: `127.0.0.1 ${primary.port}` }
    const copies = await Promise.all(Array.from({ length: replicas }, () => RedisServer.start(copy)))
    const online = (info: string): boolean =>
      (info.match(/state=online.*lag=[01]\b/g) ?? []).length === replicas
    await primary.until(online, 'INFO', 'replication')
    const directory = await mkdtemp(join(tmpdir(), 'afresh-sentinel-'))
    const port = await freePort()
    const sentinel = await startSentinel(port, directory, primary)
    const group = new SentinelGroup(primary, copies, port, directory, sentinel)
    await group.#until(async ask => {
      const known = JSON.stringify(await ask('SENTINEL', 'REPLICAS', groupName))
      return copies.every(server => known.includes(`:${server.port}"`))
    })
    return group
  }

  private constructor(
    primary: RedisServer,
    replicas: readonly RedisServer[],
    port: number,
    directory: string,
    sentinel: ChildProcess,
  ) {
    this.primary = primary
    this.replicas = replicas
    this.port = port
    this.#directory = directory
    this.#sentinel = sentinel
  }

  /** From now on the replicas learn nothing more from the primary, as if the line between them were cut. */
  async cutLink(): Promise<void> {
    // The primary knows no password and refuses the one that it is told.
    await this.#setPassword('none')
    await this.primary.run('CLIENT', 'KILL', 'TYPE', 'replica')
    await this.primary.until(info => info.includes('connected_slaves:0'), 'INFO', 'replication')
  }

  /** Kills the primary. What the replicas do not know by then, they never learn. */
  async killPrimary(): Promise<void> {
    await this.primary.kill()
    // They have to reach the next one.
    await this.#setPassword('')
  }

  async #setPassword(password: string): Promise<void> {
    for (const replica of this.replicas) {
      const set = (): Promise<unknown> => replica.run('CONFIG', 'SET', 'masterauth', password)
      // Sentinel ends the connections of the replica that it promotes, this one too if it comes just then.
      await set().catch(set)
    }
  }

  /** Resolves when Sentinel names another primary than the first. */
  async failedOver(): Promise<void> {
    await this.#until(async ask => {
      const [, port] = (await ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', groupName)) as string[]
      return Number(port) !== this.primary.port
    })
  }

  async #until(check: (ask: (...command: string[]) => Promise<unknown>) => Promise<boolean>): Promise<void> {
    const options = { url: `redis://127.0.0.1:${this.port}`, socket: { reconnectStrategy: 20 } }
    const client = createClient(options).on('error', () => {})
    await client.connect()
    try {
      while (!(await check((...command) => client.sendCommand(command)))) await setTimeout(20)
    } finally {
      client.destroy()
    }
  }

  async close(): Promise<void> {
    this.#sentinel.kill('SIGKILL')
    await once(this.#sentinel, 'exit')
    await Promise.all([this.primary, ...this.replicas].map(server => server.close()))
    await rm(this.#directory, { recursive: true, force: true })
  }
}

async function startSentinel(port: number, directory: string, primary: RedisServer): Promise<ChildProcess> {
  const file = join(directory, 'sentinel.conf')
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${directory}`,
    `sentinel monitor ${groupName} 127.0.0.1 ${primary.port} 1`,
    `sentinel down-after-milliseconds ${groupName} 1000`,
    `sentinel failover-timeout ${groupName} 10000`,
  ]
  // Sentinel writes into it what it learns.
  await writeFile(file, `${settings.join('\n')}\n`)
  return spawn(redisPath ?? '', [file, '--sentinel'], { stdio: 'ignore' })
}
