import { createAuthClient } from 'afresh'

/** Made once, outside of React: loaders and actions use it too. */
export const client = createAuthClient({
  issuer: import.meta.env.VITE_ISSUER,
  clientId: import.meta.env.VITE_CLIENT_ID,
  freshness: { endpoint: '/api/freshness' },
})
