import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'redis'
import { freePort } from '../../demo/listen.ts'
import { findRedis } from '../setup/redis.ts'

export const redisPath = findRedis()
/** The name of tests that are skipped says why. */
export const unlessInstalled = redisPath ? '' : ' (skipped: no redis-server)'

/** A real Redis that loses nothing it has answered for, on a port of its own. */
export class RedisServer {
  readonly port: number
  readonly #directory: string
  #process: ChildProcess | null = null

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'afresh-redis-')))
    await server.restart()
    return server
  }

  private constructor(port: number, directory: string) {
    this.port = port
    this.#directory = directory
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Resolves when it answers. */
  async restart(): Promise<void> {
    const settings = { port: this.port, bind: '127.0.0.1', dir: this.#directory, save: '' }
    const durable = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' }
    const args = Object.entries({ ...settings, ...durable }).flatMap(([name, value]) => [
      `--${name}`,
      `${value}`,
    ])
    this.#process = spawn(redisPath ?? '', args, { stdio: 'ignore' })
    const probe = createClient({ url: this.url, socket: { reconnectStrategy: 20 } }).on('error', () => {})
    await probe.connect()
    await probe.ping()
    probe.destroy()
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = null
    if (!child) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async close(): Promise<void> {
    await this.kill()
    await rm(this.#directory, { recursive: true, force: true })
  }
}
