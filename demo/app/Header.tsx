import { useAuthClient, useSession } from 'afresh'
import type { ReactElement } from 'react'
import { useAttempt } from './useAttempt.ts'

export function Header(): ReactElement {
  return (
    <header className="top">
      <p className="brand">
        <span aria-hidden="true">P</span> Pennyworth
      </p>
      <Person />
    </header>
  )
}

function Person(): ReactElement | null {
  const client = useAuthClient()
  const session = useSession()
  const { attempt, trouble } = useAttempt()
  if (session.status !== 'authenticated') return null
  const name = session.account.name?.split(' ')[0] ?? session.account.sub
  return (
    <div className="person">
      <span>
        Hi {name}.{' '}
        <button type="button" className="link" onClick={() => attempt(client.signIn({ prompt: 'login' }))}>
          Not you?
        </button>
      </span>
      <button type="button" className="quiet" onClick={() => attempt(client.signOut())}>
        Sign out
      </button>
      {trouble !== undefined && (
        <p className="outcome bad" role="status">
          {trouble}
        </p>
      )}
    </div>
  )
}
