import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ConfigurationError } from '../../src/core/errors.ts'
import { lazy } from '../../src/op/lazy.ts'
import {
  createOpenIdProvider,
  type OpenIdProvider,
  type OpenIdProviderOptions,
} from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

describe('a lazy part', () => {
  it('is loaded once for calls that come together, and kept', async () => {
    const load = vi.fn(async () => ({}))
    const part = lazy(load, module => module)
    expect(load).not.toHaveBeenCalled()
    const [first, second] = await Promise.all([part(), part()])
    expect(second).toBe(first)
    expect(await part()).toBe(first)
    expect(load).toHaveBeenCalledOnce()
  })

  it('that cannot be loaded is a typed error, and is loaded at the next need', async () => {
    const failure = new TypeError('Failed to fetch dynamically imported module')
    const load = vi.fn(async () => 'loaded').mockRejectedValueOnce(failure)
    const part = lazy(load, module => module)
    await expect(part()).rejects.toMatchObject({ code: 'network', cause: failure })
    expect(await part()).toBe('loaded')
  })

  it.each([
    ['refuses what it is made with', new ConfigurationError('no')],
    ['lacks a part of the platform', new TypeError('crypto.subtle is undefined')],
  ])('that %s says so itself', async (_, failure) => {
    const part = lazy(
      async () => ({}),
      () => {
        throw failure
      },
    )
    await expect(part()).rejects.toBe(failure)
  })
})

const clock = new ManualClock()
const broken = vi.hoisted(() => ({ dpop: false, signature: false }))
vi.mock('../../src/op/dpop.ts', load => {
  if (broken.dpop) throw new TypeError('Failed to fetch')
  return load()
})
vi.mock('../../src/op/signature.ts', load => {
  if (broken.signature) throw new TypeError('Failed to fetch')
  return load()
})

// In this order: once a chunk is loaded, it stays.
describe('a chunk that cannot be loaded', () => {
  const failed = { code: 'network', cause: expect.anything() }
  let server: ScriptedOp
  beforeAll(async () => {
    server = await startOp(clock.now)
  })
  afterAll(() => server.close())

  const connect = (options: Pick<OpenIdProviderOptions, 'dpop' | 'idTokenSignature'>): OpenIdProvider =>
    createOpenIdProvider({
      browser: pageBrowser,
      issuer: server.issuer,
      clientId: 'payments',
      scope: 'openid',
      callbackUrl: 'https://app.example/auth/callback.html',
      profile: { name: 'test' },
      now: clock.now,
      clockSkew: 30,
      timeLimit: 10,
      ...options,
    })

  it('spends no code: the next attempt redeems it', async () => {
    const op = connect({ idTokenSignature: 'browser' })
    const transaction = await op.begin({ kind: 'sign_in' })
    const params = server.authorize(transaction.url)
    broken.signature = true
    await expect(op.redeem(transaction, params)).rejects.toMatchObject(failed)
    broken.signature = false
    await expect(op.redeem(transaction, params)).resolves.toBeDefined()
  })

  it('is no reason not to revoke', async () => {
    const transaction = await connect({}).begin({ kind: 'sign_in' })
    const { tokens } = await connect({}).redeem(transaction, server.authorize(transaction.url))
    broken.dpop = true
    await connect({ dpop: true }).revoke(tokens)
    expect(server.forms.at(-1)?.get('token')).toBe(tokens.accessToken)
  })

  it('ends a request that is to be bound to a key, and the next one loads it', async () => {
    const op = connect({ dpop: true })
    broken.dpop = true
    await expect(op.begin({ kind: 'sign_in' })).rejects.toMatchObject(failed)
    await expect(op.call(new Request(server.issuer), 'at')).rejects.toMatchObject(failed)
    broken.dpop = false
    // Loaded, it finds that Node has no IndexedDB.
    await expect(op.begin({ kind: 'sign_in' })).rejects.toMatchObject({ code: 'configuration_invalid' })
  })
})
