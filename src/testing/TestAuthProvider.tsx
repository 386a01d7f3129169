'use client'
import { type ReactElement, type ReactNode, useEffect, useState } from 'react'
import { AuthProvider } from '../react/AuthProvider.tsx'
import type { OwnMessages } from '../react/messages.ts'
import { makeReactTestClient } from './react-test-client.ts'
import type { TestClient, TestClientOptions } from './test-client.ts'

/** What `<TestAuthProvider>` takes: a test client, or how it makes one of its own. */
export type TestAuthProviderProps = {
  /** The texts that afresh shows, as `<AuthProvider>` takes them. Default: English. */
  readonly messages?: OwnMessages
  /** The components under test. */
  readonly children?: ReactNode
} & (
  | {
      /** The test client that the test itself has made, and plays the person with. */
      readonly auth: TestClient
    }
  | ({
      /** Left out: a client is made of the other props. */
      readonly auth?: never
    } & TestClientOptions)
)

/** What a person does in a page. */
const activities = ['pointerdown', 'keydown', 'wheel', 'touchstart']

/**
 * Stands in for `<AuthProvider>` in tests and in stories: it gives the components below a test client, and mounts it.
 *
 * Without `auth` it takes the options of `createTestClient` instead, and makes a client once. Nobody plays the person
 * there, so whoever is to sign in does so at once (`signsIn`; default: Josh, or Jane where the session is Josh's).
 */
export function TestAuthProvider(props: TestAuthProviderProps): ReactElement {
  const { auth: given, messages, children, ...options } = props
  const [own] = useState(() => given ?? makeReactTestClient({ signsIn: whoComes(options), ...options }))
  const auth = given ?? own
  useEffect(() => {
    const stopped = new AbortController()
    for (const activity of activities)
      window.addEventListener(activity, auth.touch, { passive: true, signal: stopped.signal })
    return () => stopped.abort()
  }, [auth])
  return (
    <AuthProvider client={auth.client} {...(messages && { messages })}>
      {children}
    </AuthProvider>
  )
}

/** Another person than that of the session, so that a switch of accounts shows something. */
function whoComes({ session }: TestClientOptions): { readonly name: string } {
  const isJosh = session && session !== 'initializing' && session.name === 'Josh'
  return { name: isJosh ? 'Jane' : 'Josh' }
}
