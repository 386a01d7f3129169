import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Reply {
  /** 0 when there was no answer. */
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
}

interface Api {
  readonly process: ChildProcess
  readonly port: number
}

/** Processes of one API behind a load balancer, and the ledger that they all write. */
export class Fleet {
  readonly #apis: Api[]
  readonly #directory: string
  readonly #agent: Agent
  #turn = 0

  /**
   * @param env what each process is told besides the ledger
   * @param clients how many connections to each process there may be
   */
  static async start(processes: number, clients: number, env: Record<string, string>): Promise<Fleet> {
    const directory = await mkdtemp(join(tmpdir(), 'afresh-load-'))
    const all = { ...process.env, ...env, LEDGER: join(directory, 'ledger') }
    const apis = await Promise.all(Array.from({ length: processes }, () => startApi(all)))
    return new Fleet(apis, directory, new Agent({ keepAlive: true, maxSockets: clients }))
  }

  private constructor(apis: Api[], directory: string, agent: Agent) {
    this.#apis = apis
    this.#directory = directory
    this.#agent = agent
  }

  /** Kills one process as a power cut would; the load balancer sends it nothing more. */
  killOne(): void {
    this.#apis.shift()?.process.kill('SIGKILL')
  }

  /** The next process' answer. */
  post(path: string, headers: Record<string, string>, body = ''): Promise<Reply> {
    const api = this.#apis[this.#turn++ % this.#apis.length] as Api
    const options = { agent: this.#agent, host: '127.0.0.1', port: api.port, path, method: 'POST', headers }
    return new Promise(resolve => {
      const nothing = (): void => resolve({ status: 0, headers: {}, text: '' })
      const out = request(options, answer => {
        let text = ''
        answer.setEncoding('utf8').on('data', part => {
          text += part
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
        answer.on('error', nothing)
      })
      out.on('error', nothing).end(body)
    })
  }

  /** The vouchers that were spent, in order. */
  async ledger(): Promise<number[]> {
    const text = await readFile(join(this.#directory, 'ledger'), 'utf8')
    return text.trim().split('\n').map(Number)
  }

  async close(): Promise<void> {
    this.#agent.destroy()
    for (const api of this.#apis) api.process.kill('SIGKILL')
    await rm(this.#directory, { recursive: true, force: true })
  }
}

async function startApi(env: NodeJS.ProcessEnv): Promise<Api> {
  const path = fileURLToPath(new URL('api.ts', import.meta.url))
  // Which says that `afresh` is the source.
  const tsconfig = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))
  const child = fork(path, { env: { ...env, TSX_TSCONFIG_PATH: tsconfig }, execArgv: ['--import', 'tsx'] })
  const [{ port }] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (port === undefined) throw new Error('An API did not start')
  return { process: child, port }
}
