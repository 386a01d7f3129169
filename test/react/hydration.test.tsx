import { act } from '@testing-library/react'
import { createTestClient } from 'afresh/testing'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { serverClient } from '../support/server-client.ts'
import { WholeApp } from '../support/whole-app.tsx'

afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

it('a browser that already knows the person takes the server’s page over without a mismatch', async () => {
  const complaint = vi.spyOn(console, 'error')
  const mismatch = vi.fn()
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = renderToString(<WholeApp client={serverClient()} />)
  const { client } = createTestClient({ session: { name: 'Josh' } })
  const root = await act(async () =>
    hydrateRoot(container, <WholeApp client={client} />, { onRecoverableError: mismatch }),
  )
  await vi.waitFor(() => expect(container.textContent).toContain('Hallo Josh.'), 5000)
  expect(container.textContent).toContain('authenticated')
  expect(mismatch).not.toHaveBeenCalled()
  expect(complaint).not.toHaveBeenCalled()
  await act(async () => root.unmount())
})
