import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { AuthPrompts } from 'afresh'
import { createTestClient, TestAuthProvider } from 'afresh/testing'
import { afterEach, expect, it } from 'vitest'

afterEach(cleanup)

it('the prompt shows even in a DOM whose dialogs have no methods, such as jsdom’s', async () => {
  expect(document.createElement('dialog')).not.toHaveProperty('showModal')
  const auth = createTestClient()
  render(
    <TestAuthProvider auth={auth}>
      <p>The app</p>
      <AuthPrompts />
    </TestAuthProvider>,
  )
  auth.blockPopups()
  auth.client.signIn().catch(() => {})
  await act(() => auth.settled())
  const dialog = screen.getByRole('dialog')
  expect(dialog).toHaveProperty('open', true)
  fireEvent.click(screen.getByText('Cancel'))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(screen.getByText('The app')).toBeDefined()
})
