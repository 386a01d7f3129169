import { render } from '@testing-library/react'
import { AuthProvider } from 'afresh'
import { AuthDevtools } from 'afresh/devtools'
import { createTestClient } from 'afresh/testing'
import { type ReactNode, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'

const { client } = createTestClient()
const hosts = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('afresh-devtools')]

afterEach(() => {
  vi.unstubAllEnvs()
  sessionStorage.clear()
})

it('the component shows the devtools of the provider’s client once, and takes them away', async () => {
  const { container, unmount } = render(
    <StrictMode>
      <AuthProvider client={client}>
        <AuthDevtools corner="top-end" name="payments" open />
      </AuthProvider>
    </StrictMode>,
  )
  await vi.dynamicImportSettled()
  expect(container.innerHTML).toBe('')
  expect(hosts().map(({ dataset }) => dataset.corner)).toEqual(['top-end'])
  expect(hosts()[0]?.shadowRoot?.querySelector('h2')?.textContent).toBe('payments devtools')
  unmount()
  expect(hosts()).toEqual([])
})

it('a panel that was opened is open when the component comes back', async () => {
  const { rerender, unmount } = render(<AuthDevtools key="first" />, { wrapper: Provided })
  await vi.dynamicImportSettled()
  hosts()[0]?.shadowRoot?.querySelector<HTMLElement>('.launcher')?.click()
  rerender(<AuthDevtools key="second" />)
  await vi.dynamicImportSettled()
  expect(hosts()[0]?.shadowRoot?.querySelector<HTMLElement>('.panel')?.hidden).toBe(false)
  unmount()
})

it('in production they are shown only where the app gives it the panel', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const { rerender, unmount } = render(<AuthDevtools />, { wrapper: Provided })
  await vi.dynamicImportSettled()
  expect(hosts()).toEqual([])
  rerender(<AuthDevtools key="asked" panel={() => import('afresh/devtools/panel')} />)
  await vi.dynamicImportSettled()
  const [host] = hosts()
  expect(host).toBeDefined()
  rerender(<AuthDevtools key="asked" panel={() => import('afresh/devtools/panel')} />)
  expect(hosts()).toEqual([host])
  unmount()
})

it('on a server it renders nothing', () => {
  expect(renderToString(<Provided>{<AuthDevtools />}</Provided>)).toBe('')
})

it('outside an <AuthProvider> it says what to do', () => {
  expect(() => renderToString(<AuthDevtools />)).toThrow(/AuthProvider/)
})

function Provided({ children }: { children: ReactNode }) {
  return <AuthProvider client={client}>{children}</AuthProvider>
}
