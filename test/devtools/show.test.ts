// @vitest-environment jsdom
import { createTestClient } from 'afresh/testing/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AuthClient } from '../../src/client/auth-client.ts'
import type { DevtoolsOptions } from '../../src/devtools/options.ts'
import { showDevtools } from '../../src/devtools/show.ts'

const { client } = createTestClient()
const host = (): HTMLElement | null => document.querySelector('afresh-devtools')
let remove = (): void => {}

afterEach(() => {
  remove()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('the devtools are shown', () => {
  it('after they have been loaded, in their corner', async () => {
    remove = showDevtools(client, { corner: 'top-start' })
    expect(host()).toBeNull()
    await vi.dynamicImportSettled()
    expect(host()?.dataset.corner).toBe('top-start')
  })

  it('in production only where they are asked for', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    remove = showDevtools(client)
    await vi.dynamicImportSettled()
    expect(host()).toBeNull()
    remove = showDevtools(client, { panel: () => import('../../src/devtools/panel.ts') })
    await vi.dynamicImportSettled()
    expect(host()).not.toBeNull()
  })

  it('not where there is no `process`, and nothing throws', async () => {
    vi.stubGlobal('process', undefined)
    remove = showDevtools(client)
    vi.unstubAllGlobals()
    await vi.dynamicImportSettled()
    expect(host()).toBeNull()
  })

  it('not when they have been taken away before they were loaded', async () => {
    showDevtools(client)()
    await vi.dynamicImportSettled()
    expect(host()).toBeNull()
  })

  it('not on a server', async () => {
    const { document: page } = globalThis
    vi.stubGlobal('document', undefined)
    remove = showDevtools(client)
    vi.stubGlobal('document', page)
    await vi.dynamicImportSettled()
    expect(host()).toBeNull()
  })
})

it.each<[string, unknown, DevtoolsOptions]>([
  ['an unknown corner', client, { corner: 'left' as 'top-start' }],
  ['no client', undefined, {}],
  ['what is no client', {}, {}],
])('%s is an error that says what to do', (_, wrong, options) => {
  expect(() => showDevtools(wrong as AuthClient, options)).toThrow(
    expect.objectContaining({ code: 'configuration_invalid' }),
  )
})
