import { createAuthClient } from 'afresh'
import { queryClient } from './query-client.ts'

/** Made once, outside of React: loaders and queries use it too. */
export const client = createAuthClient({
  issuer: import.meta.env.VITE_ISSUER,
  clientId: import.meta.env.VITE_CLIENT_ID,
  freshness: { endpoint: '/api/freshness' },
  // Another person is shown only when this has run.
  onAccountChange: () => queryClient.clear(),
})
