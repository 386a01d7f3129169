// @vitest-environment jsdom
import { createAuthClient } from 'afresh'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { answer, openTab, page, prompted, session, setUpPage, until } from '../support/client.ts'
import { payment } from '../support/shop.ts'

/** Parts of the platform that a browser lacks or refuses, as with site data blocked: nothing hangs, nothing is lost. */

setUpPage()

const refuse = (): never => {
  throw new DOMException('The browser blocks site data', 'SecurityError')
}
const reject = async (): Promise<never> => refuse()

function replace(target: object, name: string, descriptor: PropertyDescriptor): void {
  const before = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, { configurable: true, ...descriptor })
  restores.push(() => {
    if (before) Object.defineProperty(target, name, before)
    else Reflect.deleteProperty(target, name)
  })
}

const restores: (() => void)[] = []
const unhandled: unknown[] = []
const hear = (error: unknown): number => unhandled.push(error)

beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', hear)
})
afterEach(() => {
  process.off('unhandledRejection', hear)
  for (const restore of restores.splice(0)) restore()
})

/** The channels of a state are the test's own. */
function withoutTabChannels(refusal: () => void): void {
  const Channel = BroadcastChannel
  vi.stubGlobal(
    'BroadcastChannel',
    class extends Channel {
      constructor(name: string) {
        if (/^afresh:(tabs|logout)/.test(name)) refusal()
        super(name)
      }
    },
  )
}

function takeLocks(descriptor: PropertyDescriptor): void {
  replace(navigator, 'locks', descriptor)
  page.locks = pageBrowser.locks
}

const full = { getItem: () => null, setItem: refuse, removeItem: () => {}, key: () => null, length: 0 }

const parts: readonly [string, () => void][] = [
  ['sessionStorage throws', () => replace(globalThis, 'sessionStorage', { get: refuse })],
  ['sessionStorage is missing', () => replace(globalThis, 'sessionStorage', { value: undefined })],
  ['sessionStorage is full', () => replace(globalThis, 'sessionStorage', { value: full })],
  ['localStorage throws', () => replace(globalThis, 'localStorage', { get: refuse })],
  ['localStorage is missing', () => replace(globalThis, 'localStorage', { value: undefined })],
  ['localStorage is full', () => replace(globalThis, 'localStorage', { value: full })],
  ['BroadcastChannel throws', () => withoutTabChannels(refuse)],
  [
    'BroadcastChannel is missing',
    () =>
      withoutTabChannels(() => {
        throw new ReferenceError('BroadcastChannel is not defined')
      }),
  ],
  ['Web Locks are missing', () => takeLocks({ value: undefined })],
  ['Web Locks throw', () => takeLocks({ value: { request: refuse, query: refuse } })],
  ['Web Locks reject', () => takeLocks({ value: { request: reject, query: reject } })],
  ['Web Locks cannot be named', () => takeLocks({ get: refuse })],
]

describe.each(parts)('in a browser where %s', (_, take) => {
  beforeEach(take)

  it('a person signs in, renews, steps up and signs out', async () => {
    const client = openTab()
    await until(() => session(client).status === 'anonymous')
    page.popups.push({ token: { refresh_token: 'rt' } }, {})
    await client.signIn()
    await client.renew()
    expect(await client.getAccessToken()).toBe('at2')
    const granted = client.stepUp('payment.approve', { context: { ...payment } })
    await prompted(client, 'step_up')
    answer(client, 'continue')
    expect((await granted).expiresIn).toBeGreaterThan(0)
    await client.signOut().catch(() => {})
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'signed_out' })
    await new Promise(resolve => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })

  it('limits, remembered accounts, triggers and storage session start', async () => {
    page.frame = {}
    const reported = vi.fn()
    vi.stubGlobal('reportError', reported)
    const client = openTab({
      storage: 'session',
      session: { idle: 600, absolute: 3600 },
      rememberAccounts: 3,
      onAccountChange: () => {},
      triggers: { deviceChange: true, locationChange: true },
    })
    await until(() => session(client).status === 'authenticated')
    expect(reported).not.toHaveBeenCalled()
    client.dispose()
    await new Promise(resolve => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })
})

describe('with DPoP, in a browser whose IndexedDB', () => {
  it.each<[string, () => void]>([
    ['is missing', () => replace(globalThis, 'indexedDB', { value: undefined })],
    ['throws', () => replace(globalThis, 'indexedDB', { get: refuse })],
    ['opens nothing', () => replace(globalThis, 'indexedDB', { value: { open: refuse } })],
  ])('%s, a sign-in says so', async (_, take) => {
    take()
    const client = openTab({ dpop: true })
    await until(() => session(client).status === 'anonymous')
    page.popups.push({})
    await expect(client.signIn()).rejects.toMatchObject({ code: 'configuration_invalid' })
    expect(unhandled).toEqual([])
  })
})

it('without crypto.subtle no client is made', () => {
  replace(crypto, 'subtle', { value: undefined })
  const create = () => createAuthClient({ issuer: 'https://op.example', clientId: 'payments' })
  expect(create).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
})
