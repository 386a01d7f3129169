import { type AuthClient, createAuthClient } from 'afresh/client'

declare global {
  interface Window {
    client: AuthClient
  }
}

// The smallest app. It waits for longer than a test would.
const { issuer = '' } = document.documentElement.dataset
window.client = createAuthClient({ issuer, clientId: 'payments', timeLimit: 60 })
window.client.mount()
document.querySelector('button')?.addEventListener('click', () => {
  window.client.signIn().catch(({ code }) => document.body.append(`signIn: ${code}`))
})
