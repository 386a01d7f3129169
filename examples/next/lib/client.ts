import { createAuthClient } from 'afresh'
import { mutate } from 'swr'

/** Made once, in the browser. While the server renders a page, this is a client that does nothing. */
export const client = createAuthClient({
  issuer: process.env.NEXT_PUBLIC_ISSUER ?? '',
  clientId: process.env.NEXT_PUBLIC_CLIENT_ID ?? '',
  freshness: { endpoint: '/api/freshness' },
  onAccountChange: async () => {
    // SWR forgets what it has loaded for the former person.
    await mutate(() => true, undefined, { revalidate: false })
  },
})
