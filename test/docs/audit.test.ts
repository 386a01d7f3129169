import { AsyncLocalStorage } from 'node:async_hooks'
import { readFileSync } from 'node:fs'
import type { Meter } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { type Logger, pino } from 'pino'
import { transformWithOxc } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AuditEvent, memoryStore } from '../../src/server/index.ts'
import { cookieOf, Endpoint } from '../support/endpoint.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const page = readFileSync(new URL('../../docs/backend/audit.md', import.meta.url), 'utf8')
type Audit = (event: AuditEvent) => void

/** The code that the page shows under this name. It imports types only, so it can stand alone. */
async function recipe(name: string): Promise<Record<string, unknown>> {
  const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
  const source = blocks.find(code => code.startsWith(`// ${name}\n`)) ?? ''
  const { code } = await transformWithOxc(source, name)
  return import(`data:text/javascript,${encodeURIComponent(code)}`)
}

const clock = new ManualClock()
let op: ScriptedOp
let endpoint: Endpoint
let createCounter: (meter: Meter) => Audit
let createLog: (logger: Logger) => Audit

beforeAll(async () => {
  op = await startOp(clock.now)
  createCounter = (await recipe('audit-metrics.ts')).createCounter as typeof createCounter
  createLog = (await recipe('audit-log.ts')).createLog as typeof createLog
})
afterAll(() => op.close())
beforeEach(() => {
  clock.time = 1_800_000_000
  endpoint = new Endpoint(op, clock)
})

/** A person is challenged, refused, granted, and uses the grant, which then comes again. @returns secrets of it */
async function stepUp(sub: string): Promise<string[]> {
  const guard = endpoint.open()
  await endpoint.prove({ claims: { auth_time: clock.time - 1 } })
  const answer = await endpoint.askFresh(guard, { sub })
  const { grant } = await answer.json()
  const headers = { 'Step-Up-Grant': grant, Cookie: cookieOf(answer) }
  const request = new Request('https://api.example/pay', { method: 'POST', headers })
  await guard.require(request, 'recent', { subject: sub })
  await expect(guard.require(request, 'recent', { subject: sub })).rejects.toThrow('already_used')
  return [grant, headers.Cookie]
}

describe('the metrics of docs/backend/audit.md', () => {
  let exporter: InMemoryMetricExporter
  let provider: MeterProvider

  beforeEach(() => {
    exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    provider = new MeterProvider({ readers: [reader] })
  })
  afterEach(() => provider.shutdown())

  /** The series of a metric: their labels and values. */
  async function seriesOf(name: string): Promise<[object, unknown][]> {
    await provider.forceFlush()
    const scopes = exporter.getMetrics().at(-1)?.scopeMetrics ?? []
    const found = scopes.flatMap(({ metrics }) =>
      metrics.filter(({ descriptor }) => descriptor.name === name),
    )
    return found.flatMap(({ dataPoints }) =>
      dataPoints.map(({ attributes, value }): [object, unknown] => [attributes, value]),
    )
  }

  it('count the decisions of a real guard by event, step, action and reason, and by no person', async () => {
    endpoint.options = { audit: createCounter(provider.getMeter('payments-api')) }
    await stepUp('josh')
    await stepUp('jane')
    expect(await seriesOf('afresh.decisions')).toEqual([
      [{ event: 'challenged', step: 'ask', action: 'now', reason: undefined }, 2],
      [{ event: 'denied', step: 'prove', action: 'now', reason: 'stale' }, 2],
      [{ event: 'granted', step: 'ask', action: 'recent', reason: undefined }, 2],
      [{ event: 'used', step: 'use', action: 'recent', reason: undefined }, 2],
      [{ event: 'replayed', step: 'use', action: 'recent', reason: 'already_used' }, 2],
    ])
  })

  it('measure in seconds how long a decision took', async () => {
    const record = createCounter(provider.getMeter('payments-api'))
    endpoint.options = { audit: event => record({ ...event, duration: 250 }) }
    await endpoint.ask('now')
    expect(await seriesOf('afresh.duration')).toMatchObject([
      [
        { event: 'challenged', step: 'ask' },
        { count: 1, sum: 0.25, buckets: { boundaries: { 0: 0.001 } } },
      ],
    ])
  })
})

describe('the log of docs/backend/audit.md', () => {
  let lines: Record<string, unknown>[]
  let text: string

  beforeEach(() => {
    lines = []
    text = ''
    const write = (line: string): void => {
      text += line
      lines.push(JSON.parse(line))
    }
    endpoint.options = { audit: createLog(pino({ base: null }, { write })) }
  })

  it('has one line for each decision of a real guard, and no token', async () => {
    const secrets = await stepUp('josh')
    const decided = {
      decidedAt: '2027-01-15T08:00:01.000Z',
      client: 'payments',
      duration: expect.any(Number),
    }
    const josh = { sub: 'josh', jti: expect.stringMatching(/^[\w-]{36}$/), ...decided }
    expect(lines).toMatchObject([
      { level: 30, msg: 'step-up challenged', step: 'ask', action: 'now', decidedAt: expect.any(String) },
      { ...josh, level: 40, msg: 'step-up denied', step: 'prove', action: 'now', reason: 'stale' },
      { ...josh, level: 30, msg: 'step-up granted', step: 'ask', action: 'recent' },
      { ...josh, level: 30, msg: 'step-up used', step: 'use', action: 'recent' },
      { ...josh, level: 40, msg: 'step-up replayed', step: 'use', action: 'recent', reason: 'already_used' },
    ])
    for (const secret of secrets) expect(text).not.toContain(secret.split('.').at(-1))
  })

  it('leads from a refusal to its challenge, and from a use to its grant, by the jti', async () => {
    await stepUp('josh')
    const [challenged, denied, granted, used, replayed] = lines.map(({ jti }) => jti)
    expect(denied).toBe(challenged)
    expect([used, replayed]).toEqual([granted, granted])
    expect(granted).not.toBe(challenged)
  })

  it('says in detail which claim of a token does not fit', async () => {
    await endpoint.prove({ claims: { aud: 'other' } })
    expect(lines.at(-1)).toMatchObject({ reason: 'invalid_token', detail: expect.stringContaining('aud') })
  })
})

describe('what docs/backend/audit.md promises of `audit`', () => {
  it('is called in the context of its request', async () => {
    const requests = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    endpoint.options = { audit: () => seen.push(requests.getStore()) }
    const guard = endpoint.open()
    await Promise.all(['a', 'b'].map(id => requests.run(id, () => endpoint.ask('now', {}, guard))))
    expect(seen.sort()).toEqual(['a', 'b'])
  })

  it.each<[string, () => unknown]>([
    ['hangs', () => new Promise(() => {})],
    ['rejects', () => Promise.reject(new Error('no log'))],
    [
      'throws',
      () => {
        throw new Error('no log')
      },
    ],
  ])('changes no answer when it %s', async (_, audit) => {
    endpoint.options = { audit, store: { ...memoryStore({ now: clock.now }), since: 0 } }
    expect((await endpoint.prove()).status).toBe(200)
  })
})

/** The compiler demands all names, and no others. */
const events: Record<AuditEvent['event'], true> = {
  ...{ challenged: true, granted: true, used: true, denied: true },
  ...{ replayed: true, refused: true, unavailable: true, pushed: true },
}
const reasons: Record<NonNullable<AuditEvent['reason']>, true> = {
  ...{ stale: true, subject_mismatch: true, acr_unmet: true, amr_unmet: true, federated: true },
  ...{ nonce_mismatch: true, binding_mismatch: true, auth_time_missing: true, auth_time_in_future: true },
  ...{ clock_skew: true, challenge_expired: true, already_used: true, invalid_token: true },
  ...{ grant_missing: true, grant_invalid: true, grant_expired: true, action_mismatch: true },
  ...{ context_mismatch: true, policy_changed: true, invalid_request: true, cross_site: true },
  ...{ invalid_dpop_proof: true, temporarily_unavailable: true, unknown_action: true },
  ...{ origin_not_allowed: true, method_not_allowed: true, request_timeout: true, payload_too_large: true },
  ...{ unsupported_media_type: true, access_token_required: true, insufficient_scope: true },
  ...{ not_pushed: true, authorization_details_mismatch: true },
}

it.each([
  ['event', events],
  ['reason', reasons],
])('docs/backend/audit.md explains every %s, and no other', (column, names) => {
  const [, table = ''] = page.split(`| \`${column}\` | `)
  const cells = table
    .split('\n\n')[0]
    ?.split('\n')
    .slice(2)
    .map(row => row.split('|')[1] ?? '')
  const explained = cells?.flatMap(cell => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))
  expect(explained?.sort()).toEqual(Object.keys(names).sort())
})
