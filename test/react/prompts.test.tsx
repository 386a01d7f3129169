import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { type AuthClient, AuthPrompts, AuthProvider } from 'afresh'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createClientIn } from '../../src/client/create-client-in.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { TestPage } from '../support/page.ts'

let op: ScriptedOp
let client: AuthClient

beforeAll(async () => {
  op = await startOp(() => Math.floor(Date.now() / 1000))
})
afterAll(() => op.close())
afterEach(() => {
  cleanup()
  client.dispose()
  vi.unstubAllGlobals()
})

it('the prompt shows even in a DOM whose dialogs have no methods, such as jsdom’s', async () => {
  expect(document.createElement('dialog')).not.toHaveProperty('showModal')
  client = createClientIn(new TestPage(op), { issuer: op.issuer, clientId: 'payments' })
  render(
    <AuthProvider client={client}>
      <p>The app</p>
      <AuthPrompts />
    </AuthProvider>,
  )
  // No popup is scripted, so the browser blocks it.
  client.signIn().catch(() => {})
  const dialog = await screen.findByRole('dialog')
  expect(dialog).toHaveProperty('open', true)
  fireEvent.click(screen.getByText('Cancel'))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(screen.getByText('The app')).toBeDefined()
})
