// @vitest-environment jsdom

import { type Action, type ActionOptions, type AuthClient, selectPrompt } from 'afresh'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClientIn } from '../../../src/client/create-client-in.ts'
import type { Departure } from '../../../src/op/redirects.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { TestPage } from '../../support/page.ts'
import { type Payment, payment } from '../../support/shop.ts'

const seconds = (): number => Math.floor(Date.now() / 1000)
const other: Payment = { ...payment, id: 'p2' }
let op: ScriptedOp
let page: TestPage
let client: AuthClient
/** The idempotency key of each attempt that was performed. */
let keys: string[]
/** What performing waits for. */
let gate: Promise<unknown>

beforeAll(async () => {
  op = await startOp(seconds)
})
afterAll(() => op.close())
beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  keys = []
  gate = Promise.resolve()
  page = new TestPage(op)
  load()
})
afterEach(() => {
  client.dispose()
  vi.unstubAllGlobals()
})

/** The page is loaded. */
function load(): void {
  client = createClientIn(page, {
    issuer: op.issuer,
    clientId: 'payments',
    freshness: { endpoint: '/api/freshness' },
    interaction: () => (page.popups.length > 0 ? ['popup'] : ['redirect']),
  })
}

type Approve = Action<Payment, number>

function approveAction(options: ActionOptions<Payment> = {}): Approve {
  return client.action(
    'payment.approve',
    async (input: Payment, { fetch, idempotencyKey }) => {
      keys.push(idempotencyKey)
      await gate
      return (await fetch('/api/payments/approve', { method: 'POST', body: JSON.stringify(input) })).status
    },
    { context: input => ({ ...input }), ...options },
  )
}

const until = (predicate: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(predicate()).toBe(true), 5000)
const status = (action: Approve): string => action.store.getState().state.status
const prompt = () => selectPrompt(client.store.getState())
const signIn = (): Promise<unknown> => {
  page.popups.push({ claims: { auth_time: seconds() - 1000 } })
  return client.signIn()
}
/** The person presses the prompt's button, and signs in once more in the popup. */
async function confirmInPopup(): Promise<void> {
  page.popups.push({})
  await until(() => prompt()?.type === 'step_up')
  client.answerPrompt(prompt()?.id ?? '', 'continue')
}
/** Grants everything at once. */
const grantEverything = (): void => {
  page.intercept = ({ url }) =>
    url.endsWith('/api/freshness')
      ? Response.json({ status: 'granted', grant: 'g', expires_in: 60 })
      : undefined
}
const cancelled = (reason: string) => ({ code: 'interaction_cancelled', reason })

describe('run()', () => {
  beforeEach(signIn)

  it('shows each step and resolves with what `perform` returns', async () => {
    const action = approveAction()
    const statuses: string[] = []
    const stop = action.store.subscribe(({ state }) => statuses.push(state.status))
    const result = action.run(payment)
    await confirmInPopup()
    expect(await result).toBe(200)
    expect(statuses).toEqual([
      'checking',
      'confirming',
      'authenticating',
      'verifying',
      'performing',
      'succeeded',
    ])
    expect(action.store.getState()).toEqual({ state: { status: 'succeeded', result: 200 }, pending: null })
    expect(action.store.getInitialState()).toEqual({ state: { status: 'idle' }, pending: null })
    expect(page.shop.ledger).toHaveLength(1)
    stop()
  })

  it('rejects with what `perform` throws, and shows the same error', async () => {
    grantEverything()
    const error = new Error('no answer')
    const action = client.action('email.change', () => Promise.reject(error))
    await expect(action.run(null)).rejects.toBe(error)
    expect(action.store.getState().state).toEqual({ status: 'failed', error })
  })

  it('with the same input joins the attempt under way', async () => {
    const action = approveAction()
    const first = action.run(payment)
    expect(action.run(payment)).toBe(first)
    await confirmInPopup()
    await first
    expect(page.shop.ledger).toHaveLength(1)
  })

  it('with another input is refused while an attempt is under way, and shows nothing of it', async () => {
    const action = approveAction()
    const first = action.run(payment)
    await expect(action.run(other)).rejects.toMatchObject(cancelled('superseded'))
    await confirmInPopup()
    expect(await first).toBe(200)
    expect(status(action)).toBe('succeeded')
  })

  it('starts a new attempt when a listener runs it again because it failed', async () => {
    grantEverything()
    let again: Promise<string> | undefined
    const action = client.action('email.change', () => {
      if (!again) throw new Error('no answer')
      return 'done'
    })
    action.store.subscribe(({ state }) => {
      if (state.status === 'failed') again ??= action.run(null)
    })
    await expect(action.run(null)).rejects.toThrow('no answer')
    expect(await again).toBe('done')
  })

  it('reads the options at each attempt where they are a function', async () => {
    const contexts: string[] = []
    let name = 'first'
    const action = client.action(
      'email.change',
      () => 0,
      () => ({ context: () => void contexts.push(name) }),
    )
    grantEverything()
    await action.run(null)
    name = 'second'
    await action.run(null)
    expect(contexts).toEqual(['first', 'second'])
  })
})

describe('an action that is cancelled or reset', () => {
  beforeEach(signIn)

  it('closes the prompt at cancel and ends in `failed`', async () => {
    const action = approveAction()
    const result = action.run(payment)
    await until(() => status(action) === 'confirming')
    action.cancel()
    await expect(result).rejects.toMatchObject(cancelled('aborted'))
    expect(action.store.getState().state).toMatchObject({ status: 'failed', error: cancelled('aborted') })
    expect(prompt()).toBeNull()
  })

  it('uses no grant that arrives after cancel', async () => {
    const action = approveAction()
    let answer = (): void => {}
    const granted = { expiresIn: 60, idempotencyKey: 'k', fetch }
    vi.spyOn(client, 'stepUp').mockReturnValue(
      new Promise(resolve => {
        answer = () => resolve(granted)
      }),
    )
    const result = action.run(payment)
    await Promise.resolve()
    action.cancel()
    answer()
    await expect(result).rejects.toMatchObject(cancelled('aborted'))
    expect(keys).toEqual([])
  })

  it('goes on after cancel with what is already being performed', async () => {
    grantEverything()
    let open = (): void => {}
    gate = new Promise<void>(resolve => {
      open = resolve
    })
    const action = client.action('email.change', () => gate.then(() => 'done'))
    const result = action.run(null)
    await until(() => action.store.getState().state.status === 'performing')
    action.cancel()
    open()
    expect(await result).toBe('done')
    expect(action.store.getState().state.status).toBe('succeeded')
  })

  it('shows `idle` at once after reset, and nothing of the attempt that it ended', async () => {
    const action = approveAction()
    const result = action.run(payment)
    await until(() => status(action) === 'confirming')
    action.reset()
    expect(status(action)).toBe('idle')
    await expect(result).rejects.toMatchObject(cancelled('aborted'))
    expect(status(action)).toBe('idle')
  })
})

describe('the idempotency key', () => {
  /** `perform` settles when the test says so. */
  function manual() {
    const settle: ((error?: Error) => void)[] = []
    const action = client.action('email.change', (_: string, { idempotencyKey }) => {
      keys.push(idempotencyKey)
      return new Promise<void>((resolve, reject) => settle.push(error => (error ? reject(error) : resolve())))
    })
    const attempt = async (input: string, error?: Error): Promise<void> => {
      const before = keys.length
      const ended = action.run(input).catch(() => {})
      await until(() => keys.length > before)
      settle.at(-1)?.(error)
      await ended
    }
    return { action, attempt, settle }
  }
  const failure = new Error('no answer')

  beforeEach(async () => {
    await signIn()
    grantEverything()
  })

  it('stays the same until the input has been performed', async () => {
    const { attempt } = manual()
    await attempt('a', failure)
    await attempt('a')
    await attempt('a')
    await attempt('b')
    expect(keys[1]).toBe(keys[0])
    expect(new Set(keys).size).toBe(3)
  })

  it('is not changed by another input that is refused', async () => {
    const { action, attempt, settle } = manual()
    const ended = action.run('a').catch(() => {})
    await until(() => keys.length === 1)
    await expect(action.run('b')).rejects.toMatchObject(cancelled('superseded'))
    settle[0]?.(failure)
    await ended
    await attempt('a')
    expect(keys[1]).toBe(keys[0])
  })

  it('survives when an attempt from before a reset ends late', async () => {
    const { action, attempt, settle } = manual()
    const abandoned = action.run('a')
    await until(() => keys.length === 1)
    action.reset()
    const ended = action.run('b').catch(() => {})
    await until(() => keys.length === 2)
    settle[0]?.()
    await abandoned
    settle[1]?.(failure)
    await ended
    await attempt('b')
    expect(keys[2]).toBe(keys[1])
  })
})

const departureKey = (): string => Object.keys(sessionStorage).find(key => key.startsWith('afresh:tx:')) ?? ''

/** Josh approves, the page leaves for the OP, and he comes back to it. @returns the idempotency key of before */
async function leaveAndReturn(change = (_: string) => _): Promise<string> {
  await signIn()
  void approveAction().run(payment)
  await until(() => prompt()?.type === 'step_up')
  client.answerPrompt(prompt()?.id ?? '', 'continue')
  await until(() => departureKey() !== '')
  const key = departureKey()
  const kept = sessionStorage.getItem(key) ?? ''
  const { transaction, purpose }: Departure<{ idempotencyKey: string }> = JSON.parse(kept)
  client.dispose()
  await vi.waitFor(async () => expect((await page.locks?.query())?.held).toEqual([]))
  sessionStorage.setItem(key, change(kept))
  sessionStorage.setItem('afresh:response', JSON.stringify(op.authorize(transaction?.url ?? '', {})))
  load()
  client.mount()
  return purpose.idempotencyKey
}

const returned = (): Promise<void> => until(() => client.store.getState().resumed !== null)
const pending = (action: Approve) => action.store.getState().pending
const offered = (action: Approve): Promise<void> => until(() => pending(action) !== null)

const onlyPayments = {
  '~standard': {
    validate: (value: unknown) =>
      Number.isInteger((value as Payment)?.cents)
        ? { value: value as Payment }
        : { issues: [{ message: 'no payment' }] },
  },
}

describe('an action after a full-page redirect', () => {
  it('waits as `pending` for the person to confirm, and is performed once with the same key as before', async () => {
    const key = await leaveAndReturn()
    const action = approveAction({ schema: onlyPayments })
    action.mount()
    await offered(action)
    expect(pending(action)?.input).toEqual(payment)
    expect(keys).toEqual([])
    const first = pending(action)?.confirm()
    expect(pending(action)?.confirm()).toBe(first)
    expect(await first).toBe(200)
    expect(keys).toEqual([key])
    expect(action.store.getState()).toEqual({ state: { status: 'succeeded', result: 200 }, pending: null })
  })

  it('keeps its key at a retry after `confirm` failed', async () => {
    const key = await leaveAndReturn()
    const action = approveAction()
    action.mount()
    await offered(action)
    const input = pending(action)?.input ?? other
    gate = Promise.reject(new Error('no answer'))
    gate.catch(() => {})
    await expect(pending(action)?.confirm()).rejects.toThrow('no answer')
    gate = Promise.resolve()
    page.intercept = ({ url }) =>
      url.endsWith('/api/freshness')
        ? Response.json({ status: 'granted', grant: 'g', expires_in: 60 })
        : Response.json({ status: 'done' })
    await action.run(input)
    expect(keys).toEqual([key, key])
  })

  it('is performed at once with `auto`, and once only for all that mount it', async () => {
    await leaveAndReturn()
    const action = approveAction({ resume: 'auto' })
    action.mount()()
    action.mount()
    action.mount()
    await until(() => status(action) === 'succeeded')
    expect(page.shop.ledger).toHaveLength(1)
  })

  it('waits as `pending` even with `auto` while another input is under way', async () => {
    await leaveAndReturn()
    await until(() => client.store.getState().session.status === 'authenticated')
    const action = approveAction({ resume: 'auto' })
    const result = action.run(other)
    action.mount()
    await offered(action)
    action.cancel()
    await expect(result).rejects.toMatchObject(cancelled('aborted'))
    expect(await pending(action)?.confirm()).toBe(200)
  })

  it('is given up by `discard`', async () => {
    await leaveAndReturn()
    const action = approveAction()
    action.mount()
    await offered(action)
    pending(action)?.discard()
    expect(pending(action)).toBeNull()
    await expect(client.resumeStepUp()).rejects.toMatchObject({ code: 'configuration_invalid' })
    expect(keys).toEqual([])
  })

  it('is given up by reset as well', async () => {
    await leaveAndReturn()
    const action = approveAction()
    action.mount()
    await offered(action)
    action.reset()
    expect(action.store.getState()).toEqual({ state: { status: 'idle' }, pending: null })
    expect(client.store.getState().resumed).toBeNull()
  })

  it('is a configuration error, and is gone, when the schema does not take its input', async () => {
    await leaveAndReturn(kept => kept.replace(/"input":\{.*?\}/, '"input":{"cents":"all"}'))
    const action = approveAction({ schema: onlyPayments })
    action.mount()
    await until(() => status(action) === 'failed')
    const { state } = action.store.getState()
    expect(state).toMatchObject({ error: { code: 'configuration_invalid' } })
    expect(pending(action)).toBeNull()
    expect(client.store.getState().resumed).toBeNull()
  })

  it('fails until it is discarded when it came back too late', async () => {
    await leaveAndReturn(kept => kept.replace(/"startedAt":\d+/, `"startedAt":${seconds() - 605}`))
    const action = approveAction()
    action.mount()
    await until(() => status(action) === 'failed')
    const { state } = action.store.getState()
    expect(state).toMatchObject({ error: { code: 'step_up_denied', reason: 'challenge_expired' } })
    client.discardStepUp('payment.approve')
    expect(status(action)).toBe('idle')
  })

  it('is not taken by another action', async () => {
    await leaveAndReturn()
    const action = client.action('payment.reject', () => 0)
    action.mount()
    await returned()
    await Promise.resolve()
    expect(action.store.getState()).toEqual({ state: { status: 'idle' }, pending: null })
  })

  it('offers nothing once it is not mounted any more, and leaves the step-up to the next one', async () => {
    await leaveAndReturn()
    await returned()
    const left = approveAction()
    const stop = left.mount()
    await offered(left)
    stop()
    expect(pending(left)).toBeNull()
    const leftBeforeItWasChecked = approveAction()
    leftBeforeItWasChecked.mount()()
    await Promise.resolve()
    expect(pending(leftBeforeItWasChecked)).toBeNull()
    const next = approveAction()
    next.mount()
    await offered(next)
  })
})

it('an attempt is cancelled when the last view that mounted the action is left', async () => {
  await signIn()
  const action = approveAction()
  const [stopFirst, stopSecond] = [action.mount(), action.mount()]
  const result = action.run(payment)
  await until(() => status(action) === 'confirming')
  stopFirst()
  stopFirst()
  expect(prompt()?.type).toBe('step_up')
  stopSecond()
  await expect(result).rejects.toMatchObject(cancelled('aborted'))
})
