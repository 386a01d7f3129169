import { SignedIn, SignedOut } from 'afresh'
import { Link } from 'react-router'
import { SignInButton } from './SignIn.tsx'

/** For everybody. It waits for nothing. */
export function Home() {
  return (
    <section className="card">
      <h1>Welcome</h1>
      <SignedIn>
        <p>
          <Link to="/payments">See the payments that wait for you.</Link>
        </p>
      </SignedIn>
      <SignedOut>
        <p>Sign in to see the payments that wait for you.</p>
        <SignInButton />
      </SignedOut>
    </section>
  )
}
