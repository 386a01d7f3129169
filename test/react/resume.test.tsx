import {
  act,
  cleanup,
  configure,
  fireEvent,
  render,
  renderHook,
  screen,
  waitFor,
} from '@testing-library/react'
import { type Grant, selectPrompt, type UseStepUpOptions, useStepUp } from 'afresh'
import { createTestClient, TestAuthProvider, type TestClient, type TestClientOptions } from 'afresh/testing'
import { type ReactNode, StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Payment, payment } from '../support/shop.ts'

// A second is not much on a machine that does other things too.
configure({ asyncUtilTimeout: 5000 })

let auth: TestClient
let performed: { input: Payment; key: string; status: number }[]
/** The payments that the backend has approved. */
let ledger: Payment[]

/** Approves a payment once for each grant. */
async function respond(request: Request): Promise<Response> {
  const input: Payment = await request.clone().json()
  const refused = await auth.requireGrant(request, 'payment.approve', { context: input })
  if (refused) return refused
  ledger.push(input)
  return new Response()
}

const open = (options: TestClientOptions = {}): void => {
  auth = createTestClient({ session: { name: 'Josh' }, stepUp: 'prompt', respond, ...options })
}
beforeEach(() => {
  performed = []
  ledger = []
  open({ options: { interaction: ['redirect'] } })
})
afterEach(cleanup)

const Strict = ({ children }: { children: ReactNode }): ReactNode => (
  <StrictMode>
    <TestAuthProvider auth={auth}>{children}</TestAuthProvider>
  </StrictMode>
)
const Provider = ({ children }: { children: ReactNode }): ReactNode => (
  <TestAuthProvider auth={auth}>{children}</TestAuthProvider>
)

function show(options: UseStepUpOptions<Payment> = {}) {
  return renderHook(
    () =>
      useStepUp(
        'payment.approve',
        async (input: Payment, { fetch, idempotencyKey: key }) => {
          const body = JSON.stringify(input)
          const { status } = await fetch('/api/payments/approve', { method: 'POST', body })
          performed.push({ input, key, status })
          return status
        },
        { context: input => ({ ...input }), ...options },
      ),
    { wrapper: Strict },
  )
}

/** Josh approves, the page leaves, and he comes back. @param meanwhile what happens while he is at the OP */
async function leaveAndComeBack(
  options: UseStepUpOptions<Payment> = {},
  meanwhile: () => unknown = () => {},
): Promise<void> {
  const { result } = show(options)
  act(() => void result.current.run(payment).catch(() => {}))
  await act(() => auth.answerPrompt('continue'))
  expect(auth.left).toContain('https://op.example/authorize?')
  cleanup()
  await meanwhile()
  auth = auth.reload()
  auth.evil = null
}

/** Longer than a challenge lives. */
const tooLong = (): Promise<void> => auth.clock.advance(605)

const onlyPayments = {
  '~standard': {
    validate: (value: unknown) =>
      Number.isInteger((value as Payment)?.cents)
        ? { value: value as Payment }
        : { issues: [{ message: 'no payment' }] },
  },
}

it('an OP that has no login as strong is not asked again, and both a prompt and the hook say so', async () => {
  const error = 'unmet_authentication_requirements'
  await leaveAndComeBack({}, () => {
    auth.evil = { authorization: error }
  })
  const { result } = show()
  await waitFor(() => expect(selectPrompt(auth.client.store.getState())?.type).toBe('step_up_unmet'))
  expect(result.current.state).toMatchObject({ status: 'failed', error: { code: 'step_up_unmet' } })
  expect(performed).toEqual([])
})

describe('a step-up after a full-page redirect', () => {
  it('waits for the person to confirm, and then performs once', async () => {
    await leaveAndComeBack()
    const { result } = show({ schema: onlyPayments })
    await waitFor(() => expect(result.current.pending?.input).toEqual(payment))
    expect(performed).toEqual([])
    await act(() => result.current.pending?.confirm() as Promise<number>)
    expect(performed).toMatchObject([{ input: payment, status: 200 }])
    expect(result.current.pending).toBeNull()
    expect(result.current.state).toEqual({ status: 'succeeded', result: 200 })
  })

  it('goes on at once, and once only, where the app says so', async () => {
    await leaveAndComeBack()
    const { result } = show({ resume: 'auto' })
    await waitFor(() => expect(result.current.state.status).toBe('succeeded'))
    expect(performed).toHaveLength(1)
    expect(ledger).toHaveLength(1)
  })

  it('has the same Idempotency-Key as the attempt before it left', async () => {
    const keys: string[] = []
    const hook = () =>
      renderHook(
        () =>
          useStepUp('payment.approve', (_: Payment, { idempotencyKey }) => {
            keys.push(idempotencyKey)
            throw new Error('no answer')
          }),
        { wrapper: Strict },
      )
    const { result: before } = hook()
    auth.stepUp = 'grant'
    await act(() => before.current.run(payment).catch(() => {}))
    auth.stepUp = 'prompt'
    act(() => void before.current.run(payment).catch(() => {}))
    await act(() => auth.answerPrompt('continue'))
    cleanup()
    auth = auth.reload()
    const { result } = hook()
    await act(() => auth.settled())
    await act(async () => result.current.pending?.confirm().catch(() => {}))
    expect(keys).toEqual([keys[0], keys[0]])
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/)
  })

  it('is a configuration error, and is gone, when the schema does not take its input', async () => {
    open({ pending: { action: 'payment.approve', input: { ...payment, cents: 'all' } } })
    const { result } = show({ schema: onlyPayments })
    await waitFor(() => expect(result.current.state.status).toBe('failed'))
    expect(result.current.state).toMatchObject({ error: { code: 'configuration_invalid' } })
    expect(result.current.pending).toBeNull()
    expect(auth.client.store.getState().resumed).toBeNull()
  })

  it('is over after more than 10 minutes', async () => {
    await leaveAndComeBack({}, tooLong)
    const { result } = show()
    await waitFor(() => expect(result.current.state.status).toBe('failed'))
    expect(result.current.pending).toBeNull()
  })

  it('is not taken by another action’s hook', async () => {
    await leaveAndComeBack()
    const { result } = renderHook(() => useStepUp('payment.reject', () => 0), { wrapper: Provider })
    await waitFor(() => expect(auth.client.store.getState().resumed).not.toBeNull())
    await act(() => Promise.resolve())
    expect(result.current.pending).toBeNull()
  })

  it('is not there for the next visit once it was given up', async () => {
    await leaveAndComeBack()
    const { result } = show()
    await waitFor(() => expect(result.current.pending).not.toBeNull())
    act(() => result.current.pending?.discard())
    expect(result.current.pending).toBeNull()
    expect(performed).toEqual([])
    await expect(auth.client.resumeStepUp()).rejects.toMatchObject({ code: 'configuration_invalid' })
  })
})

describe('a list of payments after a full-page redirect', () => {
  const payments = ['p0', 'p1', 'p2'].map(id => ({ ...payment, id }))

  /** README's row. */
  function Approve({ payment, options }: { payment: Payment; options: UseStepUpOptions<Payment> }) {
    const approve = useStepUp(
      'payment.approve',
      async (input: Payment, { fetch, idempotencyKey: key }) => {
        const { status } = await fetch('/api/payments/approve', {
          method: 'POST',
          body: JSON.stringify(input),
        })
        performed.push({ input, key, status })
      },
      { context: input => ({ ...input }), ...options },
    )
    return (
      <li>
        {payment.id} {approve.state.status}
        {approve.pending && (
          <button type="button" onClick={approve.pending.confirm}>
            Finish {payment.id}
          </button>
        )}
      </li>
    )
  }

  function showList(optionsOf: (payment: Payment) => UseStepUpOptions<Payment>): void {
    render(
      <StrictMode>
        <TestAuthProvider auth={auth}>
          {payments.map(one => (
            <Approve key={one.id} payment={one} options={optionsOf(one)} />
          ))}
        </TestAuthProvider>
      </StrictMode>,
    )
  }
  const buttons = (): (string | null)[] =>
    screen.queryAllByRole('button').map(({ textContent }) => textContent)
  const rows = (): (string | null)[] => screen.getAllByRole('listitem').map(({ textContent }) => textContent)

  it('offers to finish in the row whose key it has, and in no other', async () => {
    await leaveAndComeBack({ key: 'p1' })
    showList(({ id }) => ({ key: id }))
    await waitFor(() => expect(buttons()).toEqual(['Finish p1']))
    await act(async () => {
      fireEvent.click(screen.getByRole('button'))
      await waitFor(() => expect(performed).toHaveLength(1))
    })
    expect(performed).toMatchObject([{ input: payment, status: 200 }])
    expect(rows()).toEqual(['p0 idle', 'p1 succeeded', 'p2 idle'])
  })

  it('goes on by itself in that row alone, and no other fails', async () => {
    await leaveAndComeBack({ key: 'p1' })
    showList(({ id }) => ({ key: id, resume: 'auto' }))
    await waitFor(() => expect(rows()).toEqual(['p0 idle', 'p1 succeeded', 'p2 idle']))
    expect(performed).toHaveLength(1)
  })

  it('shows its failure in that row alone', async () => {
    await leaveAndComeBack({ key: 'p1' }, tooLong)
    showList(({ id }) => ({ key: id }))
    await waitFor(() => expect(rows()).toEqual(['p0 idle', 'p1 failed', 'p2 idle']))
  })

  it('without keys is offered once, and performed once', async () => {
    await leaveAndComeBack()
    showList(() => ({ resume: 'auto' }))
    await waitFor(() => expect(rows()).toEqual(['p0 succeeded', 'p1 idle', 'p2 idle']))
    expect(performed).toMatchObject([{ input: payment }])
  })
})

describe('the Idempotency-Key', () => {
  const approve = async (result: { current: { run(input: Payment): Promise<number> } }, input: Payment) => {
    await act(() => result.current.run(input).catch(() => {}))
    return auth.requests.findLast(({ url }) => url.endsWith('/approve'))?.headers.get('Idempotency-Key')
  }

  it('stays the same until the action has been performed, and is a new one for another input', async () => {
    let works = false
    open({ stepUp: 'grant', respond: () => new Response(null, { status: works ? 200 : 500 }) })
    const { result } = renderHook(
      () =>
        useStepUp('email.change', async (input: Payment, { fetch }) => {
          const { status } = await fetch('/approve', { method: 'POST', body: JSON.stringify(input) })
          if (status !== 200) throw new Error('try again')
          return status
        }),
      { wrapper: Provider },
    )
    const first = await approve(result, payment)
    works = true
    const again = await approve(result, payment)
    const afterSuccess = await approve(result, payment)
    const other = await approve(result, { ...payment, id: 'p2' })
    expect(again).toBe(first)
    expect(new Set([first, afterSuccess, other]).size).toBe(3)
  })

  /** Each attempt notes its key, and waits for `fail`. */
  function failing(action: string) {
    const keys: string[] = []
    const fails: (() => void)[] = []
    const perform = (_: Payment, { idempotencyKey }: Grant): Promise<never> => {
      keys.push(idempotencyKey)
      return new Promise((_, reject) => fails.push(() => reject(new Error('no answer'))))
    }
    const { result } = renderHook(() => useStepUp(action, perform), { wrapper: Provider })
    const attempt = async (perform: () => Promise<unknown> | undefined): Promise<string | undefined> => {
      const before = keys.length
      await act(async () => {
        const ended = perform()?.catch(() => {})
        await waitFor(() => expect(fails).toHaveLength(before + 1))
        fails.at(-1)?.()
        await ended
      })
      return keys.at(-1)
    }
    return { result, attempt }
  }

  it('is not changed by another input, which is refused while the first is under way', async () => {
    open({ stepUp: 'grant' })
    const { result, attempt } = failing('email.change')
    const superseded = { code: 'interaction_cancelled', reason: 'superseded' }
    const first = await attempt(() => {
      const ended = result.current.run(payment)
      const other = expect(result.current.run({ ...payment, id: 'p2' })).rejects.toMatchObject(superseded)
      return Promise.all([ended, other])
    })
    expect(await attempt(() => result.current.run(payment))).toBe(first)
  })

  it('is the same when what came back from a full-page redirect fails, and is tried again', async () => {
    await leaveAndComeBack()
    const { result, attempt } = failing('payment.approve')
    await waitFor(() => expect(result.current.pending).not.toBeNull())
    const { pending } = result.current
    const first = await attempt(() => pending?.confirm())
    auth.stepUp = 'grant'
    expect(await attempt(() => result.current.run(pending?.input as Payment))).toBe(first)
  })
})
