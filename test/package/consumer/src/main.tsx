import { AuthPrompts, AuthProvider, createAuthClient, useAuthClient, useSession, useStepUp } from 'afresh'
import { generic } from 'afresh/providers'
import { type ReactElement, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

const client = createAuthClient({
  issuer: 'https://login.example.com',
  clientId: 'payments',
  provider: generic(),
  freshness: { endpoint: '/api/freshness' },
})

interface Payment {
  readonly id: string
  readonly cents: number
}

function Approve({ payment }: { readonly payment: Payment }): ReactElement {
  const approve = useStepUp(
    'payment.approve',
    async ({ id }: Payment, { fetch }) => (await fetch(`/api/payments/${id}`, { method: 'POST' })).status,
    { context: ({ id, cents }) => ({ id, cents }) },
  )
  const status: number | undefined = approve.state.status === 'succeeded' ? approve.state.result : undefined
  return (
    <button type="button" onClick={() => void approve.run(payment)}>
      Approve {status}
    </button>
  )
}

function App(): ReactElement {
  const { signIn } = useAuthClient()
  const session = useSession()
  if (session.status !== 'authenticated') {
    return (
      <button type="button" onClick={() => void signIn()}>
        Sign in
      </button>
    )
  }
  return (
    <>
      {session.account.name}
      <Approve payment={{ id: 'northwind', cents: 25_000 }} />
    </>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <AuthProvider client={client}>
      <App />
      <AuthPrompts />
    </AuthProvider>
  </StrictMode>,
)
