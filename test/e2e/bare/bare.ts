import { type AuthClient, createAuthClient } from 'afresh/client'

declare global {
  interface Window {
    readonly bare: Bare
  }
}

/** What a test can do with the page. */
interface Bare {
  /** Mounted from the start. */
  readonly client: AuthClient
  unmount(): void
}

const client = createAuthClient(JSON.parse(decodeURIComponent(location.hash.slice(1))))
const bare: Bare = { client, unmount: client.mount() }
Object.assign(window, { bare })

const button = document.createElement('button')
button.textContent = 'Sign in'
button.onclick = () => void client.signIn()
document.body.append(button)
