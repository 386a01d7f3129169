import { SwitchAccountLink, useAuthClient, useSession } from 'afresh'
import { Payments } from './Payments.tsx'
import { SignIn } from './SignIn.tsx'

export function App() {
  const { signOut } = useAuthClient()
  const session = useSession()
  return (
    <>
      <header>
        <strong>Pennyworth</strong>
        {session.status === 'authenticated' && (
          <span className="person">
            <SwitchAccountLink />
            <button type="button" className="quiet" onClick={() => signOut()}>
              Sign out
            </button>
          </span>
        )}
      </header>
      <main>
        {session.status === 'initializing' && <p>One moment…</p>}
        {session.status === 'anonymous' && <SignIn />}
        {/* Another person gets another list: with another key, nothing of the former one stays. */}
        {session.status === 'authenticated' && <Payments key={session.account.sub} />}
      </main>
    </>
  )
}
