import { createAuthClient } from 'afresh/client'
import { showDevtools } from 'afresh/devtools/client'

// The smallest app with the devtools. What differs from its settings stands in the address.
const { dataset } = document.documentElement
const client = createAuthClient({
  clientId: 'payments',
  ...JSON.parse(dataset.client ?? '{}'),
  ...JSON.parse(decodeURIComponent(location.hash.slice(1)) || '{}'),
  logger: () => {},
})
showDevtools(client, { open: true, panel: () => import('afresh/devtools/panel') })
client.mount()
document.querySelector('button')?.addEventListener('click', () => {
  client.signIn().catch(() => {})
})
