'use client'
import { AuthPrompts, AuthProvider } from 'afresh'
import type { ReactNode } from 'react'
import { client } from '../lib/client'

/** Its children stay what they are: the pages are server components. */
export function Auth({ children }: { children: ReactNode }) {
  return (
    <AuthProvider client={client}>
      {children}
      <AuthPrompts />
    </AuthProvider>
  )
}
