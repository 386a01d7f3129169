'use client'
import { type ReactElement, type ReactNode, useEffect, useState } from 'react'
import { AuthProvider } from '../react/AuthProvider.tsx'
import type { OwnMessages } from '../react/messages.ts'
import { makeReactTestClient } from './react-test-client.ts'
import type { TestClient, TestClientOptions } from './test-client.ts'

/** The props of `<TestAuthProvider>`: a test client as `auth`, or the options of `createTestClient`. */
export type TestAuthProviderProps = {
  /** The texts that afresh shows, as `<AuthProvider>` takes them. Default: English. */
  readonly messages?: OwnMessages
  /** The components under test. */
  readonly children?: ReactNode
} & (
  | {
      /** The test client that the test has made. The test plays the person with it. */
      readonly auth: TestClient
    }
  | ({
      /** Left out: a test client is made of the other props, once. */
      readonly auth?: never
    } & TestClientOptions)
)

/** What a person does in a page. */
const activities = ['pointerdown', 'keydown', 'wheel', 'touchstart']

/**
 * Takes the place of `<AuthProvider>` in tests and in stories. It gives the components below it a test client, and
 * mounts the client.
 *
 * Without `auth` it takes the options of `createTestClient`, and makes a client once. No test plays the person then. So
 * whoever is to sign in does so at once: `signsIn`, by default Josh, or Jane if the session is Josh's.
 *
 * @param props a test client as `auth`, or the options of `createTestClient`
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
