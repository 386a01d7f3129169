'use client'
import { createContext, type ReactElement, type ReactNode, useContext, useEffect } from 'react'
import type { AuthClient } from '../client/auth-client.ts'
import { ConfigurationError } from '../core/errors.ts'
import type { OwnMessages } from './messages.ts'

const AuthClientContext = createContext<AuthClient | null>(null)
// One object, so that consumers of the context do not render again with each render of the provider.
const noMessages: OwnMessages = {}
const MessagesContext = createContext(noMessages)

/**
 * Gives the client to the hooks and components below it, and mounts it. The context holds the client, never its state.
 *
 * @param client made once, outside render
 * @param messages the texts that this package shows: a language of `afresh/messages`, or your own. What they leave out
 * is English, which is also the default
 */
export function AuthProvider({
  client,
  messages = noMessages,
  children,
}: {
  client: AuthClient
  messages?: OwnMessages
  children?: ReactNode
}): ReactElement {
  useEffect(() => client.mount(), [client])
  return (
    <AuthClientContext.Provider value={client}>
      <MessagesContext.Provider value={messages}>{children}</MessagesContext.Provider>
    </AuthClientContext.Provider>
  )
}

/** The client of the `<AuthProvider>` above. @throws {ConfigurationError} outside an `<AuthProvider>` */
export function useAuthClient(): AuthClient {
  const client = useContext(AuthClientContext)
  if (!client) throw new ConfigurationError('Put this component inside <AuthProvider client={…}>')
  return client
}

/** The texts that the app brings, as it gave them to `<AuthProvider>`. */
export function useOwnMessages(): OwnMessages {
  return useContext(MessagesContext)
}
