import { act } from '@testing-library/react'
import type { AuthState } from 'afresh'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { initialState } from '../../src/core/machine/state.ts'
import { serverClient } from '../support/server-client.ts'
import { WholeApp } from '../support/whole-app.tsx'

const claims = { iss: 'https://login.example.com', sub: 'josh', aud: 'payments', iat: 0, exp: 0 }
const session: AuthState['session'] = {
  status: 'authenticated',
  renewal: { status: 'ok' },
  account: { iss: claims.iss, sub: claims.sub, name: 'Josh' },
  claims,
  accessTokenExpiresAt: null,
}

afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

it('a browser that already knows the person takes the server’s page over without a mismatch', async () => {
  const complaint = vi.spyOn(console, 'error')
  const mismatch = vi.fn()
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = renderToString(<WholeApp client={serverClient()} />)
  const store = createStore(() => initialState)
  store.setState({ session })
  const client = { ...serverClient(store), mount: () => () => {} }
  const root = await act(async () =>
    hydrateRoot(container, <WholeApp client={client} />, { onRecoverableError: mismatch }),
  )
  await vi.waitFor(() => expect(container.textContent).toContain('Hallo Josh.'), 5000)
  expect(container.textContent).toContain('authenticated')
  expect(mismatch).not.toHaveBeenCalled()
  expect(complaint).not.toHaveBeenCalled()
  await act(async () => root.unmount())
})
