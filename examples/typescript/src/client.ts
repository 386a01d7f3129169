import { createAuthClient } from 'afresh/client'

/** Made once. `main.ts` mounts it. */
export const client = createAuthClient({
  issuer: import.meta.env.VITE_ISSUER,
  clientId: import.meta.env.VITE_CLIENT_ID,
  freshness: { endpoint: '/api/freshness' },
})
