import { useAuthClient, useSession } from 'afresh'
import { useState } from 'react'
import { inWords } from '../in-words.ts'

export function SignIn() {
  const { signIn } = useAuthClient()
  // How a sign-in by full-page redirect failed. What fails in a popup rejects `signIn`.
  const failedBefore = useSession(session => (session.status === 'anonymous' ? session.error : undefined))
  const [failed, setFailed] = useState<unknown>()
  const error = failed ?? failedBefore
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
    </section>
  )
}
