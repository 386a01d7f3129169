import { act, cleanup, renderHook } from '@testing-library/react'
import { useSessionExpiry } from 'afresh'
import { createTestClient, TestAuthProvider } from 'afresh/testing'
import { afterEach, expect, it } from 'vitest'

afterEach(cleanup)

it('useSessionExpiry counts down by the client’s clock, and stands still with it', async () => {
  const auth = createTestClient({ options: { session: { idle: 600 } } })
  const { result } = renderHook(useSessionExpiry, {
    wrapper: ({ children }) => <TestAuthProvider auth={auth}>{children}</TestAuthProvider>,
  })
  expect(result.current.secondsLeft).toBeNull()
  await act(() => auth.signInAs({ name: 'Josh' }))
  expect(result.current.secondsLeft).toBe(600)
  await act(() => auth.clock.advance(10))
  expect(result.current.secondsLeft).toBe(590)
  await act(() => auth.clock.advance(1))
  expect(result.current.secondsLeft).toBe(589)
  act(result.current.extend)
  expect(result.current.secondsLeft).toBe(600)
})
