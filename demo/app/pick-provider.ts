import type { AuthClient } from 'afresh'
import type { ProviderName } from '../providers.ts'

const channel = 'pennyworth:provider'

/** Replaces the OP. Then every tab reloads, this one too: see `hearPicked`. */
export async function pickProvider(client: AuthClient, provider: ProviderName): Promise<void> {
  const { ok, status } = await fetch(`/demo/provider/${provider}`, { method: 'POST' })
  if (!ok) throw new Error(`The provider could not be picked: ${status}`)
  // Several providers of this demo have the same issuer, so the accounts of the former one must be forgotten.
  await client.accounts.forget()
  const told = new BroadcastChannel(channel)
  told.postMessage(provider)
  told.close()
}

/** Reloads the page when a provider has been picked, until the returned function is called. */
export function hearPicked(client: AuthClient): () => void {
  const hearing = new BroadcastChannel(channel)
  hearing.onmessage = () => {
    // The former OP's session is removed first, because a tab that loads asks its siblings for theirs.
    client.dispose()
    location.reload()
  }
  return () => hearing.close()
}
