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
  AuthPrompts,
  AuthProvider,
  type SessionState,
  useAuthClient,
  usePrompt,
  useSession,
  useSessionExpiry,
  useStepUp,
} from 'afresh'
import type { OwnMessages, PromptMessages } from 'afresh/messages'
import { type ReactNode, StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient, page, seconds, setUpPage } from '../support/client.ts'
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

let client: AuthClient

setUpPage()
beforeEach(() => {
  client = createClient({ timeLimit: 10 })
})
afterEach(cleanup)

function App({ children }: { children?: ReactNode }): ReactNode {
  return (
    <StrictMode>
      <AuthProvider client={client}>
        {children}
        <AuthPrompts />
      </AuthProvider>
    </StrictMode>
  )
}
const signIn = (): Promise<unknown> => {
  page.popups.push({ claims: { name: 'Josh', auth_time: seconds() - 1000 } })
  return act(() => client.signIn())
}

it('a hook outside a provider says which component to add', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(() => renderHook(() => useAuthClient())).toThrow(/<AuthProvider/)
  vi.restoreAllMocks()
})

it('StrictMode’s second mount asks the OP once', async () => {
  const { result } = renderHook(() => useSession(), { wrapper: App })
  await waitFor(() => expect(result.current.status).toBe('anonymous'))
  expect(page.visited).toHaveLength(1)
})

describe('useSession', () => {
  it('goes from initializing to the restored person', async () => {
    page.frame = { claims: { name: 'Josh' } }
    const { result } = renderHook(() => useSession(), { wrapper: App })
    expect(result.current.status).toBe('initializing')
    await waitFor(() =>
      expect(result.current).toMatchObject({ status: 'authenticated', account: { name: 'Josh' } }),
    )
  })

  it('with a selector renders only when what it selects changes', async () => {
    await signIn()
    let renders = 0
    const name = (session: SessionState): string | undefined =>
      session.status === 'authenticated' ? session.account.name : undefined
    const { result } = renderHook(
      () => {
        renders++
        return useSession(name)
      },
      { wrapper: ({ children }) => <AuthProvider client={client}>{children}</AuthProvider> },
    )
    expect(result.current).toBe('Josh')
    page.frame = { claims: { name: 'Josh' } }
    await act(() => client.renew())
    expect(renders).toBe(1)
  })
})

const statuses: string[] = []
/** What performing waits for. */
let gate = Promise.resolve()
function Approve(): ReactNode {
  const approve = useStepUp(
    'payment.approve',
    async (input: Payment, { fetch }) => {
      await gate
      return (await fetch('/api/payments/approve', { method: 'POST', body: JSON.stringify(input) })).status
    },
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

  beforeEach(async () => {
    statuses.length = 0
    await signIn()
    render(<Approve />, { wrapper: App })
  })

  it('shows each step and ends with the result', async () => {
    page.popups.push({})
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
    expect(page.shop.ledger).toHaveLength(1)
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
    page.popups.push({})
    click('Approve')
    click('Approve')
    fireEvent.click(await screen.findByText('Continue'))
    await shows('succeeded')
    expect(page.shop.ledger).toHaveLength(1)
  })

  it('ends when its component leaves the page', async () => {
    click('Approve')
    await screen.findByRole('dialog')
    act(() => cleanup())
    await waitFor(() => expect(client.store.getState().interactions).toEqual([]))
  })
})

describe('AuthPrompts', () => {
  const ask = async (messages: OwnMessages = {}): Promise<void> => {
    await signIn()
    render(
      <AuthProvider client={client} messages={messages}>
        <AuthPrompts />
      </AuthProvider>,
    )
    act(() => void client.stepUp('payment.approve', { context: { ...payment } }).catch(() => {}))
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
    page.popups.push('stay')
    const go = screen.getByText('Continue')
    go.focus()
    fireEvent.click(go)
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Cancel'))
  })

  it('shows the window again to a person who has lost sight of it', async () => {
    await ask()
    page.popups.push('stay')
    fireEvent.click(screen.getByText('Continue'))
    fireEvent.click(await screen.findByText('Show the window'))
    expect(page).toMatchObject({ shown: 1, openWindows: 1 })
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
  await signIn()
  const wrapper = ({ children }: { children: ReactNode }): ReactNode => (
    <AuthProvider client={client}>{children}</AuthProvider>
  )
  const { result } = renderHook(() => usePrompt(), { wrapper })
  expect(result.current).toBeNull()
  act(() => void client.stepUp('payment.approve', { context: { ...payment } }).catch(() => {}))
  await waitFor(() => expect(result.current).toMatchObject({ type: 'step_up', action: 'payment.approve' }))
})

it('useSessionExpiry counts down to the session’s own limit', async () => {
  client.dispose()
  client = createClient({ session: { idle: 600 }, timeLimit: 10 })
  const { result } = renderHook(() => useSessionExpiry(), { wrapper: App })
  expect(result.current.secondsLeft).toBeNull()
  await signIn()
  await waitFor(() => expect(result.current.secondsLeft).toBeGreaterThan(595))
  expect(result.current.secondsLeft).toBeLessThanOrEqual(600)
  act(() => result.current.extend())
})
