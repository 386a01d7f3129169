import { useAuthClient, useSession } from 'afresh'
import { useState } from 'react'
import { inWords } from '../in-words.ts'

/** For those who have asked for a page that they must be signed in for. Afterwards the loader takes them there. */
export function SignIn() {
  return (
    <section className="card">
      <h1>Please sign in</h1>
      <p>The page is for people who are signed in.</p>
      <SignInButton />
    </section>
  )
}

export function SignInButton() {
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
    <>
      <button type="button" onClick={start}>
        Sign in
      </button>
      {error !== undefined && <p role="alert">{inWords(error)}</p>}
    </>
  )
}
