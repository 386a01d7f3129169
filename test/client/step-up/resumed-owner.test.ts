import { describe, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { createAction } from '../../../src/client/step-up/action.ts'
import type { Action, ActionOptions } from '../../../src/client/step-up/action-options.ts'
import { createResumedOwners } from '../../../src/client/step-up/resumed-owner.ts'
import { NetworkError } from '../../../src/core/errors.ts'
import type { ResumedStepUp } from '../../../src/core/machine/state.ts'

type Row = Action<string, string>

/** A page that comes back from a full-page redirect with this step-up, or with none. */
function page(resumed: ResumedStepUp | null) {
  const store = createStore(() => ({ resumed }))
  const owners = createResumedOwners(store)
  const discarded: (string | null)[] = []
  const client = {
    stepUp: () => Promise.reject(new NetworkError('not asked here')),
    resumeStepUp: async () => {
      store.setState({ resumed: null })
      return { fetch, expiresIn: 60, idempotencyKey: 'k' }
    },
    discardStepUp: (action: string | null) => {
      discarded.push(action)
      store.setState({ resumed: null })
    },
  }
  const row = (options: ActionOptions<string> = {}, name = 'pay'): Row =>
    createAction(client, owners, name, (input: string) => input, options)
  return { store, discarded, row }
}

const back = (key?: string, action = 'pay'): ResumedStepUp => ({
  ...{ action, input: 'p1', idempotencyKey: 'k', error: null },
  ...(key !== undefined && { key }),
})
/** Checking an input takes some turns. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}
async function offers(rows: readonly Row[]): Promise<boolean[]> {
  await settle()
  return rows.map(({ store }) => store.getState().pending !== null)
}

describe('a step-up that came back is offered', () => {
  it.each<[string, string | undefined, (string | undefined)[], boolean[]]>([
    ['to the row with its key', 'p1', ['p0', 'p1', 'p2'], [false, true, false]],
    ['to the first of two rows with its key', 'p1', ['p1', 'p1'], [true, false]],
    ['to no row without a key where it has one', 'p1', [undefined, 'p2'], [false, false]],
    ['to no row with a key where it has none', undefined, ['p0', 'p1'], [false, false]],
    [
      'to the first row without a key where it has none',
      undefined,
      ['p0', undefined, undefined],
      [false, true, false],
    ],
    ['to the row with the empty key where that is its key', '', [undefined, ''], [false, true]],
  ])('%s', async (_, key, keys, expected) => {
    const { row } = page(back(key))
    const rows = keys.map(one => row(one === undefined ? {} : { key: one }))
    for (const one of rows) one.mount()
    expect(await offers(rows)).toEqual(expected)
  })

  it('to no action of another name with the same key', async () => {
    const { row } = page(back('p1', 'refund'))
    const rows = [row({ key: 'p1' }), row({ key: 'p1' }, 'refund')]
    for (const one of rows) one.mount()
    expect(await offers(rows)).toEqual([false, true])
  })

  it('to the first that was mounted also when it comes back later', async () => {
    const { row, store } = page(null)
    const rows = [row(), row()]
    for (const one of [...rows].reverse()) one.mount()
    store.setState({ resumed: back() })
    expect(await offers(rows)).toEqual([false, true])
  })

  it('to the next when the first leaves without an answer', async () => {
    const { row } = page(back())
    const rows = [row(), row(), row()]
    const [leave] = rows.map(one => one.mount())
    expect(await offers(rows)).toEqual([true, false, false])
    leave?.()
    expect(await offers(rows)).toEqual([false, true, false])
  })

  it('to none when the first has answered, and leaves', async () => {
    const { row } = page(back())
    const rows = [row(), row()]
    const [leave] = rows.map(one => one.mount())
    await settle()
    expect(await rows[0]?.store.getState().pending?.confirm()).toBe('p1')
    leave?.()
    expect(await offers(rows)).toEqual([false, false])
  })

  it('by no row that leaves while the input is checked', async () => {
    const { row } = page(back())
    const rows = [row({ resume: 'auto' }), row()]
    const [leave] = rows.map(one => one.mount())
    leave?.()
    expect(await offers(rows)).toEqual([false, true])
    expect(rows[0]?.store.getState().state.status).toBe('idle')
  })
})

describe('with `auto`', () => {
  it('one row performs it, and the others neither perform nor fail', async () => {
    const { row } = page(back())
    const rows = [row({ resume: 'auto' }), row({ resume: 'auto' }), row({ resume: 'auto' })]
    for (const one of rows) one.mount()
    await settle()
    await settle()
    expect(rows.map(({ store }) => store.getState().state.status)).toEqual(['succeeded', 'idle', 'idle'])
  })
})

describe('a step-up that came back with an error', () => {
  it('fails in one row, and in the next when that one leaves', async () => {
    const error = new NetworkError('gone')
    const { row } = page({ ...back('p1'), error })
    const rows = [row({ key: 'p0' }), row({ key: 'p1' }), row({ key: 'p1' })]
    const [, leave] = rows.map(one => one.mount())
    const statuses = (): string[] => rows.map(({ store }) => store.getState().state.status)
    expect(statuses()).toEqual(['idle', 'failed', 'idle'])
    leave?.()
    expect(statuses()).toEqual(['idle', 'idle', 'failed'])
  })
})

describe('reset', () => {
  it('gives up the row’s own step-up, and not that of another row', async () => {
    const { row, discarded } = page(back('p1'))
    const rows = [row({ key: 'p0' }), row({ key: 'p1' })]
    for (const one of rows) one.mount()
    await settle()
    rows[0]?.reset()
    expect(discarded).toEqual([])
    expect(await offers(rows)).toEqual([false, true])
    rows[1]?.reset()
    expect(discarded).toEqual(['pay'])
    expect(await offers(rows)).toEqual([false, false])
  })
})

it('rows that all have left leave no listener on the state', async () => {
  const { row, store } = page(back())
  let listeners = 0
  const { subscribe } = store
  store.subscribe = listener => {
    listeners++
    const stop = subscribe(listener)
    return () => {
      listeners--
      stop()
    }
  }
  const leave = [row(), row()].map(one => one.mount())
  expect(listeners).toBe(1)
  for (const one of leave) one()
  expect(listeners).toBe(0)
})
