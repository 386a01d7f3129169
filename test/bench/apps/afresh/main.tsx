import { AuthProvider, createAuthClient, useSession } from 'afresh'
import { byPopup } from '../shared/contender.ts'
import { run } from '../shared/run.tsx'

const client = createAuthClient({
  issuer: __BENCH__.issuer,
  clientId: __BENCH__.clientId,
  interaction: [byPopup ? 'popup' : 'redirect'],
})

run({
  Provider: ({ children }) => <AuthProvider client={client}>{children}</AuthProvider>,
  useName: () =>
    useSession(session => (session.status === 'authenticated' ? session.account.name : null)) ?? null,
  useStatus: () => useSession(session => session.status),
  useExpiry: () =>
    useSession(session => (session.status === 'authenticated' ? session.accessTokenExpiresAt : null)),
  signIn: () => void client.signIn(),
  renew: () => client.renew(),
  token: minValidity => client.getAccessToken({ minValidity }),
})
