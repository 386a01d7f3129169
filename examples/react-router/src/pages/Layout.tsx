import { SignedIn, SwitchAccountLink, useAuthClient } from 'afresh'
import { NavLink, Outlet, useNavigation, useRevalidator, useRouteError } from 'react-router'
import { inWords } from '../in-words.ts'

/** What all pages have in common. */
export function Layout() {
  const { signOut } = useAuthClient()
  const { state } = useNavigation()
  return (
    <>
      <header>
        <nav>
          <NavLink to="/">Home</NavLink>
          <NavLink to="/payments">Payments</NavLink>
        </nav>
        <SignedIn>
          <span className="person">
            <SwitchAccountLink />
            <button type="button" className="quiet" onClick={() => signOut({ returnTo: '/' })}>
              Sign out
            </button>
          </span>
        </SignedIn>
      </header>
      <main aria-busy={state === 'loading'}>
        <Outlet />
      </main>
    </>
  )
}

/** Shown while the first page loads. */
export function Loading() {
  return <p>One moment…</p>
}

/** Shown in place of a page whose loader has failed. */
export function Problem() {
  const error = useRouteError()
  const { revalidate } = useRevalidator()
  return (
    <section className="card">
      <p role="alert">{inWords(error)}</p>
      <button type="button" onClick={() => revalidate()}>
        Try again
      </button>
    </section>
  )
}
