import { RequireSession, SignedIn, SwitchAccountLink, useAuthClient, useSession } from 'afresh'
import { Payments } from './Payments.tsx'
import { SignIn } from './SignIn.tsx'

export function App() {
  const { signOut } = useAuthClient()
  // Renders only when the person changes, not at each renewal of the session.
  const person = useSession(session => (session.status === 'authenticated' ? session.account.sub : null))
  return (
    <>
      <header>
        <strong>Pennyworth</strong>
        <SignedIn>
          <span className="person">
            <SwitchAccountLink />
            <button type="button" className="quiet" onClick={() => signOut()}>
              Sign out
            </button>
          </span>
        </SignedIn>
      </header>
      <main>
        {/* It shows a page and guards no data: that is the backend's part. */}
        <RequireSession fallback={<SignIn />}>
          {/* Another person gets another list: with another key, nothing of the former one stays. */}
          <Payments key={person} />
        </RequireSession>
      </main>
    </>
  )
}
