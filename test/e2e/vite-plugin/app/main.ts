import { createAuthClient } from 'afresh/client'

// How a page is asked to sign in stands in its address: ?redirect
const client = createAuthClient({
  issuer: import.meta.env.VITE_ISSUER,
  clientId: 'payments',
  callbackUrl: `${import.meta.env.BASE_URL}auth/callback.html`,
  interaction: location.search === '?redirect' ? ['redirect'] : ['popup'],
})

const who = document.querySelector('p')
client.store.subscribe(({ session }) => {
  if (who) who.textContent = session.status === 'authenticated' ? `Hi ${session.account.sub}` : session.status
})
document.querySelector('button')?.addEventListener('click', () => void client.signIn())
client.mount()
