// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { browserKeys } from '../../../src/client/browser.ts'
import type { ClientContext } from '../../../src/client/context.ts'
import type { Triggers } from '../../../src/client/step-up/trigger-options.ts'
import { watchTriggers } from '../../../src/client/step-up/triggers.ts'
import { ConfigurationError, NetworkError } from '../../../src/core/errors.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'

const start = 1_800_000_000
const asked: [string, unknown][] = []
let status: string
let current: object | null
let stop = (): void => {}

beforeEach(() => {
  vi.useFakeTimers({ now: start * 1000 })
  localStorage.clear()
  asked.length = 0
  status = 'authenticated'
  current = { claims: { iat: start, auth_time: start } }
})
afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** What the backend is asked; it answers at once, unless told otherwise. */
function begin(
  triggers: Triggers,
  { stepUp = async () => null, iatLag }: { stepUp?: () => Promise<unknown>; iatLag?: number } = {},
): void {
  const context = {
    browser: pageBrowser,
    options: { triggers, profile: { name: 'test', iatLag } },
    log: () => {},
    machine: { store: { getState: () => ({ session: { status } }), subscribe: () => () => {} } },
    vault: {
      get current() {
        return current
      },
    },
    now: () => Math.floor(Date.now() / 1000),
    keys: browserKeys('https://op.example', 'test'),
  } as unknown as ClientContext
  stop = watchTriggers(context, (async (action: string, options: object) => {
    asked.push([action, options])
    return stepUp()
  }) as never)
}
const look = async (): Promise<void> => {
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(0)
}
const at = (seconds: number): void => void vi.setSystemTime((start + seconds) * 1000)

describe('the trigger idTokenAge', () => {
  it.each([
    [299, 0],
    [300, 0],
    [301, 1],
  ])('of 300 s, looked at %s s after the login, asks %s times', async (after, times) => {
    begin({ idTokenAge: 300 })
    at(after)
    await look()
    expect(asked).toHaveLength(times)
  })

  it('of 0 s asks a second after the login', async () => {
    begin({ idTokenAge: 0 })
    at(1)
    await look()
    expect(asked).toEqual([['session.confirm', { reason: 'idTokenAge' }]])
  })

  it('asks once for one ID Token, and again for the next', async () => {
    begin({ idTokenAge: 300 })
    at(301)
    await look()
    await look()
    expect(asked).toHaveLength(1)
    current = { claims: { iat: start + 301, auth_time: start } }
    await look()
    expect(asked).toHaveLength(2)
  })

  it('counts from iat where the OP tells no auth_time', async () => {
    current = { claims: { iat: start + 100 } }
    begin({ idTokenAge: 300 })
    at(400)
    await look()
    expect(asked).toHaveLength(0)
    at(401)
    await look()
    expect(asked).toHaveLength(1)
  })

  it('adds the seconds by which the OP dates iat back', async () => {
    current = { claims: { iat: start - 300 } }
    begin({ idTokenAge: 300 }, { iatLag: 300 })
    at(300)
    await look()
    expect(asked).toHaveLength(0)
    at(301)
    await look()
    expect(asked).toHaveLength(1)
  })

  it('looks every minute by itself', async () => {
    begin({ idTokenAge: 90 })
    await vi.advanceTimersByTimeAsync(120_000)
    expect(asked).toHaveLength(1)
  })
})

it.each([
  [600, 0],
  [601, 1],
])('the trigger idle of 600 s asks a person who returns after %s s %s times', async (after, times) => {
  begin({ idle: 600, action: 'session.unlock' })
  at(after)
  window.dispatchEvent(new Event('keydown'))
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toEqual(Array(times).fill(['session.unlock', { reason: 'idle' }]))
})

describe('the trigger networkChange', () => {
  it('asks when the browser is online again', async () => {
    begin({ networkChange: true })
    window.dispatchEvent(new Event('online'))
    expect(asked).toEqual([['session.confirm', { reason: 'networkChange' }]])
  })

  it('asks when the connection is of another type, and not when it is only slower', async () => {
    const connection = Object.assign(new EventTarget(), { type: 'wifi' })
    Object.defineProperty(navigator, 'connection', { value: connection, configurable: true })
    begin({ networkChange: true })
    connection.dispatchEvent(new Event('change'))
    expect(asked).toHaveLength(0)
    connection.type = 'cellular'
    connection.dispatchEvent(new Event('change'))
    expect(asked).toHaveLength(1)
    Reflect.deleteProperty(navigator, 'connection')
  })
})

describe.each([
  ['deviceChange', () => vi.stubGlobal('screen', { width: 1, height: 2 })],
  [
    'locationChange',
    () =>
      vi
        .spyOn(Intl, 'DateTimeFormat')
        .mockReturnValue({ resolvedOptions: () => ({ timeZone: 'Asia/Tokyo' }) } as never),
  ],
] as const)('the trigger %s', (name, change) => {
  afterEach(() => vi.restoreAllMocks())

  it('asks once when the value is another than the remembered one, and not at the first visit', async () => {
    begin({ [name]: true })
    await look()
    expect(asked).toEqual([])
    change()
    await look()
    await look()
    expect(asked).toEqual([['session.confirm', { reason: name }]])
  })

  it('remembers its value over a reload', async () => {
    begin({ [name]: true })
    stop()
    change()
    begin({ [name]: true })
    expect(asked).toHaveLength(1)
  })

  it('does not ask while no person is signed in, and not for that change later', async () => {
    begin({ [name]: true })
    current = null
    change()
    await look()
    expect(asked).toEqual([])
  })
})

it('a trigger of the app’s own asks with its name as the reason, until it is stopped', () => {
  let fire = (): void => {}
  const off = vi.fn()
  const own = (f: () => void): (() => void) => {
    fire = f
    return off
  }
  begin({ own: { largeTransfer: own } })
  fire()
  expect(asked).toEqual([['session.confirm', { reason: 'largeTransfer' }]])
  stop()
  expect(off).toHaveBeenCalledOnce()
})

it('the triggers ask one question at a time, and the next change asks a person again who said no', async () => {
  let refuse = (_: unknown): void => {}
  const own: Record<string, (fire: () => void) => () => void> = {}
  const fires: (() => void)[] = []
  own.one = fire => {
    fires.push(fire)
    return () => {}
  }
  begin(
    { own },
    {
      stepUp: () =>
        new Promise((_, reject) => {
          refuse = reject
        }),
    },
  )
  fires[0]?.()
  fires[0]?.()
  expect(asked).toHaveLength(1)
  refuse(new Error('no'))
  await vi.advanceTimersByTimeAsync(0)
  fires[0]?.()
  expect(asked).toHaveLength(2)
})

it('the triggers ask again after a step-up that failed without an error', async () => {
  let fire = (): void => {}
  const own = (f: () => void): (() => void) => {
    fire = f
    return () => {}
  }
  begin({ own: { own } }, { stepUp: () => Promise.reject(undefined) })
  fire()
  await vi.advanceTimersByTimeAsync(0)
  fire()
  expect(asked).toHaveLength(2)
})

it.each([
  ['reported', new ConfigurationError('no endpoint'), 1],
  ['not reported', new NetworkError('no answer'), 0],
])('an error of a step-up that a trigger started is %s where it is %s', async (_, error, times) => {
  const report = vi.fn()
  vi.stubGlobal('reportError', report)
  begin({ networkChange: true }, { stepUp: () => Promise.reject(error) })
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(0)
  expect(report).toHaveBeenCalledTimes(times)
})

it('the triggers do not ask while no person is signed in', () => {
  status = 'anonymous'
  begin({ networkChange: true })
  window.dispatchEvent(new Event('online'))
  expect(asked).toEqual([])
})
