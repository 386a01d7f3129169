import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { type ErrorComponentProps, Outlet, useRouter } from '@tanstack/react-router'
import { SwitchAccountLink, useAuthClient } from 'afresh'
import { inWords } from '../in-words.ts'
import { usePerson } from '../session.ts'

export function Layout() {
  const { signOut } = useAuthClient()
  const person = usePerson()
  return (
    <>
      <header>
        <strong>Pennyworth</strong>
        {person !== null && (
          <span className="person">
            <SwitchAccountLink />
            <button type="button" className="quiet" onClick={() => signOut()}>
              Sign out
            </button>
          </span>
        )}
      </header>
      <main>
        <Outlet />
      </main>
    </>
  )
}

export function Loading() {
  return <p>One moment…</p>
}

/** In place of a page that could not be loaded. */
export function Problem({ error }: ErrorComponentProps) {
  const router = useRouter()
  const { reset } = useQueryErrorResetBoundary()
  const tryAgain = () => {
    reset()
    router.invalidate()
  }
  return (
    <section className="card">
      <p role="alert">{inWords(error)}</p>
      <button type="button" onClick={tryAgain}>
        Try again
      </button>
    </section>
  )
}
