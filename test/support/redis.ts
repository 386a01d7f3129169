import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createClient } from 'redis'
import { freePort } from '../../demo/listen.ts'
import { findRedis } from '../setup/redis.ts'

export const redisPath = findRedis()
/** The name of tests that are skipped says why. */
export const unlessInstalled = redisPath ? '' : ' (skipped: no redis-server)'

/** What `redis.conf` says. */
export type Settings = Readonly<Record<string, string | number>>

/** A real Redis that loses nothing it has answered for, on a port of its own. */
export class RedisServer {
  readonly port: number
  readonly #directory: string
  readonly #settings: Settings
  #process: ChildProcess | null = null

  /** @param settings what `redis.conf` would say besides */
  static async start(settings: Settings = {}): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), 'afresh-redis-'))
    const server = new RedisServer(await freePort(), directory, settings)
    await server.restart()
    return server
  }

  private constructor(port: number, directory: string, settings: Settings) {
    this.port = port
    this.#directory = directory
    this.#settings = settings
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Resolves when it answers. */
  async restart(): Promise<void> {
    const settings = { port: this.port, bind: '127.0.0.1', dir: this.#directory, save: '' }
    const durable = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' }
    const all = { ...settings, ...durable, ...this.#settings }
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, ...`${value}`.split(' ')])
    this.#process = spawn(redisPath ?? '', args, { stdio: 'ignore' })
    const probe = createClient({ url: this.url, socket: { reconnectStrategy: 20 } }).on('error', () => {})
    await probe.connect()
    await probe.ping()
    probe.destroy()
  }

  /** Gives it one command, on a connection of its own. */
  async run(...command: string[]): Promise<unknown> {
    const client = createClient({ url: this.url }).on('error', () => {})
    await client.connect()
    try {
      return await client.sendCommand(command)
    } finally {
      client.destroy()
    }
  }

  /** Resolves when the server says something that the check accepts. */
  async until(check: (answer: string) => boolean, ...command: string[]): Promise<void> {
    const client = createClient({ url: this.url }).on('error', () => {})
    await client.connect()
    try {
      while (!check(String(await client.sendCommand(command)))) await setTimeout(20)
    } finally {
      client.destroy()
    }
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
