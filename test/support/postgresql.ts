import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { freePort } from '../../demo/listen.ts'
import { findPostgres, postgresUser } from '../setup/postgresql.ts'

const run = promisify(execFile)

export const postgresPrograms = findPostgres()
/** The name of tests that are skipped says why. */
export const unlessPostgres = postgresPrograms ? '' : ' (skipped: no PostgreSQL)'

/** How long PostgreSQL may take to start, in milliseconds. Recovery after a kill is part of it. */
const startLimit = 30_000

/**
 * A real PostgreSQL on a port of its own, with Debian's settings, which lose nothing that was committed. The database
 * `postgres` belongs to the superuser `afresh`, who needs no password.
 */
export class PostgresServer {
  readonly port: number
  readonly #directory: string
  #process: ChildProcess | null = null

  static async start(): Promise<PostgresServer> {
    const user = postgresUser()
    const directory = await mkdtemp(join(tmpdir(), 'afresh-postgresql-'))
    if (user) await chown(directory, user.uid, user.gid)
    const args = ['--username=afresh', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
    await run(programs().initdb, [...args, `--pgdata=${directory}`], { cwd: directory, ...user })
    const server = new PostgresServer(await freePort(), directory)
    await server.restart()
    return server
  }

  private constructor(port: number, directory: string) {
    this.port = port
    this.#directory = directory
  }

  get url(): string {
    return `postgres://afresh@127.0.0.1:${this.port}/postgres`
  }

  /** Resolves when it answers. */
  async restart(): Promise<void> {
    const settings = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 200,
    }
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(programs().postgres, ['-D', this.#directory, ...args], {
      cwd: this.#directory,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...postgresUser(),
    })
    let log = ''
    child.stderr.setEncoding('utf8').on('data', text => {
      log = (log + text).slice(-10_000)
    })
    this.#process = child
    const end = Date.now() + startLimit
    while (!(await answers(this.url))) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`PostgreSQL did not start:\n${log}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  /** As a power cut would: all of its processes end at once, and write nothing more. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = null
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return
    // Stopped first, so that it starts no other process meanwhile.
    child.kill('SIGSTOP')
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', `${child.pid}`]).catch(() => ({ stdout: '' }))
    for (const pid of stdout.trim().split(/\s+/).filter(Boolean)) process.kill(Number(pid), 'SIGKILL')
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async close(): Promise<void> {
    await this.kill()
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 })
  }
}

function programs(): NonNullable<typeof postgresPrograms> {
  if (!postgresPrograms) throw new Error('There is no PostgreSQL.')
  return postgresPrograms
}

async function answers(url: string): Promise<boolean> {
  const probe = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  probe.on('error', () => {})
  try {
    await probe.connect()
    await probe.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await probe.end().catch(() => {})
  }
}
