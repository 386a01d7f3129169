import { act, cleanup, render, screen } from '@testing-library/react'
import { type AuthClient, type AuthClientOptions, AuthProvider, selectPrompt } from 'afresh'
import { type ComponentType, StrictMode } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createClientIn } from '../../src/client/create-client-in.ts'
import { lazyComponent } from '../../src/react/lazyComponent.tsx'
import { Prompts } from '../../src/react/prompts.tsx'
import { UnavailablePrompts } from '../../src/react/UnavailablePrompts.tsx'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { TestPage } from '../support/page.ts'
import { payment } from '../support/shop.ts'

const seconds = (): number => Math.floor(Date.now() / 1000)
let op: ScriptedOp
let page: TestPage
let client: AuthClient
const clients: AuthClient[] = []
/** Whether the code of the prompts can be loaded. */
let works: boolean

beforeAll(async () => {
  op = await startOp(seconds)
})
afterAll(() => op.close())
beforeEach(async () => {
  sessionStorage.clear()
  localStorage.clear()
  works = false
  page = new TestPage(op)
  client = create()
  await signIn(client)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  cleanup()
  for (const one of clients.splice(0)) one.dispose()
  vi.unstubAllGlobals()
})

function create(options: Partial<AuthClientOptions> = {}): AuthClient {
  const freshness = { endpoint: '/api/freshness' }
  const created = createClientIn(page, { issuer: op.issuer, clientId: 'payments', freshness, ...options })
  clients.push(created)
  return created
}

const signIn = (of: AuthClient, claims = {}): Promise<unknown> => {
  page.popups.push({ claims: { auth_time: seconds() - 1000, ...claims } })
  return of.signIn()
}
const prompt = () => selectPrompt(client.store.getState())
const prompted = (type: string): Promise<unknown> => vi.waitFor(() => expect(prompt()?.type).toBe(type), 5000)
const pass = (milliseconds: number): Promise<unknown> => act(() => vi.advanceTimersByTimeAsync(milliseconds))

/** A step-up that waits for its prompt. */
async function startStepUp(): Promise<{ readonly grant: Promise<unknown> }> {
  const grant = client.stepUp('payment.approve', { context: { ...payment } })
  grant.catch(() => {})
  await act(() => prompted('step_up'))
  return { grant }
}

/** Shows the prompts, as far as they can be loaded, with timers that the test moves. */
async function showPrompts(): Promise<void> {
  const load = async (): Promise<ComponentType<object>> => {
    if (!works) throw new TypeError('Failed to fetch dynamically imported module')
    return Prompts
  }
  const LazyPrompts = lazyComponent('Prompts', load, UnavailablePrompts)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  render(
    <StrictMode>
      <AuthProvider client={client}>
        <LazyPrompts />
      </AuthProvider>
    </StrictMode>,
  )
  await pass(0)
}

it('a step-up whose prompt cannot be loaded rejects after the last try, and the session stays', async () => {
  const { grant } = await startStepUp()
  await showPrompts()
  await pass(6999)
  expect(prompt()?.type).toBe('step_up')
  await pass(1)
  await expect(grant).rejects.toMatchObject({ code: 'network' })
  expect(client.store.getState()).toMatchObject({ interactions: [], session: { status: 'authenticated' } })
})

it('a sign-in whose popup was blocked rejects as well when no prompt can say so', async () => {
  const signingIn = client.signIn()
  await prompted('popup_blocked')
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
  client.dispose()
  client = create({ session: { idle: 120, warnBefore: 60 } })
  client.mount()
  await signIn(client)
  // Within the warning, so that an answer would move the limit.
  const { now } = Date
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 70_000)
  window.dispatchEvent(new Event('focus'))
  await prompted('idle_warning')
  const { limit } = client.store.getState()
  await showPrompts()
  await pass(7000)
  expect(client.store.getState().limit).toEqual(limit)
})

it('the question which account to use stays open while it cannot be shown', async () => {
  client.mount()
  await signIn(create(), { sub: 'jane' })
  await prompted('account_changed')
  await showPrompts()
  await pass(7000)
  expect(prompt()?.type).toBe('account_changed')
})
