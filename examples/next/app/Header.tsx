'use client'
import { SignedIn, SwitchAccountLink, useAuthClient } from 'afresh'
import Link from 'next/link'

export function Header() {
  const { signOut } = useAuthClient()
  return (
    <header>
      <nav>
        <Link href="/">Home</Link>
        <Link href="/payments">Payments</Link>
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
  )
}
