import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { AuditEvent } from 'afresh/server'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../demo/listen.ts'
import { listen } from '../support/http.ts'
import { testKey } from '../support/keys.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { readBlocks, writeFiles } from '../support/page-blocks.ts'
import { PostgresServer, postgresPrograms, unlessPostgres } from '../support/postgresql.ts'

// The backends of docs/backend/index.md, and what docs/backend/stores.md adds to one: their code is taken from the pages
// and runs in processes of its own.

const root = fileURLToPath(new URL('../..', import.meta.url))
const audience = 'https://api.example.com'
const appOrigin = 'https://app.example.com'
const payment = { cents: 25_000, payee: 'Northwind Paper' }

const now = (): number => Math.floor(Date.now() / 1000)

interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Record<string, string>
}

/** A process that runs a file of the page. */
class PageProcess {
  output = ''
  readonly ended: Promise<unknown[]>
  readonly child: ChildProcess

  constructor(file: string, env: Record<string, string>) {
    const args = ['--import', 'tsx', file]
    // The package's name stands for its source.
    const paths = { TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') }
    this.child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...paths, ...env } })
    this.ended = once(this.child, 'exit')
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', text => {
        this.output += text
      })
    }
  }

  /** Resolves when it has printed a text. @throws with all that it printed when it ends before that */
  async printed(text: string): Promise<void> {
    const ended = this.ended.then(() => true)
    while (!this.output.includes(text)) {
      const data = once(this.child.stdout ?? this.child, 'data').then(() => false)
      if (await Promise.race([ended, data])) throw new Error(`It ended: ${this.output}`)
    }
  }

  /** Also one that has ended, or hangs. */
  async stop(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }
}

// Several of the tests start a process.
describe.skipIf(!postgresPrograms)(
  `the backend of docs/backend/index.md${unlessPostgres}`,
  { timeout: 30_000 },
  () => {
    let folder: string
    let op: ScriptedOp
    let postgres: PostgresServer
    let database: pg.Pool
    let backend: PageProcess
    let env: Record<string, string>
    let cookies: string
    let paymentCount = 0
    let id: string
    /** A person of their own for each test, because a login serves one challenge. */
    let sub: string

    const processes: PageProcess[] = []
    function program(file: string, changes: Record<string, string> = {}): PageProcess {
      const started = new PageProcess(join(folder, 'src', file), { ...env, ...changes })
      processes.push(started)
      return started
    }

    beforeAll(async () => {
      op = await startOp(now)
      postgres = await PostgresServer.start()
      database = new pg.Pool({ connectionString: postgres.url })
      // In the repository, so that the packages are found.
      await mkdir(join(root, 'test-results'), { recursive: true })
      folder = await mkdtemp(join(root, 'test-results/backend-'))
      for (const page of ['index', 'stores'])
        await writeFiles(folder, await readBlocks(`docs/backend/${page}.md`))
      const { 'src/server.ts': server = '' } = Object.fromEntries(await readBlocks('README.md'))
      await writeFiles(join(folder, 'src/readme'), new Map([['server.ts', server]]))
      env = {
        DATABASE_URL: postgres.url,
        ISSUER: op.issuer,
        AUDIENCE: audience,
        APP_ORIGINS: appOrigin,
        FRESHNESS_KEYS: Buffer.from(testKey(1)).toString('base64url'),
        PORT: String(await freePort()),
      }
      const migration = program('migrate.ts')
      expect([await migration.ended, migration.output]).toEqual([[0, null], ''])
      backend = program('server.ts')
      await backend.printed('Listens at')
    }, 60_000)

    afterAll(async () => {
      await Promise.all(processes.map(one => one.stop()))
      await database?.end()
      await postgres?.close()
      await op?.close()
      await rm(folder, { recursive: true, force: true })
    })

    beforeEach(async () => {
      id = `p${++paymentCount}`
      sub = `josh${paymentCount}`
      cookies = ''
      await database.query('INSERT INTO payments (id, owner, payee, cents) VALUES ($1, $2, $3, $4)', [
        id,
        sub,
        payment.payee,
        payment.cents,
      ])
    })

    /** A request of the app's page, from its own origin. */
    async function send(path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Reply> {
      const response = await fetch(`http://127.0.0.1:${env.PORT}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'Content-Type': 'application/json', Origin: appOrigin, Cookie: cookies, ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const set = response.headers.getSetCookie().map(line => line.split(';')[0])
      if (set.length > 0) cookies = set.join('; ')
      const text = await response.text()
      const isJson = response.headers.get('Content-Type')?.includes('json') ?? false
      const { status, headers: received } = response
      return { status, headers: received, text, body: isJson ? JSON.parse(text) : {} }
    }

    const accessToken = (claims: Record<string, unknown> = {}): Promise<string> =>
      op.mint(
        {
          sub,
          aud: audience,
          client_id: 'payments',
          jti: 'at',
          scope: 'payments',
          auth_time: undefined,
          ...claims,
        },
        { header: { typ: 'at+jwt' } },
      )

    const approve = async (headers: Record<string, string> = {}, body: unknown = payment): Promise<Reply> =>
      send(
        `/api/payments/${id}/approve`,
        { Authorization: `Bearer ${await accessToken()}`, ...headers },
        body,
      )

    /** Ask and Prove: the person signs in once more, for this payment. */
    async function confirmed(): Promise<string> {
      // A call without a grant asks as well.
      const asked = await approve()
      expect([asked.status, asked.body.status]).toEqual([401, 'challenged'])
      // In a later second than the challenge, without waiting for it.
      const id_token = await op.mint({ sub, nonce: asked.body.nonce, auth_time: now() + 1 })
      const proved = await send('/api/freshness', {}, { challenge: asked.body.challenge, id_token })
      expect([proved.status, proved.body.status]).toEqual([200, 'granted'])
      return proved.body.grant ?? ''
    }

    /** What the provider sends when it has ended a session. */
    async function logOut(claims: Record<string, unknown>): Promise<Response> {
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
      const logout_token = await op.mint(
        { sub, jti: `logout of ${id}`, auth_time: undefined, events, ...claims },
        { header: { typ: 'logout+jwt' } },
      )
      const body = new URLSearchParams({ logout_token })
      return fetch(`http://127.0.0.1:${env.PORT}/backchannel-logout`, { method: 'POST', body })
    }

    const statusOf = async (): Promise<unknown> =>
      (await database.query('SELECT status FROM payments WHERE id = $1', [id])).rows[0]?.status

    it('asks, proves and uses a grant, once', async () => {
      const grant = await confirmed()
      expect(await approve({ 'Step-Up-Grant': grant })).toMatchObject({ status: 200, body: { approved: id } })
      expect(await statusOf()).toBe('approved')
      expect((await approve({ 'Step-Up-Grant': grant })).status).toBe(401)
      const { rows } = await database.query(
        'SELECT payment FROM outbox JOIN payments ON challenge_id = outbox.id WHERE payments.id = $1',
        [id],
      )
      expect(rows).toEqual([{ payment: { id, ...payment } }])
    })

    it('pays once where two requests come with one grant', async () => {
      const grant = await confirmed()
      const replies = await Promise.all([
        approve({ 'Step-Up-Grant': grant, 'Idempotency-Key': 'first' }),
        approve({ 'Step-Up-Grant': grant, 'Idempotency-Key': 'second' }),
      ])
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 401])
    })

    it.each<[string, () => Promise<Record<string, string>>]>([
      ['no access token', async () => ({ Authorization: '' })],
      ['a made-up access token', async () => ({ Authorization: 'Bearer made-up' })],
      [
        'an access token for another API',
        async () => ({ Authorization: `Bearer ${await accessToken({ aud: 'https://other.example' })}` }),
      ],
    ])('answers %s with 401, whatever grant comes with it', async (_, headers) => {
      const grant = await confirmed()
      const reply = await approve({ ...(await headers()), 'Step-Up-Grant': grant })
      expect([reply.status, reply.headers.get('WWW-Authenticate')?.split(' ')[0]]).toEqual([401, 'Bearer'])
      expect(await statusOf()).toBe('waiting')
      expect((await approve({ 'Step-Up-Grant': grant })).status).toBe(200)
    })

    it('refuses access tokens of a session that the provider has ended, and of no other', async () => {
      const grant = await confirmed()
      const logout = await logOut({ sid: 'ended' })
      expect([logout.status, logout.headers.get('Cache-Control')]).toEqual([200, 'no-store'])
      const tokenOf = async (sid: string): Promise<Record<string, string>> => ({
        Authorization: `Bearer ${await accessToken({ sid })}`,
        'Step-Up-Grant': grant,
      })
      const refused = await approve(await tokenOf('ended'))
      expect([refused.status, refused.body.error]).toEqual([401, 'invalid_token'])
      expect(refused.headers.get('WWW-Authenticate')).toContain('error="invalid_token"')
      expect(refused.headers.get('Access-Control-Allow-Origin')).toBe(appOrigin)
      expect(refused.headers.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate')
      expect(await statusOf()).toBe('waiting')
      expect((await approve(await tokenOf('another'))).status).toBe(200)
    })

    it.each<[string, Record<string, unknown>]>([
      ['that is another client’s', { sid: 'kept', aud: 'other' }],
      ['without the event', { sid: 'kept', events: {} }],
      ['that names no session', {}],
    ])('ends no session by a logout token %s', async (_, claims) => {
      expect((await logOut(claims)).status).toBe(400)
      const { rows } = await database.query('SELECT 1 FROM ended_sessions WHERE sid = $1', ['kept'])
      expect(rows).toEqual([])
    })

    it('keeps the grant when the work rolls back', async () => {
      const grant = await confirmed()
      await database.query(`UPDATE payments SET status = 'held' WHERE id = $1`, [id])
      expect((await approve({ 'Step-Up-Grant': grant })).status).toBe(409)
      await database.query(`UPDATE payments SET status = 'waiting' WHERE id = $1`, [id])
      expect((await approve({ 'Step-Up-Grant': grant })).status).toBe(200)
    })

    it('tries again when PostgreSQL says that another transaction came between', async () => {
      const grant = await confirmed()
      const other = await database.connect()
      await other.query('BEGIN')
      await other.query('UPDATE payments SET payee = payee WHERE id = $1', [id])
      const reply = approve({ 'Step-Up-Grant': grant })
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
      while ((await database.query(waiting)).rowCount === 0);
      await other.query('COMMIT')
      other.release()
      expect((await reply).status).toBe(200)
      expect(await statusOf()).toBe('approved')
    })

    it('answers a request again whose answer was lost', async () => {
      const key = { 'Idempotency-Key': `key of ${id}` }
      const grant = await confirmed()
      expect((await approve({ 'Step-Up-Grant': grant, ...key })).status).toBe(200)
      expect(await approve(key)).toMatchObject({ status: 200, body: { approved: id } })
    })

    it('refuses another amount than the one that was confirmed', async () => {
      const grant = await confirmed()
      const reply = await approve({ 'Step-Up-Grant': grant }, { ...payment, cents: 1 })
      expect([reply.status, reply.body.status]).toEqual([401, 'challenged'])
      expect((await approve({ 'Step-Up-Grant': grant }, { cents: '1' })).status).toBe(400)
    })

    const preflight = (path: string, origin: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${env.PORT}${path}`, {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type,idempotency-key,step-up-grant',
        },
      })

    it.each([
      ['/api/freshness', ['authorization', 'content-type', 'dpop']],
      [
        '/api/payments/p1/approve',
        ['authorization', 'content-type', 'dpop', 'idempotency-key', 'step-up-grant'],
      ],
    ])('lets a page of the app’s origin call %s, with cookies', async (path, allowed) => {
      const { status, headers } = await preflight(path, appOrigin)
      expect(status).toBe(204)
      expect(headers.get('Access-Control-Allow-Origin')).toBe(appOrigin)
      expect(headers.get('Access-Control-Allow-Credentials')).toBe('true')
      const names = (headers.get('Access-Control-Allow-Headers') ?? '').toLowerCase().split(/, ?/)
      expect(names.sort()).toEqual(allowed)
    })

    it('lets the app’s page read what a 401 asks for', async () => {
      const { status, headers } = await approve()
      expect(status).toBe(401)
      expect(headers.get('Access-Control-Allow-Origin')).toBe(appOrigin)
      expect(headers.get('Access-Control-Allow-Credentials')).toBe('true')
      expect(headers.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate')
    })

    it('gives a page of any other origin nothing', async () => {
      const origin = 'https://evil.example'
      for (const path of ['/api/freshness', `/api/payments/${id}/approve`]) {
        expect((await preflight(path, origin)).headers.get('Access-Control-Allow-Origin')).toBeNull()
      }
      const reply = await send('/api/freshness', { Origin: origin }, { action: 'payment.approve' })
      expect([reply.status, reply.body.error]).toEqual([403, 'origin_not_allowed'])
    })

    it('binds a challenge to the browser by a cookie that only this host gets, over TLS', async () => {
      const { headers } = await approve()
      expect(headers.get('Set-Cookie')).toMatch(
        /^__Host-afresh-.*; Path=\/; .*; HttpOnly; SameSite=Strict; Secure$/,
      )
    })

    it('writes a line for each decision, and no token into it', async () => {
      const grant = await confirmed()
      await approve({ 'Step-Up-Grant': grant, Authorization: 'Bearer made-up' })
      await approve({ 'Step-Up-Grant': grant })
      const lines = backend.output.split('\n').filter(line => line.startsWith('{'))
      const events: AuditEvent[] = lines.map(line => JSON.parse(line))
      expect(events.filter(event => event.sub === sub).map(({ event, step }) => [event, step])).toEqual([
        ['challenged', 'use'],
        ['granted', 'prove'],
        ['used', 'use'],
      ])
      expect(events.filter(({ event }) => event === 'refused').at(-1)).toMatchObject({ step: 'access_token' })
      for (const secret of [grant, cookies.split('=')[1] ?? '', 'made-up'])
        expect(lines.join()).not.toContain(secret)
    })

    it('sends an approved payment to the bank until the bank has taken it', async () => {
      const grant = await confirmed()
      await approve({ 'Step-Up-Grant': grant })
      await database.query('UPDATE outbox SET sent_at = now() WHERE payment->>$1 <> $2', ['id', id])
      const seen: unknown[] = []
      const endWaiting = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'`
      const statuses = [201, 503, 201]
      const bank = createServer(async (request, response) => {
        let text = ''
        for await (const chunk of request) text += chunk
        seen.push([request.headers['idempotency-key'], JSON.parse(text)])
        // The first time, the transaction that waits for the bank loses its connection.
        if (statuses.length === 3) await database.query(endWaiting)
        response.writeHead(statuses.shift() ?? 500).end()
      })
      const url = await listen(bank)
      const driver = `import { inTransaction, pool } from './database.ts'
import { sendNext } from './outbox.ts'
const send = () => inTransaction(tx => sendNext(tx, '${url}')).catch(error => error.message)
await send()
console.log(await send(), await send(), await send())
await pool.end()`
      await writeFiles(folder, new Map([['src/send.ts', driver]]))
      const sender = program('send.ts')
      const [code] = await sender.ended
      bank.close()
      expect([code, sender.output.trim()]).toEqual([0, 'The bank answered 503 true false'])
      const { rows } = await database.query('SELECT challenge_id FROM payments WHERE id = $1', [id])
      const sent = [rows[0]?.challenge_id, { id, ...payment }]
      expect(seen).toEqual([sent, sent, sent])
    })

    it.each([
      ['the page', 'smallest.ts'],
      ['README.md', 'readme/server.ts'],
    ])('does the same in the one file of %s, for a page of its own origin', async (_, file) => {
      const own = `http://127.0.0.1:${await freePort()}`
      const smallest = program(file, {
        FRESHNESS_KEY: env.FRESHNESS_KEYS ?? '',
        PORT: new URL(own).port,
      })
      const post = async (path: string, headers: Record<string, string>, body: unknown): Promise<Response> =>
        fetch(own + path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...headers },
          body: JSON.stringify(body),
        })
      while (!(await fetch(own).catch(() => null))) await Promise.race([smallest.ended, sleep(50)])
      const pay = async (
        headers: Record<string, string>,
        body: unknown = { id: 'p1', cents: 1, to: 'ACME' },
      ) => post('/api/payments/p1/approve', headers, body)
      const Authorization = `Bearer ${await accessToken()}`
      expect((await pay({ Authorization: 'Bearer made-up' })).status).toBe(401)
      expect((await pay({ Authorization }, null)).status).toBe(400)
      const asked = await pay({ Authorization })
      expect(asked.status).toBe(401)
      const { challenge, nonce } = await asked.json()
      const Cookie = asked.headers.getSetCookie()[0]?.split(';')[0] ?? ''
      const id_token = await op.mint({ sub, nonce, auth_time: now() + 1 })
      const proved = await post('/api/freshness', { Cookie }, { challenge, id_token })
      const grant = { Authorization, Cookie, 'Step-Up-Grant': (await proved.json()).grant }
      expect((await pay(grant, { id: 'p1', cents: 2, to: 'ACME' })).status).toBe(401)
      expect((await pay(grant)).status).toBe(200)
      expect((await pay(grant)).status).toBe(401)
    })

    it('says that it is alive and ready', async () => {
      expect([(await send('/health')).status, (await send('/ready')).status]).toEqual([200, 200])
    })

    it('does not start with a provider that cannot be reached', async () => {
      const broken = program('server.ts', { ISSUER: 'http://127.0.0.1:9', PORT: String(await freePort()) })
      expect(await broken.ended).toEqual([1, null])
      expect(broken.output).not.toContain('Listens at')
    })

    it('does not start without its table', async () => {
      await database.query('CREATE DATABASE empty')
      const broken = program('server.ts', {
        DATABASE_URL: postgres.url.replace(/\w+$/, 'empty'),
        PORT: String(await freePort()),
      })
      expect(await broken.ended).toEqual([1, null])
      expect(broken.output).toContain('afresh_freshness')
    })

    it('finishes what is under way when it is told to stop', async () => {
      const second = program('server.ts', { PORT: String(await freePort()) })
      await second.printed('Listens at')
      second.child.kill('SIGTERM')
      expect(await second.ended).toEqual([0, null])
    })
  },
)
