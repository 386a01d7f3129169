import { InMemoryWebStorage, type User, UserManager, WebStorageStateStore } from 'oidc-client-ts'
import { type ReactNode, useEffect, useState } from 'react'
import { type AuthContextProps, AuthProvider, hasAuthParams, useAuth } from 'react-oidc-context'
import { byPopup } from '../shared/contender.ts'
import { run } from '../shared/run.tsx'

const inMemory = __BENCH__.storage === 'memory'

const userManager = new UserManager({
  authority: __BENCH__.issuer,
  client_id: __BENCH__.clientId,
  redirect_uri: `${location.origin}/`,
  scope: 'openid profile email',
  // Left alone, it keeps its tokens in sessionStorage.
  ...(inMemory && { userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }) }),
})

let auth: AuthContextProps
let user: User | null | undefined

const signInSilently = async (): Promise<User> => {
  const renewed = await auth.signinSilent()
  if (!renewed) throw new Error('The silent sign-in failed')
  return renewed
}

/** Hands the context to the functions below, and signs in silently once, as its README's automatic sign-in does. */
function Auto({ children }: { children: ReactNode }) {
  auth = useAuth()
  user = auth.user
  const [tried, setTried] = useState(false)
  const idle = !hasAuthParams() && !auth.isAuthenticated && !auth.activeNavigator && !auth.isLoading
  useEffect(() => {
    if (!idle || tried || window !== window.top || window.opener) return
    setTried(true)
    signInSilently().catch(() => {})
  }, [idle, tried])
  return children
}

run({
  Provider: ({ children }) => (
    <AuthProvider
      userManager={userManager}
      onSigninCallback={() => history.replaceState({}, '', location.pathname)}
    >
      <Auto>{children}</Auto>
    </AuthProvider>
  ),
  useName: () => useAuth().user?.profile.name ?? null,
  useStatus: () => {
    const { isAuthenticated, isLoading } = useAuth()
    return isAuthenticated ? 'authenticated' : isLoading ? 'initializing' : 'anonymous'
  },
  useExpiry: () => useAuth().user?.expires_at ?? null,
  signIn: () => void (byPopup ? auth.signinPopup() : auth.signinRedirect()),
  renew: signInSilently,
  // It has no function for this.
  token: async minValidity => {
    if (user && (user.expires_in ?? 0) >= minValidity) return user.access_token
    return (await signInSilently()).access_token
  },
})
