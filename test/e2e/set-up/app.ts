import { type AuthClient, createAuthClient, selectPrompt } from 'afresh/client'

declare global {
  interface Window {
    client: AuthClient
  }
}

// The smallest app. It waits for longer than a test would.
const { dataset } = document.documentElement
const client = createAuthClient({
  clientId: 'payments',
  timeLimit: 60,
  ...JSON.parse(dataset.client ?? '{}'),
})
window.client = client
client.mount()
document.querySelector('button')?.addEventListener('click', () => {
  client.signIn().catch(({ code }) => document.body.append(`signIn: ${code}`))
})

const goOn = document.createElement('button')
goOn.textContent = 'Continue'
goOn.hidden = true
goOn.addEventListener('click', () => {
  const prompt = selectPrompt(client.store.getState())
  if (prompt) client.answerPrompt(prompt.id, 'continue')
})
client.store.subscribe(state => {
  goOn.hidden = selectPrompt(state) === null
})
document.body.append(goOn)
