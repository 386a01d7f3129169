import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { Random } from '../support/random.ts'
import { RedisServer, redisPath, unlessInstalled } from '../support/redis.ts'

const processes = 4
const grants = 1000
const attempts = 100_000
const clients = 64
/** Of the attempts: when one process is killed, and when Redis is. */
const [killedAt, restartedAt] = [45_000, 55_000]

interface Api {
  readonly process: ChildProcess
  readonly port: number
}

describe.skipIf(!redisPath)(`${processes} processes and one Redis${unlessInstalled}`, () => {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  let op: ScriptedOp
  let redis: RedisServer
  let apis: Api[] = []
  let directory: string
  let ledger: string

  beforeAll(async () => {
    op = await startOp(() => Math.floor(Date.now() / 1000))
    redis = await RedisServer.start()
    directory = await mkdtemp(join(tmpdir(), 'afresh-load-'))
    ledger = join(directory, 'ledger')
    const env = {
      ...process.env,
      ISSUER: op.issuer,
      REDIS_URL: redis.url,
      SECRET: randomBytes(32).toString('base64url'),
      LEDGER: ledger,
    }
    apis = await Promise.all(Array.from({ length: processes }, () => startApi(env)))
  }, 60_000)
  afterAll(async () => {
    agent.destroy()
    for (const api of apis) api.process.kill('SIGKILL')
    await redis.close()
    await op.close()
    await rm(directory, { recursive: true, force: true })
  })

  async function startApi(env: NodeJS.ProcessEnv): Promise<Api> {
    const path = fileURLToPath(new URL('api.ts', import.meta.url))
    // Which says that `afresh` is the source.
    const tsconfig = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))
    const child = fork(path, { env: { ...env, TSX_TSCONFIG_PATH: tsconfig }, execArgv: ['--import', 'tsx'] })
    const [{ port }] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (port === undefined) throw new Error('An API did not start')
    return { process: child, port }
  }

  let turn = 0
  /** The next process' answer: its status, or 0 when there was none. */
  function post(
    path: string,
    headers: Record<string, string>,
    body = '',
  ): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }> {
    const api = apis[turn++ % apis.length] as Api
    return new Promise(resolve => {
      const nothing = (): void => resolve({ status: 0, headers: {}, text: '' })
      const out = request(
        { agent, host: '127.0.0.1', port: api.port, path, method: 'POST', headers },
        answer => {
          let text = ''
          answer.setEncoding('utf8').on('data', part => {
            text += part
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
          answer.on('error', nothing)
        },
      )
      out.on('error', nothing).end(body)
    })
  }

  it(`of ${attempts} attempts to spend ${grants} grants, one process killed and Redis restarted midway, none succeeds twice and none that did is lost`, async () => {
    const id_token = await op.mint({ auth_time: Math.floor(Date.now() / 1000) })
    const ask = JSON.stringify({ action: 'voucher.spend', id_token })
    const json = { 'Content-Type': 'application/json' }
    const first = await post('/freshness', json, ask)
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? ''
    const vouchers: string[] = []
    while (vouchers.length < grants) {
      const { text } = await post('/freshness', { ...json, Cookie: cookie }, ask)
      vouchers.push(JSON.parse(text).grant)
    }
    const random = new Random(1)
    const statuses: Record<number, number> = {}
    const told = new Map<number, number>()
    let restarted: Promise<void> | undefined
    let made = 0
    const client = async (): Promise<void> => {
      while (made < attempts) {
        const attempt = made++
        if (attempt === killedAt) apis.shift()?.process.kill('SIGKILL')
        if (attempt === restartedAt) restarted = redis.kill().then(() => redis.restart())
        // Many for the grants whose turn it is, so that half of them are unspent midway; others for any before them.
        const newest = Math.floor((attempt / attempts) * grants)
        const voucher = random.int(attempt % 2 === 0 ? Math.max(0, newest - 8) : 0, newest)
        const { status } = await post('/spend', {
          'Step-Up-Grant': vouchers[voucher] ?? '',
          Cookie: cookie,
          Authorization: 'josh',
          Voucher: String(voucher),
        })
        statuses[status] = (statuses[status] ?? 0) + 1
        if (status === 200) told.set(voucher, (told.get(voucher) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    await restarted

    const written = (await readFile(ledger, 'utf8')).trim().split('\n').map(Number)
    console.info(`Answers by status: ${JSON.stringify(statuses)}; ${told.size} grants were answered 200.`)
    expect(Math.max(...told.values())).toBe(1)
    expect(new Set(written).size).toBe(written.length)
    expect([...told.keys()].filter(voucher => !written.includes(voucher))).toEqual([])
    // What was under way when a process or Redis went down may be spent without anybody having been told.
    expect(written.length - told.size).toBeLessThanOrEqual(clients)
    expect(told.size).toBeGreaterThanOrEqual(grants - 2 * clients)
    expect(statuses[503]).toBeGreaterThan(0)
    expect(statuses[401]).toBeGreaterThan(attempts / 2)
  }, 240_000)
})
