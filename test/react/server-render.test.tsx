// @vitest-environment node
import { createAuthClient } from 'afresh'
import { createTestClient } from 'afresh/testing'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { serverClient } from '../support/server-client.ts'
import { WholeApp } from '../support/whole-app.tsx'

const html = '<output>[&quot;initializing&quot;,null,0,null,null,&quot;idle&quot;]</output><p>Loading</p>'

const untouchable = new Proxy(
  {},
  {
    get: (_, name) => {
      throw new Error(`${String(name)} was read during render`)
    },
  },
)

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('a server without a DOM renders every hook and component without a warning', () => {
  const complaint = vi.spyOn(console, 'error')
  expect(typeof document).toBe('undefined')
  // Node has these in some versions; a render must not read them there either.
  for (const name of ['navigator', 'localStorage', 'sessionStorage']) vi.stubGlobal(name, untouchable)
  expect(renderToString(<WholeApp client={serverClient()} />)).toBe(html)
  expect(complaint).not.toHaveBeenCalled()
})

it('a server renders the initial state, whatever the client knows by then', () => {
  const { client } = createTestClient({ session: { name: 'Josh' } })
  expect(client.store.getState().session.status).toBe('authenticated')
  expect(renderToString(<WholeApp client={serverClient(client.store)} />)).toBe(html)
})

it('a server renders with a client that it has created itself', () => {
  const client = createAuthClient({ issuer: 'https://login.example.com', clientId: 'payments' })
  expect(renderToString(<WholeApp client={client} />)).toBe(html)
})
