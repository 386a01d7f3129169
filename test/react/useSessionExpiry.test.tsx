import { act, renderHook, waitFor } from '@testing-library/react'
import { AuthProvider, useSessionExpiry } from 'afresh'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClientIn } from '../../src/client/create-client-in.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { PagelessBrowser } from '../support/pageless-browser.ts'

// jsdom has a Uint8Array of its own, which jose does not take.
globalThis.Uint8Array = Object.getPrototypeOf(Buffer)

let op: ScriptedOp
let now = (): number => 1_800_000_000

beforeAll(async () => {
  op = await startOp(() => now())
}, 30_000)
afterAll(() => op.close())

it('useSessionExpiry counts down by the client’s clock, and stands still with it', async () => {
  const metadata = await (await fetch(`${op.issuer}/.well-known/openid-configuration`)).json()
  const browser = new PagelessBrowser(op)
  const { clock } = browser
  now = () => Math.floor(clock.now() / 1000)
  const client = createClientIn(browser.openTab(), {
    issuer: op.issuer,
    clientId: 'payments',
    metadata,
    session: { idle: 600 },
  })
  const { result } = renderHook(useSessionExpiry, {
    wrapper: ({ children }) => <AuthProvider client={client}>{children}</AuthProvider>,
  })
  expect(result.current.secondsLeft).toBeNull()
  await waitFor(() => expect(result.current.secondsLeft).toBe(600), { timeout: 5000 })
  act(() => clock.advance(10_500))
  expect(result.current.secondsLeft).toBe(590)
  act(() => clock.advance(500))
  expect(result.current.secondsLeft).toBe(589)
  act(result.current.extend)
  expect(result.current.secondsLeft).toBe(600)
  client.dispose()
})
