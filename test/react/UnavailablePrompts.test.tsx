import { act, cleanup, render, screen } from '@testing-library/react'
import { type Prompt, selectPrompt } from 'afresh'
import { createTestClient, TestAuthProvider, type TestClient, type TestClientOptions } from 'afresh/testing'
import { type ComponentType, StrictMode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { lazyComponent } from '../../src/react/lazyComponent.tsx'
import { Prompts } from '../../src/react/prompts.tsx'
import { UnavailablePrompts } from '../../src/react/UnavailablePrompts.tsx'
import { payment } from '../support/shop.ts'

let auth: TestClient
/** Whether the code of the prompts can be loaded. */
let works: boolean

const open = (options: TestClientOptions = {}): void => {
  auth = createTestClient({ session: { name: 'Josh' }, stepUp: 'prompt', ...options })
}
beforeEach(() => {
  works = false
  open()
})
afterEach(() => {
  vi.useRealTimers()
  cleanup()
})

const prompt = (): Prompt['type'] | undefined => selectPrompt(auth.client.store.getState())?.type
const pass = (milliseconds: number): Promise<unknown> => act(() => vi.advanceTimersByTimeAsync(milliseconds))

/** A step-up that waits for its prompt. */
async function startStepUp(): Promise<{ readonly grant: Promise<unknown> }> {
  const grant = auth.client.stepUp('payment.approve', { context: { ...payment } })
  grant.catch(() => {})
  await act(() => auth.settled())
  expect(prompt()).toBe('step_up')
  return { grant }
}

/** Shows the prompts, as far as they can be loaded, with timers that the test moves. */
async function showPrompts(): Promise<void> {
  const load = async (): Promise<ComponentType<object>> => {
    if (!works) throw new TypeError('Failed to fetch dynamically imported module')
    return Prompts
  }
  const LazyPrompts = lazyComponent('Prompts', load, UnavailablePrompts)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  render(
    <StrictMode>
      <TestAuthProvider auth={auth}>
        <LazyPrompts />
      </TestAuthProvider>
    </StrictMode>,
  )
  await pass(0)
}

it('a step-up whose prompt cannot be loaded rejects after the last try, and the session stays', async () => {
  const { grant } = await startStepUp()
  await showPrompts()
  await pass(6999)
  expect(prompt()).toBe('step_up')
  await pass(1)
  await expect(grant).rejects.toMatchObject({ code: 'network' })
  expect(auth.client.store.getState()).toMatchObject({
    interactions: [],
    session: { status: 'authenticated' },
  })
})

it('a sign-in whose popup was blocked rejects as well when no prompt can say so', async () => {
  auth.blockPopups()
  const signingIn = auth.client.signIn()
  await auth.settled()
  expect(prompt()).toBe('popup_blocked')
  await showPrompts()
  await pass(7000)
  await expect(signingIn).rejects.toMatchObject({ code: 'network' })
})

it('the next prompt loads the code again, and is shown', async () => {
  await showPrompts()
  await pass(7000)
  works = true
  await startStepUp()
  await pass(0)
  expect(screen.getByRole('dialog').dataset.prompt).toBe('step_up')
})

it('each prompt after the first rejects as well while the code cannot be loaded', async () => {
  await showPrompts()
  await pass(7000)
  const { grant } = await startStepUp()
  await pass(7000)
  await expect(grant).rejects.toMatchObject({ code: 'network' })
})

it('an idle warning that cannot be shown is not taken for an answer', async () => {
  open({ options: { session: { idle: 120, warnBefore: 60 } } })
  await showPrompts()
  // Within the warning, so that an answer would move the limit.
  await auth.clock.advance(70)
  expect(prompt()).toBe('idle_warning')
  const { limit } = auth.client.store.getState()
  await pass(7000)
  expect(auth.client.store.getState().limit).toEqual(limit)
})

it('the question which account to use stays open while it cannot be shown', async () => {
  await showPrompts()
  await act(() => auth.otherTab().signInAs({ name: 'Jane' }))
  expect(prompt()).toBe('account_changed')
  await pass(7000)
  expect(prompt()).toBe('account_changed')
})
