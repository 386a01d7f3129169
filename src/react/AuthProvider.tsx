import { createContext, type ReactElement, type ReactNode, useContext, useEffect } from 'react'
import type { AuthClient } from '../client/auth-client.ts'
import { ConfigurationError } from '../core/errors.ts'

const AuthClientContext = createContext<AuthClient | null>(null)

/** Hands the client to the hooks below it, and starts it. The context holds the client, never its state. */
export function AuthProvider({
  client,
  children,
}: {
  client: AuthClient
  children?: ReactNode
}): ReactElement {
  useEffect(() => client.mount(), [client])
  return <AuthClientContext.Provider value={client}>{children}</AuthClientContext.Provider>
}

/** The client. @throws {ConfigurationError} outside an `<AuthProvider>` */
export function useAuthClient(): AuthClient {
  const client = useContext(AuthClientContext)
  if (!client) throw new ConfigurationError('Put this component inside <AuthProvider client={…}>')
  return client
}
