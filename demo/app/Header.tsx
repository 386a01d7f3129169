import { AccountChooser, SignedIn, SwitchAccountLink, useAuthClient } from 'afresh'
import { type ReactElement, useState } from 'react'
import { LanguageChoice } from './LanguageChoice.tsx'
import { useAttempt } from './useAttempt.ts'

/** The top of the page: who is signed in, and the ways out. */
export function Header(): ReactElement {
  return (
    <header className="top">
      <p className="brand">
        <span aria-hidden="true">P</span> Pennyworth
      </p>
      <LanguageChoice />
      <SignedIn>
        <Person />
      </SignedIn>
    </header>
  )
}

function Person(): ReactElement {
  const client = useAuthClient()
  const { attempt, trouble } = useAttempt()
  const [choosing, setChoosing] = useState(false)
  return (
    <>
      <div className="person">
        <SwitchAccountLink />
        <button
          type="button"
          className="quiet"
          aria-expanded={choosing}
          onClick={() => setChoosing(!choosing)}
        >
          Accounts
        </button>
        <button type="button" className="quiet" onClick={() => attempt(client.signOut())}>
          Sign out
        </button>
        {trouble !== undefined && (
          <p className="outcome bad" role="status">
            {trouble}
          </p>
        )}
      </div>
      {choosing && (
        <div className="card accounts">
          <AccountChooser />
        </div>
      )}
    </>
  )
}
