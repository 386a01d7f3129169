import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
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

/** How a fleet is set up. */
export interface FleetOptions {
  /** The API's file in this folder; it calls `serveApi`. */
  readonly script: string
  readonly processes: number
  /** How many connections to each process there may be. */
  readonly clients: number
  /** What each process is told. */
  readonly env: Readonly<Record<string, string>>
}

/** Processes of one API behind a load balancer. */
export class Fleet {
  readonly #apis: Api[]
  readonly #agent: Agent
  #turn = 0

  static async start({ script, processes, clients, env }: FleetOptions): Promise<Fleet> {
    const apis = await Promise.all(Array.from({ length: processes }, () => startApi(script, env)))
    return new Fleet(apis, new Agent({ keepAlive: true, maxSockets: clients }))
  }

  private constructor(apis: Api[], agent: Agent) {
    this.#apis = apis
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

  close(): void {
    this.#agent.destroy()
    for (const api of this.#apis) api.process.kill('SIGKILL')
  }
}

async function startApi(script: string, env: FleetOptions['env']): Promise<Api> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  // Which says that `afresh` is the source.
  const TSX_TSCONFIG_PATH = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))
  const child = fork(path, {
    env: { ...process.env, ...env, TSX_TSCONFIG_PATH },
    execArgv: ['--import', 'tsx'],
  })
  const [{ port }] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (port === undefined) throw new Error('An API did not start')
  return { process: child, port }
}
