import { inspect, type TestControl } from '../client/inspection.ts'
import type { TestClient } from './test-client.ts'

/** Lets the devtools of this client offer what a test can do. */
export function addControls(auth: TestClient): void {
  const inspection = inspect(auth.client)
  if (inspection) inspection.controls = controlsOf(auth)
}

function controlsOf(auth: TestClient): readonly TestControl[] {
  return [
    { label: 'Expire the token', run: () => auth.expireToken() },
    { label: 'End the session at the provider', run: () => auth.endProviderSession() },
    { label: 'Drop the network', run: () => auth.dropNetwork() },
    { label: 'Restore the network', run: () => auth.restoreNetwork() },
    { label: 'Sign out in another tab', run: () => auth.otherTab().signOut() },
    {
      label: 'Sign in as somebody else in another tab',
      run: () => auth.otherTab().signInAs(somebodyElse(auth)),
    },
    { label: 'Move the clock on by a minute', run: () => auth.clock.advance(60) },
  ]
}

/** Two people are enough to be another one each time. */
function somebodyElse({ client }: TestClient): { readonly name: string } {
  const { session } = client.store.getState()
  const isJane = session.status === 'authenticated' && session.account.sub === 'jane'
  return { name: isJane ? 'Josh' : 'Jane' }
}
