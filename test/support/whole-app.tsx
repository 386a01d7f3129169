import {
  AccountChooser,
  type AuthClient,
  AuthPrompts,
  AuthProvider,
  RequireSession,
  SignedIn,
  SignedOut,
  SwitchAccountLink,
  useAccounts,
  usePrompt,
  useSession,
  useSessionExpiry,
  useStepUp,
} from 'afresh'
import { german } from 'afresh/messages'
import { type ReactElement, StrictMode } from 'react'

/** An app that uses every hook and component. */
export function WholeApp({ client }: { readonly client: AuthClient }): ReactElement {
  return (
    <StrictMode>
      <AuthProvider client={client} messages={german}>
        <Hooks />
        <RequireSession fallback={<p>Loading</p>}>
          <p>Private</p>
        </RequireSession>
        <SignedIn>
          <p>Signed in</p>
        </SignedIn>
        <SignedOut>
          <p>Signed out</p>
        </SignedOut>
        <SwitchAccountLink />
        <AccountChooser />
        <AuthPrompts />
      </AuthProvider>
    </StrictMode>
  )
}

function Hooks(): ReactElement {
  const { status } = useSession()
  const { current, remembered } = useAccounts()
  const { secondsLeft } = useSessionExpiry()
  const approve = useStepUp('payment.approve', (input: string) => input)
  const seen = [status, current?.sub, remembered.length, secondsLeft, usePrompt(), approve.state.status]
  return <output>{JSON.stringify(seen)}</output>
}
