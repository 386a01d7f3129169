import { describe, expectTypeOf, it } from 'vitest'
import {
  type ActionPolicies,
  type ActionPolicy,
  createFreshnessGuard,
  type FreshnessGuard,
  type FreshnessHint,
  type GuardOptions,
  memoryStore,
  type ProtectOptions,
  type RequireOptions,
  type StepUpRecord,
} from '../../../src/server/index.ts'
import { sqlStore } from '../../../src/server/sql.ts'
import { testKey } from '../../support/keys.ts'

/** What the compiler lets a backend write. Nothing is judged here when the tests run. */

interface Client {
  readonly query: (text: string) => Promise<void>
}

const parties = {
  issuer: 'https://login.example.com',
  clientId: 'payments',
  audience: 'https://api.example.com',
  keys: [testKey(1)],
}
const actions = {
  pay: { reauthenticate: true, context: 'required' },
  mail: { maxAge: 300 },
  address: { maxAge: 300, context: 'optional' },
} as const satisfies GuardOptions['actions']
const store = sqlStore({
  dialect: 'postgresql',
  query: async (_text, _values, client?: Client) => (client ? [] : [null]),
})
const options = { ...parties, actions, store }

const inline = createFreshnessGuard({
  ...parties,
  actions: { pay: { reauthenticate: true, context: 'required' }, mail: { maxAge: 300 } },
  store: 'memory',
})
const spread = createFreshnessGuard({ ...options, challengeTtl: 300 })
const shared = createFreshnessGuard(options)

const bare = { subject: 'josh' }
const about = { ...bare, context: { id: 'p1' } }
const request = new Request('https://api.example.com/')

describe('context', () => {
  it('is demanded where the policy demands it, wherever the policies stand', () => {
    const calls = [
      // @ts-expect-error: no context
      () => inline.require(request, 'pay', bare),
      // @ts-expect-error: no context
      () => spread.require(request, 'pay', bare),
      // @ts-expect-error: no context
      () => shared.require(request, 'pay', bare),
      // @ts-expect-error: undefined is none
      () => shared.require(request, 'pay', { ...bare, context: undefined }),
      () => [inline, spread, shared].map(guard => guard.require(request, 'pay', about)),
      () => shared.require(request, 'pay', { ...bare, context: null }),
    ]
    expectTypeOf(calls).not.toBeAny()
  })

  it('may be given or not where the policy does not demand it', () => {
    const calls = [
      () => shared.require(request, 'mail', bare),
      () => shared.require(request, 'mail', about),
      () => shared.require(request, 'address', bare),
    ]
    expectTypeOf(calls).not.toBeAny()
  })

  it('is demanded where one of several policies may be in force that demands it', () => {
    const call = (action: 'pay' | 'mail') => [
      // @ts-expect-error: "pay" needs one
      () => shared.require(request, action, bare),
      () => shared.require(request, action, about),
    ]
    expectTypeOf(call).not.toBeAny()
  })

  it('is not demanded where the types of the policies do not say', () => {
    expectTypeOf<typeof bare>().toExtend<RequireOptions>()
    expectTypeOf<typeof bare>().toExtend<RequireOptions<ActionPolicy>>()
    expectTypeOf<typeof about>().toExtend<RequireOptions>()
  })
})

describe('actions', () => {
  it('are those of the guard', () => {
    expectTypeOf(shared.freshness).parameter(0).toEqualTypeOf<'pay' | 'mail' | 'address'>()
    expectTypeOf(inline.freshness).parameter(0).toEqualTypeOf<'pay' | 'mail'>()
    // @ts-expect-error: there is no such action
    expectTypeOf(() => shared.require(request, 'paid', about)).toBeFunction()
  })

  it('are any text where the policies are made at run time', () => {
    const read: Record<string, ActionPolicy> = { pay: { maxAge: 1 } }
    const guard = createFreshnessGuard({ ...parties, actions: read, store: memoryStore() })
    expectTypeOf(guard.freshness).parameter(0).toEqualTypeOf<string>()
  })

  it('cannot have a policy that asks nothing', () => {
    // @ts-expect-error: neither maxAge nor reauthenticate
    const wrong: GuardOptions['actions'] = { pay: { context: 'required' } }
    expectTypeOf(wrong).toExtend<ActionPolicies>()
  })

  it('cannot have a field that no policy has', () => {
    const create = [
      // @ts-expect-error: contxt
      () => createFreshnessGuard({ ...options, actions: { pay: { maxAge: 1, contxt: 'required' } } }),
    ]
    expectTypeOf(create).not.toBeAny()
  })
})

describe('protect', () => {
  const transaction: Client = { query: async () => {} }

  it('takes a transaction of the store’s own client, and gives what the work gives', () => {
    const calls = {
      right: () => shared.protect(request, 'pay', { ...about, transaction }, async () => 7),
      sync: () => shared.protect(request, 'pay', { ...about, transaction }, record => record),
      // @ts-expect-error: no context
      withoutContext: () => shared.protect(request, 'pay', { ...bare, transaction }, () => 7),
      // @ts-expect-error: no transaction
      withoutTransaction: () => shared.protect(request, 'pay', about, () => 7),
      // @ts-expect-error: another client
      withAnother: () => shared.protect(request, 'pay', { ...about, transaction: 'begin' }, () => 7),
    }
    expectTypeOf(calls.right).returns.resolves.toEqualTypeOf<number>()
    expectTypeOf(calls.sync).returns.resolves.toEqualTypeOf<StepUpRecord>()
  })

  it('cannot be called with a store that has no transactions', () => {
    const calls = [
      // @ts-expect-error: memory has none
      () => inline.protect(request, 'mail', { ...bare, transaction }, () => 7),
    ]
    expectTypeOf(calls).not.toBeAny()
    expectTypeOf<ProtectOptions<ActionPolicy, never>['transaction']>().toBeNever()
  })

  it('takes no hint', () => {
    expectTypeOf<FreshnessHint & typeof about & { transaction: Client }>().not.toExtend<
      ProtectOptions<ActionPolicy, Client>
    >()
  })
})

describe('a guard', () => {
  it('goes where a guard of any actions is asked for', () => {
    expectTypeOf(shared).toExtend<Pick<FreshnessGuard, 'handler'>>()
    expectTypeOf(shared).toExtend<FreshnessGuard<typeof actions, Client>>()
    expectTypeOf(inline).toExtend<FreshnessGuard>()
    expectTypeOf(shared).toExtend<FreshnessGuard>()
  })
})

describe('stepUpClient', () => {
  it('has no way without client authentication', () => {
    const client = { clientId: 'bank', redirectUri: 'https://app.example/callback' }
    const calls = [
      // @ts-expect-error: none
      () => createFreshnessGuard({ ...options, stepUpClient: client }),
      () =>
        createFreshnessGuard({
          ...options,
          // @ts-expect-error: the method of public clients
          stepUpClient: { ...client, authentication: { method: 'none' } },
        }),
      () =>
        createFreshnessGuard({
          ...options,
          // @ts-expect-error: no secret
          stepUpClient: { ...client, authentication: { method: 'client_secret_basic' } },
        }),
      () =>
        createFreshnessGuard({
          ...options,
          stepUpClient: { ...client, authentication: { method: 'client_secret_basic', secret: 's' } },
        }),
    ]
    expectTypeOf(calls).toExtend<readonly (() => unknown)[]>()
  })

  it('goes with rules that name what the context is', () => {
    interface Payment {
      readonly cents: number
    }
    const pay: ActionPolicy = {
      reauthenticate: true,
      context: 'required',
      display: ({ cents }: Payment, { locale }) => cents.toLocaleString(locale),
      authorizationDetails: ({ cents }: Payment) => [{ type: 'payment', cents }],
    }
    expectTypeOf(pay).toExtend<ActionPolicy>()
    // @ts-expect-error: no type
    const without: ActionPolicy = { ...pay, authorizationDetails: () => [{ cents: 1 }] }
    expectTypeOf(without).toExtend<ActionPolicy>()
  })
})
