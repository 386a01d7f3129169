import { act, cleanup, renderHook } from '@testing-library/react'
import { type AuthClient, AuthProvider, type Grant, type StepUpOptions, useStepUp } from 'afresh'
import { type ReactNode, StrictMode } from 'react'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createAction } from '../../src/client/step-up/action.ts'
import { createResumedOwners } from '../../src/client/step-up/resumed-owner.ts'
import { serverClient } from '../support/server-client.ts'

const grant: Grant = { fetch, expiresIn: 60, idempotencyKey: 'k' }
let asked: (StepUpOptions & { readonly action: string })[]
/** What each step-up is answered with. */
let answer: () => Promise<Grant>

const client: AuthClient = {
  ...serverClient(),
  mount: () => () => {},
  stepUp: (action, options) => {
    asked.push({ action, ...options })
    return answer()
  },
  action: (...made) => createAction(client, createResumedOwners(client.store), ...made),
}

beforeEach(() => {
  asked = []
  answer = async () => grant
})
afterEach(cleanup)

/** The hook in a component whose render number is part of all that it gives to the hook. */
function show() {
  return renderHook(
    ({ render, action }) =>
      useStepUp(action, (input: string) => `${input} by render ${render}`, { context: () => render }),
    {
      initialProps: { render: 1, action: 'payment.approve' },
      wrapper: ({ children }: { readonly children: ReactNode }) => (
        <StrictMode>
          <AuthProvider client={client}>{children}</AuthProvider>
        </StrictMode>
      ),
    },
  )
}

it('performs with the function and the options of the latest render', async () => {
  const { result, rerender } = show()
  const { run } = result.current
  rerender({ render: 2, action: 'payment.approve' })
  expect(result.current.run).toBe(run)
  await act(async () => expect(await run('paid')).toBe('paid by render 2'))
  expect(asked).toMatchObject([{ action: 'payment.approve', context: 2 }])
  expect(result.current.state).toEqual({ status: 'succeeded', result: 'paid by render 2' })
})

it('cancels the attempt under way when its action changes, and is idle again', async () => {
  answer = () => new Promise(() => {})
  const { result, rerender } = show()
  await act(async () => void result.current.run('paid'))
  expect(asked[0]?.signal?.aborted).toBe(false)
  rerender({ render: 2, action: 'payment.reject' })
  expect(asked[0]?.signal?.aborted).toBe(true)
  expect(result.current.state).toEqual({ status: 'idle' })
  answer = async () => grant
  await act(async () => expect(await result.current.run('no')).toBe('no by render 2'))
  expect(asked.map(({ action }) => action)).toEqual(['payment.approve', 'payment.reject'])
})

it('with another key is another action, which shows nothing of the one before', async () => {
  const { result, rerender } = renderHook(
    ({ key }) => useStepUp('payment.approve', (input: string) => input, { key }),
    {
      initialProps: { key: 'p1' },
      wrapper: ({ children }: { readonly children: ReactNode }) => (
        <AuthProvider client={client}>{children}</AuthProvider>
      ),
    },
  )
  await act(() => result.current.run('first'))
  expect(result.current.state).toEqual({ status: 'succeeded', result: 'first' })
  rerender({ key: 'p1' })
  expect(result.current.state.status).toBe('succeeded')
  rerender({ key: 'p2' })
  expect(result.current.state.status).toBe('idle')
  await act(() => result.current.run('second'))
  expect(asked.map(({ key }) => key)).toEqual(['p1', 'p2'])
})
