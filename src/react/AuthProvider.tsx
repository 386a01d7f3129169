'use client'
import { createContext, type ReactElement, type ReactNode, useContext, useEffect } from 'react'
import type { AuthClient } from '../client/auth-client.ts'
import { ConfigurationError } from '../core/errors.ts'
import type { OwnMessages } from './messages.ts'

const AuthClientContext = createContext<AuthClient | null>(null)
// One object, so that consumers of the context do not render again with each render of the provider.
const noMessages: OwnMessages = {}
const MessagesContext = createContext(noMessages)

/** What `<AuthProvider>` takes. */
export interface AuthProviderProps {
  /** The client. Make it once, outside render. */
  readonly client: AuthClient
  /**
   * The texts that this package shows: a language of `afresh/messages`, or your own. Each text that they leave out is
   * English. Default: English.
   */
  readonly messages?: OwnMessages
  /** The app, or the part of it that uses the client. */
  readonly children?: ReactNode
}

/**
 * Gives the client to the hooks and components below it, and mounts the client. The context holds the client, never its
 * state.
 *
 * @param props what the provider takes
 */
export function AuthProvider({ client, messages = noMessages, children }: AuthProviderProps): ReactElement {
  useEffect(() => client.mount(), [client])
  return (
    <AuthClientContext.Provider value={client}>
      <MessagesContext.Provider value={messages}>{children}</MessagesContext.Provider>
    </AuthClientContext.Provider>
  )
}

/**
 * Gives the client of the `<AuthProvider>` above.
 *
 * @throws `ConfigurationError` outside an `<AuthProvider>`
 */
export function useAuthClient(): AuthClient {
  const client = useContext(AuthClientContext)
  if (!client) throw new ConfigurationError('Put this component inside <AuthProvider client={…}>')
  return client
}

/** The texts that the app brings, as it gave them to `<AuthProvider>`. */
export function useOwnMessages(): OwnMessages {
  return useContext(MessagesContext)
}
