import { AccountChooser, useAccounts, useAuthClient } from 'afresh'
import type { ReactElement } from 'react'
import { failureOf } from './outcome.ts'
import { useAttempt } from './useAttempt.ts'

/** What a signed-out person sees; `error` is why, when something failed on the way. */
export function Landing({ error }: { error: unknown }): ReactElement {
  const client = useAuthClient()
  const { remembered } = useAccounts()
  const { attempt, trouble } = useAttempt()
  return (
    <section className="card hero">
      <h1>Pay the bills. Calmly.</h1>
      <p>
        Four invoices wait for approval. Signing in lets you see them. Approving one takes a little more: the
        bank wants to know that it is you, just now.
      </p>
      <div className="buttons">
        <button type="button" onClick={() => attempt(client.signIn())}>
          Sign in
        </button>
        <button type="button" className="quiet" onClick={() => attempt(client.signUp())}>
          Create an account
        </button>
      </div>
      {remembered.length > 0 && <AccountChooser />}
      <p className="outcome bad" role="status">
        {trouble ?? (error !== undefined && failureOf(error).text)}
      </p>
      <p className="small">
        You sign in at Demo ID, an OpenID Provider of its own. Its page shows the names and passwords.
      </p>
    </section>
  )
}
