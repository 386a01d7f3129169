import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import {
  AccountChooser,
  AuthPrompts,
  SwitchAccountLink,
  useAuthClient,
  useSession,
  useSessionExpiry,
  useStepUp,
} from 'afresh'
import { german } from 'afresh/messages'
import { createTestClient, TestAuthProvider, type TestClient, type TestClientOptions } from 'afresh/testing'
import { type ReactElement, StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const josh = { name: 'Josh' }
const payment = { id: 'p1', cents: 25_000 }
let auth: TestClient

function Page(): ReactElement {
  const client = useAuthClient()
  const session = useSession()
  const { secondsLeft } = useSessionExpiry()
  const approve = useStepUp(
    'payment.approve',
    (input: typeof payment, { fetch }) =>
      fetch('/api/payments', { method: 'POST', body: JSON.stringify(input) }),
    { context: ({ id, cents }) => ({ id, cents }) },
  )
  if (session.status !== 'authenticated')
    return (
      <button type="button" onClick={() => client.signIn().catch(() => {})}>
        Sign in
      </button>
    )
  return (
    <>
      <SwitchAccountLink />
      <button type="button" onClick={() => approve.run(payment).catch(() => {})}>
        Approve
      </button>
      {approve.pending && (
        <button type="button" onClick={() => approve.pending?.confirm().catch(() => {})}>
          Finish
        </button>
      )}
      <p data-testid="state">{approve.state.status}</p>
      <p data-testid="left">{secondsLeft}</p>
    </>
  )
}

function show(options: TestClientOptions = {}): void {
  auth = createTestClient({ respond: () => new Response(), ...options })
  render(
    <StrictMode>
      <TestAuthProvider auth={auth}>
        <Page />
        <AccountChooser />
        <AuthPrompts />
      </TestAuthProvider>
    </StrictMode>,
  )
}

const click = (name: string): void => void fireEvent.click(screen.getByRole('button', { name }))
const text = (id: string): string | null => screen.getByTestId(id).textContent

export function tellOfComponents(): void {
  const complaint = vi.spyOn(console, 'error')
  beforeEach(() => {
    complaint.mockClear()
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  })
  afterEach(() => {
    expect(complaint).not.toHaveBeenCalled()
    cleanup()
    vi.unstubAllGlobals()
  })

  describe('a component', () => {
    it('shows the person in its very first render', () => {
      show({ session: josh })
      expect(screen.getByRole('button', { name: 'Approve' })).toBeDefined()
    })

    it('shows who signs in after a click on its button', async () => {
      show()
      click('Sign in')
      await auth.signInAs(josh)
      expect(text('state')).toBe('idle')
    })

    it('has the person asked, and goes on after the answer', async () => {
      show({ session: josh, stepUp: 'prompt' })
      click('Approve')
      await auth.settled()
      expect(screen.getByRole('dialog').textContent).toContain('Josh')
      await auth.answerPrompt('continue')
      expect(screen.queryByRole('dialog')).toBeNull()
      expect(text('state')).toBe('succeeded')
    })

    it('has its prompt answered by a click', async () => {
      show({ session: josh, stepUp: 'prompt' })
      click('Approve')
      await auth.settled()
      click('Continue')
      await auth.settled()
      expect(text('state')).toBe('succeeded')
    })

    it('shows that it was denied', async () => {
      show({ session: josh, stepUp: 'deny' })
      click('Approve')
      await auth.settled()
      expect(text('state')).toBe('failed')
    })

    it('offers to finish what is back from a full-page redirect', async () => {
      show({ session: josh, pending: { action: 'payment.approve', input: payment, context: payment } })
      await auth.settled()
      click('Finish')
      await auth.settled()
      expect(text('state')).toBe('succeeded')
    })

    it('counts down by the clock of the test, and a click in the page counts as life', async () => {
      show({ session: josh, options: { session: { idle: 600, warnBefore: 60 } } })
      await auth.clock.advance(100)
      expect(text('left')).toBe('500')
      fireEvent.pointerDown(document.body)
      await auth.settled()
      expect(text('left')).toBe('600')
      await auth.clock.advance(540)
      expect(screen.getByRole('dialog')).toBeDefined()
      await auth.clock.advance(60)
      expect(screen.getByRole('button', { name: 'Sign in' })).toBeDefined()
    })

    it('shows the accounts that are remembered, and switches to the one that signs in', async () => {
      show({ session: josh, remembered: [{ name: 'Jane' }] })
      await auth.settled()
      fireEvent.click(screen.getByText('Jane'))
      await auth.signInAs({ name: 'Jane' })
      expect(screen.getByText(/Hi Jane/)).toBeDefined()
    })

    it('has rendered a sign of life at once', async () => {
      show({ session: josh, options: { session: { idle: 900, warnBefore: 60 } } })
      await auth.clock.advance(100)
      expect(text('left')).toBe('800')
      auth.touch()
      expect(text('left')).toBe('900')
    })

    it.each<[string, () => unknown]>([
      ['the test is over', () => auth.dispose()],
      ['the page is loaded again', () => auth.reload()],
    ])('has rendered at once that %s', (_, end) => {
      show({ session: josh })
      end()
      expect(screen.getByRole('button', { name: 'Sign in' })).toBeDefined()
    })

    it('follows what happens in another tab', async () => {
      show({ session: josh })
      await auth.otherTab().signOut()
      expect(screen.getByRole('button', { name: 'Sign in' })).toBeDefined()
    })
  })

  describe('a provider that makes its own client', () => {
    it('makes it once, and shows the app’s own words', async () => {
      const inPage = (title: string): ReactElement => (
        <TestAuthProvider session={josh} stepUp="prompt" messages={german}>
          <h1>{title}</h1>
          <Page />
          <AuthPrompts />
        </TestAuthProvider>
      )
      const { rerender } = render(inPage('first'))
      click('Approve')
      await screen.findByRole('dialog')
      rerender(inPage('second'))
      click('Weiter')
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    })

    it('lets another person sign in than the one who is there', async () => {
      render(
        <TestAuthProvider session={josh}>
          <Page />
        </TestAuthProvider>,
      )
      fireEvent.click(await screen.findByText('Not you?'))
      expect(await screen.findByText(/Hi Jane/)).toBeDefined()
    })

    it('lets somebody sign in at a click, as nobody plays the person there', async () => {
      render(
        <TestAuthProvider>
          <Page />
        </TestAuthProvider>,
      )
      click('Sign in')
      expect(await screen.findByText(/Hi Josh/)).toBeDefined()
    })
  })
}
