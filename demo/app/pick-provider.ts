import type { AuthClient } from 'afresh'
import type { ProviderName } from '../providers.ts'

const channel = 'pennyworth:provider'

/** Has the OP replaced; then every tab is loaded anew, this one too: see `hearPicked`. */
export async function pickProvider(client: AuthClient, provider: ProviderName): Promise<void> {
  const { ok, status } = await fetch(`/demo/provider/${provider}`, { method: 'POST' })
  if (!ok) throw new Error(`The provider could not be picked: ${status}`)
  // Several providers of this demo have one issuer: nobody of the former may be among the accounts of the next.
  await client.accounts.forget()
  const told = new BroadcastChannel(channel)
  told.postMessage(provider)
  told.close()
}

/** Loads the page anew when a provider has been picked, until the returned function is called. */
export function hearPicked(client: AuthClient): () => void {
  const hearing = new BroadcastChannel(channel)
  hearing.onmessage = () => {
    // The former OP's session goes first: a tab that is loaded asks its siblings for theirs.
    client.dispose()
    location.reload()
  }
  return () => hearing.close()
}
