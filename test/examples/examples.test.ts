import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../demo/listen.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { type Running, startServer } from '../support/running.ts'
import { type Example, examples, withDatabase } from './examples.ts'
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
