import { client } from '../../../demo/app/client.ts'

// In the place of the demo's app: its client alone, where a test can call it.
window.client = client
client.mount()
const button = document.body.appendChild(document.createElement('button'))
button.textContent = 'Sign in'
button.addEventListener('click', () => void client.signIn())
