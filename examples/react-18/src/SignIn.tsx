import { AccountChooser, useAccounts, useAuthClient, useSession } from 'afresh'
import { useState } from 'react'
import { inWords } from './in-words.ts'

export function SignIn() {
  const { signIn } = useAuthClient()
  const { remembered } = useAccounts()
  const session = useSession()
  const [failed, setFailed] = useState<unknown>()
  if (session.status === 'initializing') return <p>One moment…</p>
  // `session.error`: how a sign-in by full-page redirect failed. What fails in a popup rejects `signIn`.
  const error = failed ?? session.error
  const start = () => {
    setFailed(undefined)
    signIn().catch(setFailed)
  }
  return (
    <section className="card">
      <h1>Welcome</h1>
      <p>Sign in to see the payments that wait for you.</p>
      <button type="button" onClick={start}>
        Sign in
      </button>
      {error !== undefined && <p role="alert">{inWords(error)}</p>}
      {remembered.length > 0 && <AccountChooser />}
    </section>
  )
}
