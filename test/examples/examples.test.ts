import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../demo/listen.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { type Running, startServer } from '../support/running.ts'
import { type Example, examples, forNode, onWorkers, withDatabase, withLogout } from './examples.ts'
import { appOrigin, audience, expected, outcomes, Person, payment } from './outcomes.ts'

let op: ScriptedOp
let folder: string
const running: Running[] = []
const key = randomBytes(32).toString('base64url')

beforeAll(async () => {
  op = await startOp(() => Math.floor(Date.now() / 1000))
  folder = await mkdtemp(join(tmpdir(), 'afresh-examples-'))
})
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})
afterAll(async () => {
  await op.close()
  await rm(folder, { recursive: true, force: true })
})

const start = async ({ command }: Example, more: Readonly<Record<string, string>> = {}): Promise<Running> => {
  const port = await freePort()
  const settings = {
    ISSUER: op.issuer,
    CLIENT_ID: 'payments',
    AUDIENCE: audience,
    FRESHNESS_KEY: key,
    APP_ORIGIN: appOrigin,
    PORT: String(port),
    ...more,
  }
  const server = await startServer(await command(settings, folder), port)
  running.push(server)
  return server
}

const named = examples.map(example => ({
  ...example,
  name: `${example.name}${example.isReady ? '' : ' (skipped: it is not installed)'}`,
}))

describe.each(named)('the example of $name', example => {
  it.skipIf(!example.isReady)('lets a step-up through from Ask to Use, and no attack', async () => {
    const { origin, output } = await start(example)
    expect(await outcomes(origin, op), output()).toEqual(expected)
  })
})

it('the example with a database keeps a grant through a refusal of the database, and through a restart', async () => {
  const database = { DATABASE: join(folder, 'payments.db') }
  const before = await start(withDatabase, database)
  const josh = await Person.arrive(before.origin, op, 'josh')
  const unknown = { ...payment, id: 'p9' }
  const refused = await josh.stepUp(unknown)
  for (let times = 0; times < 2; times++) expect((await josh.pay(unknown, refused)).status).toBe(409)
  const jane = await Person.arrive(before.origin, op, 'jane')
  const grant = await jane.stepUp(payment)
  await before.stop()

  const after = await start(withDatabase, database)
  jane.moveTo(after.origin)
  const statuses = [(await jane.pay(payment, grant)).status, (await jane.pay(payment, grant)).status]
  expect(statuses, after.output()).toEqual([200, 401])
})

it('the example with a database lists the payments, with who has approved them, to people with a token', async () => {
  const { origin } = await start(withDatabase)
  const josh = await Person.arrive(origin, op, 'josh')
  const list = async (headers: Record<string, string> = {}): Promise<unknown> => {
    const response = await fetch(`${origin}/api/payments`, { headers })
    return response.ok ? response.json() : response.status
  }
  expect(await list()).toBe(401)
  await josh.pay(payment, await josh.stepUp(payment))
  expect(await list({ Authorization: josh.subject })).toMatchObject([
    { ...payment, approvedBy: 'josh' },
    { id: 'p2', approvedBy: null },
    { id: 'p3' },
    { id: 'p4' },
  ])
})

it.skipIf(!onWorkers.isReady)(
  'a durable object keeps what was used, and forgets what has expired',
  async () => {
    const before = await start(onWorkers)
    const josh = await Person.arrive(before.origin, op, 'josh')
    const grant = await josh.stepUp(payment)
    expect((await josh.pay(payment, grant)).status).toBe(200)
    await before.stop()

    const objects = join(folder, 'objects/FreshnessObject')
    const [file = ''] = readdirSync(objects).filter(name => /^[\da-f]+\.sqlite$/.test(name))
    const inObject = (text: string): readonly unknown[] => runSql(join(objects, file), text)
    inObject("INSERT INTO afresh_freshness VALUES ('long ago', 1, 1)")
    // As if an hour had passed: the object and the runtime each know the time of the alarm.
    inObject('UPDATE _cf_METADATA SET value = 1 WHERE key = 1')
    runSql(join(objects, 'metadata.sqlite'), 'UPDATE _cf_ALARM SET scheduled_time = 1')

    josh.moveTo((await start(onWorkers)).origin)
    expect((await josh.pay(payment, grant)).status).toBe(401)
    await vi.waitFor(() => {
      expect(inObject("SELECT key FROM afresh_freshness WHERE key = 'long ago'")).toEqual([])
    })
    expect(inObject("SELECT key FROM afresh_freshness WHERE key LIKE 'grant:%'")).not.toEqual([])
  },
)

function runSql(file: string, text: string): readonly unknown[] {
  const database = new DatabaseSync(file)
  try {
    return database.prepare(text).all()
  } finally {
    database.close()
  }
}

describe.each(forNode)('the example of $name', example => {
  it('does not start without its key, and says so', async () => {
    await expect(start(example, { FRESHNESS_KEY: '' })).rejects.toThrow('Error: Set ISSUER')
  }, 10_000)
})

let logouts = 0
/** The OP says that a session has ended. The status of the answer. */
async function logout(origin: string, claims: Readonly<Record<string, unknown>>): Promise<number> {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const usual = { auth_time: undefined, jti: `logout ${++logouts}`, events }
  const logout_token = await op.mint({ ...usual, ...claims }, { header: { typ: 'logout+jwt' } })
  const init = { method: 'POST', body: new URLSearchParams({ logout_token }) }
  return (await fetch(`${origin}/backchannel-logout`, init)).status
}
const errorsOf = (people: readonly Person[]): Promise<unknown[]> =>
  Promise.all(people.map(async person => (await person.pay(payment)).body.error))

describe.each(withLogout)('the example of $name', example => {
  it('refuses the access tokens of a session that the OP has ended, and no others', async () => {
    const { origin } = await start(example)
    const sessions = ['s1', 's2'].map(sid => Person.arrive(origin, op, 'josh', sid))
    const people = await Promise.all(sessions)
    expect(await logout(origin, { sid: 's1', aud: 'other' })).toBe(400)
    expect(await errorsOf(people)).toEqual([undefined, undefined])
    expect(await logout(origin, { sid: 's1' })).toBe(200)
    expect(await errorsOf(people)).toEqual(['invalid_token', undefined])
  })
})

it('the example with a database ends all sessions of a person where the OP names none', async () => {
  const { origin } = await start(withDatabase)
  const josh = await Person.arrive(origin, op, 'josh', 's1')
  const people = [
    josh,
    await Person.arrive(origin, op, 'josh'),
    await Person.arrive(origin, op, 'jane', 's3'),
  ]
  expect(await logout(origin, { sub: 'josh' })).toBe(200)
  expect(await errorsOf(people)).toEqual(['invalid_token', 'invalid_token', undefined])
})
