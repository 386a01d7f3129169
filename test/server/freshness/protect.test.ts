import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type AuditEvent,
  createFreshnessGuard,
  type FreshnessGuard,
  GuardError,
  memoryStore,
  type StepUpRecord,
  type TransactionalStore,
} from '../../../src/server/index.ts'
import { createProver, type Prover, sha256 } from '../../support/dpop.ts'
import { testKey } from '../../support/keys.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, payment } from '../../support/shop.ts'
import { conflict, type Database, openDatabase, type Transaction } from '../../support/transactions.ts'

const clock = new ManualClock()
const url = 'https://api.example/api/payments/approve'
const actions = {
  'payment.approve': { reauthenticate: true, context: 'required' },
  'email.change': { maxAge: 300 },
} as const
let op: ScriptedOp
let database: Database
let guard: FreshnessGuard<typeof actions, Transaction>
let josh: Browser
let events: AuditEvent[]
/** What the work has done, as far as it was committed. */
let ledger: StepUpRecord[]

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
afterEach(() => {
  vi.useRealTimers()
})
beforeEach(() => {
  clock.time = 1_800_000_000
  database = openDatabase(clock)
  ledger = []
  events = []
  open(database.store)
})

function open(store: TransactionalStore<Transaction>, dpop = false): void {
  guard = createFreshnessGuard({
    ...{ issuer: op.issuer, clientId: 'payments', audience: 'https://api.example', keys: [testKey(7)] },
    ...{ actions, store, dpop, storeTimeout: 0.05, now: clock.now, onError: () => {} },
    audit: event => events.push(event),
  })
  josh = new Browser({ request: guard.handler })
}

/** A call of Josh's browser, with a grant if there is one. */
function request(grant?: string, headers: Record<string, string> = {}): Request {
  const Cookie = Array.from(josh.cookies, pair => pair.join('=')).join('; ')
  const all = { Cookie, ...(grant !== undefined && { 'Step-Up-Grant': grant }), ...headers }
  return new Request(url, { method: 'POST', headers: all })
}

const options = { subject: 'josh', context: payment }

/** Approves the payment in a transaction. The ledger has it once that is committed. */
async function approve(
  call: Request,
  work = (): unknown => 'paid',
  context: object = payment,
): Promise<unknown> {
  const { record, result } = await database.transaction(transaction =>
    guard.protect(call, 'payment.approve', { ...options, context, transaction }, async record => ({
      record,
      result: await work(),
    })),
  )
  ledger.push(record)
  return result
}

/** What the guard throws instead. */
async function refusalOf(approved: Promise<unknown>): Promise<GuardError> {
  const error = await approved.catch(reason => reason)
  if (error instanceof GuardError) return error
  throw new Error('The guard did not refuse', { cause: error })
}

/** Calls without a grant, and gets one. */
async function stepUp(): Promise<string> {
  const answer = (await refusalOf(approve(request()))).toResponse()
  for (const line of answer.headers.getSetCookie()) {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
    josh.cookies.set(name, value)
  }
  const { challenge, nonce }: Record<string, string> = await answer.json()
  clock.advance(1)
  const { body } = await josh.prove(challenge, await op.mint({ nonce }))
  events.length = 0
  return body.grant ?? ''
}

const usedUp = { code: 'step_up_required', reason: 'already_used' }

describe('a grant', () => {
  it('is used once the transaction is committed, and the work’s result comes back', async () => {
    const grant = await stepUp()
    expect(await approve(request(grant))).toBe('paid')
    expect(ledger).toMatchObject([{ subject: 'josh', action: 'payment.approve', authTime: clock.time }])
    expect(events).toMatchObject([{ event: 'used', step: 'use', sub: 'josh' }])
  })

  it('that is used again is a 401 with a new challenge, and no work is done', async () => {
    const grant = await stepUp()
    await approve(request(grant))
    const work = vi.fn()
    const refusal = await refusalOf(approve(request(grant), work))
    expect(refusal).toMatchObject(usedUp)
    expect(await refusal.toResponse().json()).toMatchObject({ status: 'challenged' })
    expect(work).not.toHaveBeenCalled()
    expect(events.map(({ event, jti }) => [event, jti === events[0]?.jti])).toEqual([
      ['used', true],
      ['replayed', true],
    ])
  })

  it.each<[string, () => unknown]>([
    ['rejects', () => Promise.reject(new Error('no money'))],
    [
      'throws at once',
      () => {
        throw new Error('no money')
      },
    ],
  ])('is not used by work that %s, and the error comes through', async (_, work) => {
    const grant = await stepUp()
    await expect(approve(request(grant), work)).rejects.toEqual(new Error('no money'))
    expect(events).toEqual([])
    expect(await approve(request(grant))).toBe('paid')
  })

  it('is not used when the commit fails, and the same request may try again', async () => {
    const call = request(await stepUp())
    database.failures.push(conflict)
    await expect(approve(call)).rejects.toBe(conflict)
    expect(ledger).toEqual([])
    expect(await approve(call)).toBe('paid')
    // The commit comes after the event, so both attempts tell the same grant.
    expect(events.map(event => event.event)).toEqual(['used', 'used'])
    expect(new Set(events.map(event => event.jti)).size).toBe(1)
  })

  it('that two transactions use at once is used by one of them', async () => {
    const grant = await stepUp()
    const outcomes = await Promise.allSettled([approve(request(grant)), approve(request(grant))])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(ledger).toHaveLength(1)
  })

  it('is not used for another context, and no work is done', async () => {
    const grant = await stepUp()
    const work = vi.fn()
    await expect(approve(request(grant), work, { ...payment, cents: 1 })).rejects.toMatchObject({
      reason: 'context_mismatch',
    })
    expect(work).not.toHaveBeenCalled()
    expect(await approve(request(grant))).toBe('paid')
  })

  it('is not used when the work asks for more than it may: a refusal of its own comes through', async () => {
    const grant = await stepUp()
    const inner = (): Promise<unknown> => guard.require(request(), 'email.change', { subject: 'josh' })
    await expect(approve(request(grant), inner)).rejects.toMatchObject({ reason: 'grant_missing' })
    expect(events).toMatchObject([{ event: 'challenged', action: 'email.change' }])
    expect(await approve(request(grant))).toBe('paid')
  })
})

describe('a database', () => {
  /** The same store, which answers in a transaction as it is told. */
  const answering = (consume: (key: string) => Promise<unknown>): TransactionalStore<Transaction> => ({
    ...database.store,
    within: () => ({ consume: consume as (key: string) => Promise<boolean> }),
  })

  it('whose error comes while the grant is used: the very error comes through', async () => {
    open(answering(() => Promise.reject(conflict)))
    const work = vi.fn()
    const grant = await stepUp()
    await expect(approve(request(grant), work)).rejects.toBe(conflict)
    expect(work).not.toHaveBeenCalled()
    expect(events).toEqual([])
  })

  it.each([[1], ['OK'], ['true'], [{ rowCount: 1 }], [[]], [undefined], [false]])(
    'that answers %j has not used the grant: 401, and no work is done',
    async answer => {
      open(answering(async () => answer))
      const work = vi.fn()
      const grant = await stepUp()
      await expect(approve(request(grant), work)).rejects.toMatchObject(usedUp)
      expect(work).not.toHaveBeenCalled()
    },
  )

  it('may take longer than storeTimeout in a transaction, where only the caller can give up', async () => {
    let answer: (used: boolean) => void = () => {}
    const slow = new Promise<boolean>(resolve => {
      answer = resolve
    })
    const asked = vi.fn(() => slow)
    open(answering(asked))
    const grant = await stepUp()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const approved = approve(request(grant))
    await vi.waitFor(() => expect(asked).toHaveBeenCalled())
    await vi.advanceTimersByTimeAsync(60_000)
    vi.useRealTimers()
    answer(true)
    expect(await approved).toBe('paid')
  })

  it('that answers when the grant has expired lets no work be done: 401', async () => {
    open(
      answering(async () => {
        clock.advance(60)
        return true
      }),
    )
    const work = vi.fn()
    const grant = await stepUp()
    await expect(approve(request(grant), work)).rejects.toMatchObject({ reason: 'grant_expired' })
    expect(work).not.toHaveBeenCalled()
    expect(events).toMatchObject([{ event: 'refused', reason: 'grant_expired', jti: expect.any(String) }])
  })

  it('is tried outside of the transaction', async () => {
    const keys: string[] = []
    open(
      answering(async key => {
        keys.push(key)
        return true
      }),
    )
    await approve(request(await stepUp()))
    expect(keys).toEqual([expect.stringMatching(/^grant:/)])
  })

  it('that fails its trial is a 503, before anything is used or done', async () => {
    const grant = await stepUp()
    const { cookies } = josh
    let isTold = false
    const consume = (key: string): Promise<boolean> =>
      isTold ? database.store.consume(key, 60) : Promise.resolve(true)
    open({ ...database.store, consume })
    for (const [name, value] of cookies) josh.cookies.set(name, value)
    const work = vi.fn()
    await expect(approve(request(grant), work)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    expect(work).not.toHaveBeenCalled()
    expect(events).toMatchObject([{ event: 'unavailable', step: 'use', sub: 'josh' }])
    isTold = true
    expect(await approve(request(grant))).toBe('paid')
  })
})

describe('with DPoP', () => {
  let key: Prover
  beforeAll(async () => {
    key = await createProver()
  })

  it('one proof serves all attempts of one request, and no other request', async () => {
    open(database.store, true)
    const token = { Authorization: 'DPoP token' }
    const prove = async (to: string): Promise<Record<string, string>> => {
      const DPoP = await key.prove('POST', to, clock.time, { claims: { ath: sha256('token') } })
      return { ...token, DPoP }
    }
    const refusal = await refusalOf(approve(request(undefined, await prove(url))))
    const { challenge, nonce }: Record<string, string> = await refusal.toResponse().json()
    clock.advance(1)
    const proof = { challenge, id_token: await op.mint({ nonce }) }
    const { body } = await josh.send(
      '/api/freshness',
      proof,
      await prove('https://api.example/api/freshness'),
    )
    const headers = await prove(url)
    const call = request(body.grant, headers)
    const cnf = { jkt: key.thumbprint }
    database.failures.push(conflict)
    await guard.checkDpop(call, { cnf })
    await expect(approve(call)).rejects.toBe(conflict)
    await guard.checkDpop(call, { cnf })
    expect(await approve(call)).toBe('paid')
    await expect(guard.checkDpop(request(body.grant, headers), { cnf })).rejects.toMatchObject({
      code: 'invalid_dpop_proof',
    })
  })
})

describe('a call that cannot be protected is a ConfigurationError, and uses nothing', () => {
  const misconfigured = { code: 'configuration_invalid' }
  const shared = { ...options, transaction: new Set<string>() }

  it.each<[string, object | undefined]>([
    ['no options', undefined],
    ['no transaction', options],
    ['null for a transaction', { ...options, transaction: null }],
    ['false for a transaction', { ...options, transaction: false }],
    ['empty text for a transaction', { ...options, transaction: '' }],
    ['no subject', { ...shared, subject: undefined }],
    ['no context', { ...shared, context: undefined }],
    ['an option that does not exist', { ...shared, Transaction: shared.transaction }],
  ])('%s', async (_, given) => {
    const grant = await stepUp()
    const work = vi.fn()
    const call = guard.protect(request(grant), 'payment.approve', given as typeof shared, work)
    await expect(call).rejects.toMatchObject(misconfigured)
    expect(work).not.toHaveBeenCalled()
    expect(events).toEqual([])
    expect(await approve(request(grant))).toBe('paid')
  })

  it.each<[string, 'memory' | ReturnType<typeof memoryStore>]>([
    ['memory', 'memory'],
    ['a store without transactions', memoryStore()],
  ])('%s', async (_, store) => {
    const other = createFreshnessGuard({
      ...{ issuer: op.issuer, clientId: 'payments', audience: 'https://api.example', keys: [testKey(7)] },
      ...{ actions, store },
    })
    // @ts-expect-error: this store has no transactions
    await expect(other.protect(request(), 'payment.approve', shared, () => 'paid')).rejects.toMatchObject(
      misconfigured,
    )
  })

  it('no work', async () => {
    const grant = await stepUp()
    const call = guard.protect(request(grant), 'payment.approve', shared, undefined as never)
    await expect(call).rejects.toMatchObject(misconfigured)
    expect(await approve(request(grant))).toBe('paid')
  })

  it('a transaction that is given to require, which would not use it', async () => {
    const grant = await stepUp()
    // @ts-expect-error: require has no transaction
    const call = guard.require(request(grant), 'payment.approve', shared)
    await expect(call).rejects.toMatchObject(misconfigured)
    expect(events).toEqual([])
    expect(await approve(request(grant))).toBe('paid')
  })

  it('an action that is not configured', async () => {
    // @ts-expect-error: "pay" is not configured
    await expect(guard.protect(request(), 'pay', shared, () => 'paid')).rejects.toMatchObject(misconfigured)
  })
})
