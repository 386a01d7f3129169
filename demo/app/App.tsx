import { AuthPrompts, useSession } from 'afresh'
import type { ReactElement } from 'react'
import { Bank } from './Bank.tsx'
import { Header } from './Header.tsx'
import { Landing } from './Landing.tsx'
import { ProviderChoice } from './ProviderChoice.tsx'
import { SiteNotice } from './SiteNotice.tsx'
import { WhatHappened } from './WhatHappened.tsx'

/** The whole page. */
export function App(): ReactElement {
  return (
    <>
      <Header />
      <SiteNotice />
      <div className="columns">
        <main>
          <Main />
        </main>
        <WhatHappened />
      </div>
      <ProviderChoice />
      <AuthPrompts />
    </>
  )
}

function Main(): ReactElement {
  const session = useSession()
  switch (session.status) {
    case 'initializing':
      return <p className="card hero quiet">One moment: checking whether you are still signed in.</p>
    case 'anonymous':
      return <Landing error={session.error} />
    case 'authenticated':
      // The key remounts everything for another person.
      return <Bank key={session.account.sub} />
  }
}
