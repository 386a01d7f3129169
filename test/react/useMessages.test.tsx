import { cleanup, renderHook } from '@testing-library/react'
import { AuthProvider } from 'afresh'
import { english, type OwnMessages } from 'afresh/messages'
import type { ReactNode } from 'react'
import { afterEach, expect, it } from 'vitest'
import { useMessages } from '../../src/react/useMessages.ts'
import { serverClient } from '../support/server-client.ts'

const client = { ...serverClient(), mount: () => () => {} }
const show = (messages?: OwnMessages) =>
  renderHook(() => useMessages(), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <AuthProvider client={client} {...(messages && { messages })}>
        {children}
      </AuthProvider>
    ),
  })

afterEach(cleanup)

it('an app without texts of its own has the English ones, and the same object in each render', () => {
  const { result, rerender } = show()
  const first = result.current
  expect(first).toEqual(english)
  rerender()
  expect(result.current).toBe(first)
})

it('a text of the app replaces the English one, and no other', () => {
  const { result } = show({ switchAccount: { notYou: 'Someone else?' } })
  expect(result.current.switchAccount).toEqual({ ...english.switchAccount, notYou: 'Someone else?' })
  expect(result.current.prompts).toEqual(english.prompts)
})
