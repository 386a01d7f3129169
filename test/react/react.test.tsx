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
import { AuthPrompts, type SessionState, useAuthClient, usePrompt, useSession, useStepUp } from 'afresh'
import type { OwnMessages, PromptMessages } from 'afresh/messages'
import { createTestClient, TestAuthProvider, type TestClient, type TestClientOptions } from 'afresh/testing'
import { type ReactNode, StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Payment, payment } from '../support/shop.ts'

// A second is not much on a machine that does other things too.
configure({ asyncUtilTimeout: 5000 })

// jsdom has the element, but not what it does.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true
}
HTMLDialogElement.prototype.close = function () {
  this.open = false
}

let auth: TestClient
/** The bodies of the payments that the backend has approved. */
let ledger: unknown[]
/** What the backend waits for before it answers. */
let gate: Promise<void>

/** Approves a payment once for each grant. */
async function respond(request: Request): Promise<Response> {
  const input: unknown = await request.clone().json()
  const refused = await auth.requireGrant(request, 'payment.approve', { context: input })
  if (refused) return refused
  await gate
  ledger.push(input)
  return new Response()
}

function open(options: TestClientOptions = {}): void {
  auth = createTestClient({ session: { name: 'Josh' }, stepUp: 'prompt', respond, ...options })
}

beforeEach(() => {
  ledger = []
  gate = Promise.resolve()
  open()
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

function App({ children }: { children?: ReactNode }): ReactNode {
  return (
    <StrictMode>
      <TestAuthProvider auth={auth}>
        {children}
        <AuthPrompts />
      </TestAuthProvider>
    </StrictMode>
  )
}
function Provider({ children }: { children?: ReactNode }): ReactNode {
  return <TestAuthProvider auth={auth}>{children}</TestAuthProvider>
}

it('a hook outside a provider says which component to add', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(() => renderHook(() => useAuthClient())).toThrow(/<AuthProvider/)
})

it('StrictMode’s second mount asks the OP once', async () => {
  open({ session: 'initializing' })
  const { result } = renderHook(() => useSession(), { wrapper: App })
  await act(() => auth.endRestore({ name: 'Josh' }))
  expect(result.current.status).toBe('authenticated')
  // One code, so one visit in a frame.
  expect(auth.requests.map(({ url }) => new URL(url).pathname)).toEqual(['/token'])
})

describe('useSession', () => {
  it('goes from initializing to the restored person', async () => {
    open({ session: 'initializing' })
    const { result } = renderHook(() => useSession(), { wrapper: App })
    expect(result.current.status).toBe('initializing')
    await act(() => auth.endRestore({ name: 'Josh' }))
    expect(result.current).toMatchObject({ status: 'authenticated', account: { name: 'Josh' } })
  })

  it('with a selector renders only when what it selects changes', async () => {
    let renders = 0
    const name = (session: SessionState): string | undefined =>
      session.status === 'authenticated' ? session.account.name : undefined
    const { result } = renderHook(
      () => {
        renders++
        return useSession(name)
      },
      { wrapper: Provider },
    )
    expect(result.current).toBe('Josh')
    const before = auth.client.store.getState().session
    await act(() => auth.expireToken())
    expect(auth.client.store.getState().session).not.toBe(before)
    expect(renders).toBe(1)
  })
})

const statuses: string[] = []
function Approve(): ReactNode {
  const approve = useStepUp(
    'payment.approve',
    async (input: Payment, { fetch }) =>
      (await fetch('/api/payments/approve', { method: 'POST', body: JSON.stringify(input) })).status,
    { context: input => ({ ...input }) },
  )
  const { state } = approve
  if (statuses.at(-1) !== state.status) statuses.push(state.status)
  return (
    <>
      <button type="button" onClick={() => approve.run(payment)}>
        Approve
      </button>
      <button type="button" onClick={approve.cancel}>
        Stop
      </button>
      <button type="button" onClick={approve.reset}>
        Reset
      </button>
      <output>{JSON.stringify(state)}</output>
    </>
  )
}

describe('useStepUp', () => {
  const click = (name: string): boolean => fireEvent.click(screen.getByRole('button', { name }))
  const shows = (text: string): Promise<void> =>
    waitFor(() => expect(screen.getByRole('status').textContent).toContain(text))

  beforeEach(() => {
    statuses.length = 0
    render(<Approve />, { wrapper: App })
  })

  it('shows each step and ends with the result', async () => {
    let open = (): void => {}
    gate = new Promise(resolve => {
      open = resolve
    })
    click('Approve')
    fireEvent.click(await screen.findByText('Continue'))
    await shows('performing')
    open()
    await shows('"result":200')
    expect(statuses).toEqual([
      'idle',
      'checking',
      'confirming',
      'authenticating',
      'verifying',
      'performing',
      'succeeded',
    ])
    expect(ledger).toEqual([payment])
  })

  it('closes the prompt and says so when the app cancels', async () => {
    click('Approve')
    await screen.findByRole('dialog')
    click('Stop')
    await shows('interaction_cancelled')
    expect(screen.queryByRole('dialog')).toBeNull()
    click('Reset')
    await shows('idle')
  })

  it('joins a click to the step-up that is under way', async () => {
    click('Approve')
    click('Approve')
    fireEvent.click(await screen.findByText('Continue'))
    await shows('succeeded')
    expect(ledger).toHaveLength(1)
  })

  it('ends when its component leaves the page', async () => {
    click('Approve')
    await screen.findByRole('dialog')
    act(() => cleanup())
    await waitFor(() => expect(auth.client.store.getState().interactions).toEqual([]))
  })
})

describe('AuthPrompts', () => {
  const ask = async (messages: OwnMessages = {}): Promise<void> => {
    render(
      <TestAuthProvider auth={auth} messages={messages}>
        <AuthPrompts />
      </TestAuthProvider>,
    )
    act(() => void auth.client.stepUp('payment.approve', { context: { ...payment } }).catch(() => {}))
    await screen.findByRole('dialog')
  }

  it('shows a modal dialog with a name, a text and the safe button first', async () => {
    await ask()
    const dialog = screen.getByRole('dialog', { name: 'Confirm it’s you, Josh' })
    expect(dialog.getAttribute('aria-describedby')).toBe(dialog.querySelector('p')?.id)
    expect(Array.from(dialog.querySelectorAll('button'), button => button.textContent)).toEqual([
      'Cancel',
      'Continue',
    ])
  })

  it('keeps the focus inside when the button that had it goes', async () => {
    const step_up: PromptMessages['step_up'] = ({ window }) => ({
      title: 'Confirm',
      text: '',
      cancel: 'Cancel',
      ...(window === 'none' && { continue: 'Continue' }),
    })
    await ask({ prompts: { step_up } })
    screen.getByText('Continue').focus()
    await act(() => auth.answerPrompt('continue', { as: null }))
    expect(document.activeElement?.textContent).toBe('Cancel')
  })

  it('shows the window again to a person who has lost sight of it', async () => {
    await ask()
    await act(() => auth.answerPrompt('continue', { as: null }))
    const { popup } = auth
    fireEvent.click(screen.getByText('Show the window'))
    expect(auth.popup).toBe(popup)
    expect(popup?.timesShown).toBe(1)
  })

  it('cancels at Escape', async () => {
    await ask()
    fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('takes a replacement for every text', async () => {
    const step_up: PromptMessages['step_up'] = () => ({
      title: 'Sind Sie es?',
      text: 'Bitte anmelden.',
      continue: 'Weiter',
      cancel: 'Nein',
    })
    await ask({ prompts: { step_up } })
    expect(screen.getByRole('dialog', { name: 'Sind Sie es?' }).textContent).toContain('Weiter')
  })
})

it('usePrompt gives the prompt to an app that draws its own', async () => {
  const { result } = renderHook(() => usePrompt(), { wrapper: Provider })
  expect(result.current).toBeNull()
  act(() => void auth.client.stepUp('payment.approve', { context: { ...payment } }).catch(() => {}))
  await waitFor(() => expect(result.current).toMatchObject({ type: 'step_up', action: 'payment.approve' }))
})
