import { cleanup, renderHook } from '@testing-library/react'
import { english, type OwnMessages } from 'afresh/messages'
import { createTestClient, TestAuthProvider } from 'afresh/testing'
import type { ReactNode } from 'react'
import { afterEach, expect, it } from 'vitest'
import { useMessages } from '../../src/react/useMessages.ts'

const auth = createTestClient()
const show = (messages?: OwnMessages) =>
  renderHook(() => useMessages(), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <TestAuthProvider auth={auth} {...(messages && { messages })}>
        {children}
      </TestAuthProvider>
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
