import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { bankAudience } from './apis.ts'
import { freePort, isFree } from './listen.ts'
import { anyPort } from './op/any-port.ts'
import { type RunningOp, startOp } from './op/op.ts'

/** How to start them. */
export interface OpAndApiOptions {
  /** One that is left out becomes any free one. */
  readonly ports?: { readonly op?: number; readonly api?: number }
  /** Whether the backend prints its decisions. Default: false. */
  readonly log?: boolean
}

/** What an app of this machine can sign in with and call. */
export interface OpAndApi {
  readonly issuer: string
  readonly clientId: string
  /** The address of the payments backend. An app passes its own `/api/` on to it. */
  readonly api: string
  close(): Promise<void>
}

const pathTo = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url))
const [server, config] = [pathTo('examples/hono/server.ts'), pathTo('examples/tsconfig.json')]
const clientId = 'payments'

/**
 * Starts the demo's OP and the backend of `examples/hono`, without the demo's page: for any app of this machine.
 *
 * @throws when a port is taken, or when the backend does not start
 */
export async function startOpAndApi({ ports = {}, log = false }: OpAndApiOptions = {}): Promise<OpAndApi> {
  const apiPort = await claim(ports.api)
  const op = await startOp({
    port: await claim(ports.op),
    app: 'http://localhost',
    clientId,
    apis: [{ audience: bankAudience }],
    logoutUri: `http://127.0.0.1:${apiPort}/backchannel-logout`,
    overrides: anyPort,
  })
  const child = spawn(process.execPath, ['--import', 'tsx', server], {
    stdio: ['ignore', log ? 'inherit' : 'ignore', 'inherit'],
    env: { ...process.env, ...settings(op, apiPort), TSX_TSCONFIG_PATH: config },
  })
  const close = async (): Promise<void> => {
    if (isRunning(child)) {
      child.kill()
      await once(child, 'exit')
    }
    await op.close()
  }
  const api = `http://localhost:${apiPort}`
  while (!(await answers(api))) {
    if (!isRunning(child)) {
      await close()
      throw new Error(`The backend in ${server} does not start`)
    }
    await wait(50)
  }
  return { issuer: op.issuer, clientId, api, close }
}

const settings = ({ issuer }: RunningOp, apiPort: number): Readonly<Record<string, string>> => ({
  ISSUER: issuer,
  CLIENT_ID: clientId,
  AUDIENCE: bankAudience,
  FRESHNESS_KEY: randomBytes(32).toString('base64url'),
  PORT: String(apiPort),
})

async function claim(port: number | undefined): Promise<number> {
  if (port === undefined) return freePort()
  if (await isFree(port)) return port
  throw new Error(`Port ${port} is taken`)
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null

const answers = (origin: string): Promise<boolean> =>
  fetch(origin).then(
    () => true,
    () => false,
  )
