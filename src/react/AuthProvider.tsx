'use client'
import { createContext, type ReactElement, type ReactNode, useContext, useEffect } from 'react'
import type { AuthClient } from '../client/auth-client.ts'
import { ConfigurationError } from '../core/errors.ts'
import type { OwnMessages } from './messages.ts'

const AuthClientContext = createContext<AuthClient | null>(null)
const MessagesContext = createContext<OwnMessages>({})

/**
 * Hands the client to the hooks below it, and starts it. The context holds the client, never its state.
 *
 * @param messages the words that this package shows: a language of `afresh/messages`, or your own; what they leave out
 * is English
 */
export function AuthProvider({
  client,
  messages = {},
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

/** The client. @throws {ConfigurationError} outside an `<AuthProvider>` */
export function useAuthClient(): AuthClient {
  const client = useContext(AuthClientContext)
  if (!client) throw new ConfigurationError('Put this component inside <AuthProvider client={…}>')
  return client
}

export function useOwnMessages(): OwnMessages {
  return useContext(MessagesContext)
}
