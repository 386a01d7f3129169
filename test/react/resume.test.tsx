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
import {
  type AuthClient,
  AuthProvider,
  type Grant,
  selectPrompt,
  type UseStepUpOptions,
  useStepUp,
} from 'afresh'
import { type ReactNode, StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Departure } from '../../src/op/redirects.ts'
import { createClient, departures, op, page, seconds, setUpPage, unload } from '../support/client.ts'
import type { AuthorizationAnswer } from '../support/op.ts'
import { type Payment, payment } from '../support/shop.ts'

// A second is not much on a machine that does other things too.
configure({ asyncUtilTimeout: 5000 })

let client: AuthClient
let performed: { input: Payment; key: string; status: number }[]

setUpPage()
beforeEach(() => {
  performed = []
  load()
})
afterEach(cleanup)

/** The page is loaded. */
function load(): void {
  client = createClient({
    interaction: () => (page.popups.length > 0 ? ['popup'] : ['redirect']),
    timeLimit: 10,
  })
}

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
    {
      wrapper: ({ children }: { children: ReactNode }) => (
        <StrictMode>
          <AuthProvider client={client}>{children}</AuthProvider>
        </StrictMode>
      ),
    },
  )
}

/** Josh approves, the page leaves, and he comes back. */
async function leaveAndComeBack(
  answer: AuthorizationAnswer = {},
  change = (_: string) => _,
  options: UseStepUpOptions<Payment> = {},
): Promise<void> {
  page.popups.push({ claims: { auth_time: seconds() - 1000 } })
  await act(() => client.signIn())
  const { result } = show(options)
  act(() => void result.current.run(payment).catch(() => {}))
  await waitFor(() => expect(selectPrompt(client.store.getState())?.type).toBe('step_up'))
  act(() => client.answerPrompt(client.store.getState().interactions[0]?.id ?? '', 'continue'))
  await waitFor(() => expect(departures()).not.toEqual([]))
  const [key, kept] = departures()[0] as [string, string]
  const { transaction }: Departure<unknown> = JSON.parse(kept)
  cleanup()
  await unload(client)
  sessionStorage.setItem(key, change(kept))
  sessionStorage.setItem('afresh:response', JSON.stringify(op.authorize(transaction?.url ?? '', answer)))
  load()
}

const onlyPayments = {
  '~standard': {
    validate: (value: unknown) =>
      Number.isInteger((value as Payment)?.cents)
        ? { value: value as Payment }
        : { issues: [{ message: 'no payment' }] },
  },
}

it('an OP that has no login as strong is not asked again, and both a prompt and the hook say so', async () => {
  await leaveAndComeBack()
  const state = new URLSearchParams(JSON.parse(sessionStorage.getItem('afresh:response') ?? '')).get('state')
  const refusal = { error: 'unmet_authentication_requirements', iss: op.issuer, state: state ?? '' }
  sessionStorage.setItem('afresh:response', JSON.stringify(`${new URLSearchParams(refusal)}`))
  page.frame = {}
  const { result } = show()
  await waitFor(() => expect(selectPrompt(client.store.getState())?.type).toBe('step_up_unmet'))
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
    expect(page.shop.ledger).toHaveLength(1)
  })

  it('has the same Idempotency-Key as before', async () => {
    let key = ''
    await leaveAndComeBack({}, kept => {
      key = JSON.parse(kept).purpose.idempotencyKey
      return kept
    })
    const { result } = show()
    await waitFor(() => expect(result.current.pending).not.toBeNull())
    await act(() => result.current.pending?.confirm() as Promise<number>)
    expect(performed[0]?.key).toBe(key)
    expect(key).toMatch(/^[\da-f-]{36}$/)
  })

  it('is a configuration error, and is gone, when the schema does not take its input', async () => {
    await leaveAndComeBack({}, kept => kept.replace(/"input":\{.*?\}/, '"input":{"cents":"all"}'))
    const { result } = show({ schema: onlyPayments })
    await waitFor(() => expect(result.current.state.status).toBe('failed'))
    expect(result.current.state).toMatchObject({ error: { code: 'configuration_invalid' } })
    expect(result.current.pending).toBeNull()
    expect(client.store.getState().resumed).toBeNull()
  })

  it.each([
    ['what has no shape', '{"issuer":1}'],
    ['no JSON', '{'],
    ['another kind of thing', '7'],
  ])('does not exist when %s stands in the place of the departure', async (_, text) => {
    await leaveAndComeBack({}, () => text)
    page.frame = { claims: { auth_time: seconds() - 1000 } }
    const { result } = show()
    await waitFor(() => expect(client.store.getState().session.status).toBe('authenticated'))
    expect(result.current.pending).toBeNull()
    expect(result.current.state.status).toBe('idle')
  })

  it('is over after more than 10 minutes', async () => {
    await leaveAndComeBack({}, kept => kept.replace(/"startedAt":\d+/, `"startedAt":${seconds() - 605}`))
    const { result } = show()
    await waitFor(() => expect(result.current.state.status).toBe('failed'))
    expect(result.current.pending).toBeNull()
  })

  it('is not taken by another action’s hook', async () => {
    await leaveAndComeBack()
    const { result } = renderHook(() => useStepUp('payment.reject', () => 0), {
      wrapper: ({ children }) => <AuthProvider client={client}>{children}</AuthProvider>,
    })
    await waitFor(() => expect(client.store.getState().resumed).not.toBeNull())
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
    await expect(client.resumeStepUp()).rejects.toMatchObject({ code: 'configuration_invalid' })
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
        <AuthProvider client={client}>
          {payments.map(one => (
            <Approve key={one.id} payment={one} options={optionsOf(one)} />
          ))}
        </AuthProvider>
      </StrictMode>,
    )
  }
  const buttons = (): (string | null)[] =>
    screen.queryAllByRole('button').map(({ textContent }) => textContent)
  const rows = (): (string | null)[] => screen.getAllByRole('listitem').map(({ textContent }) => textContent)

  it('offers to finish in the row whose key it has, and in no other', async () => {
    await leaveAndComeBack({}, _ => _, { key: 'p1' })
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
    await leaveAndComeBack({}, _ => _, { key: 'p1' })
    showList(({ id }) => ({ key: id, resume: 'auto' }))
    await waitFor(() => expect(rows()).toEqual(['p0 idle', 'p1 succeeded', 'p2 idle']))
    expect(performed).toHaveLength(1)
  })

  it('shows its failure in that row alone', async () => {
    const late = (kept: string): string => kept.replace(/"startedAt":\d+/, `"startedAt":${seconds() - 605}`)
    await leaveAndComeBack({}, late, { key: 'p1' })
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
    return page.requests.findLast(({ url }) => url.endsWith('/approve'))?.headers.get('Idempotency-Key')
  }

  it('stays the same until the action has been performed, and is a new one for another input', async () => {
    page.popups.push({})
    await act(() => client.signIn())
    let works = false
    const { result } = renderHook(
      () =>
        useStepUp('email.change', async (input: Payment, { fetch }) => {
          const { status } = await fetch('/approve', { method: 'POST', body: JSON.stringify(input) })
          if (status !== 200) throw new Error('try again')
          return status
        }),
      { wrapper: ({ children }) => <AuthProvider client={client}>{children}</AuthProvider> },
    )
    page.intercept = ({ url }) =>
      url.endsWith('/approve') ? new Response(null, { status: works ? 200 : 500 }) : undefined
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
    const { result } = renderHook(() => useStepUp(action, perform), {
      wrapper: ({ children }) => <AuthProvider client={client}>{children}</AuthProvider>,
    })
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
    page.popups.push({})
    await act(() => client.signIn())
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
    page.intercept = () => Response.json({ status: 'granted', grant: 'g', expires_in: 60 })
    expect(await attempt(() => result.current.run(pending?.input as Payment))).toBe(first)
  })
})
