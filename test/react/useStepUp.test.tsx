import { act, cleanup, renderHook } from '@testing-library/react'
import { selectPrompt, type UseStepUpOptions, useStepUp } from 'afresh'
import { contextHash } from 'afresh/server'
import { createTestClient, TestAuthProvider, type TestClient, type TestStepUp } from 'afresh/testing'
import { type ReactNode, StrictMode } from 'react'
import { afterEach, beforeEach, expect, it } from 'vitest'

let auth: TestClient
let asked: TestStepUp[]

beforeEach(() => {
  asked = []
  auth = createTestClient({
    session: { name: 'Josh' },
    stepUp: request => {
      asked.push(request)
      return 'grant'
    },
  })
})
afterEach(cleanup)

const wrapper = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <StrictMode>
    <TestAuthProvider auth={auth}>{children}</TestAuthProvider>
  </StrictMode>
)

/** The hook in a component whose render number is part of all that it gives to the hook. */
function show() {
  return renderHook(
    ({ render, action }) =>
      useStepUp(action, (input: string) => `${input} by render ${render}`, { context: () => render }),
    { initialProps: { render: 1, action: 'payment.approve' }, wrapper },
  )
}

it('performs with the function and the options of the latest render', async () => {
  const { result, rerender } = show()
  const { run } = result.current
  rerender({ render: 2, action: 'payment.approve' })
  expect(result.current.run).toBe(run)
  await act(async () => expect(await run('paid')).toBe('paid by render 2'))
  expect(asked).toMatchObject([{ action: 'payment.approve', contextHash: await contextHash(2) }])
  expect(result.current.state).toEqual({ status: 'succeeded', result: 'paid by render 2' })
})

it('cancels the attempt under way when its action changes, and is idle again', async () => {
  const prompt = () => selectPrompt(auth.client.store.getState())
  auth.stepUp = 'prompt'
  const { result, rerender } = show()
  let attempt = Promise.resolve('')
  act(() => {
    attempt = result.current.run('paid')
    attempt.catch(() => {})
  })
  await act(() => auth.settled())
  expect(prompt()).toMatchObject({ type: 'step_up', action: 'payment.approve' })
  rerender({ render: 2, action: 'payment.reject' })
  await expect(attempt).rejects.toMatchObject({ code: 'interaction_cancelled' })
  expect(prompt()).toBeNull()
  expect(result.current.state).toEqual({ status: 'idle' })
  auth.stepUp = 'grant'
  await act(async () => expect(await result.current.run('no')).toBe('no by render 2'))
})

it('with another key is another action, which shows nothing of the one before', async () => {
  const { result, rerender } = renderHook(
    ({ key }) => useStepUp('payment.approve', (input: string) => input, { key }),
    { initialProps: { key: 'p1' }, wrapper },
  )
  await act(() => result.current.run('first'))
  expect(result.current.state).toEqual({ status: 'succeeded', result: 'first' })
  rerender({ key: 'p1' })
  expect(result.current.state.status).toBe('succeeded')
  rerender({ key: 'p2' })
  expect(result.current.state.status).toBe('idle')
  await act(() => result.current.run('second'))
  expect(result.current.state).toEqual({ status: 'succeeded', result: 'second' })
})

it('leaves the page with its key, and takes what comes back with it', async () => {
  const hook = (options: UseStepUpOptions<string>) =>
    renderHook(() => useStepUp('payment.approve', String, options), { wrapper })
  auth = createTestClient({
    session: { name: 'Josh' },
    stepUp: 'prompt',
    options: { interaction: ['redirect'] },
  })
  const { result } = hook({ key: 'p1' })
  act(() => void result.current.run('paid').catch(() => {}))
  await act(() => auth.answerPrompt('continue'))
  cleanup()
  auth = auth.reload()
  const [first, second] = [hook({ key: 'p1' }), hook({ key: 'p2' })]
  await act(() => auth.settled())
  expect(first.result.current.pending?.input).toBe('paid')
  expect(second.result.current.pending).toBeNull()
})
