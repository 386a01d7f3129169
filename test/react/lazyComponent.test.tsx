import { act, cleanup, render, screen } from '@testing-library/react'
import type { ReactElement } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { lazyComponent, type Unavailable } from '../../src/react/lazyComponent.tsx'

let works: boolean
const load = vi.fn(async () => {
  if (!works) throw new TypeError('Failed to fetch dynamically imported module')
  return Greeting
})
function Greeting({ name }: { readonly name: string }): ReactElement {
  return <>Hello {name}</>
}
const Failed: Unavailable = ({ retry }) => (
  <button type="button" onClick={retry}>
    Again
  </button>
)
const pass = (milliseconds: number): Promise<unknown> => act(() => vi.advanceTimersByTimeAsync(milliseconds))

/** A new component each time: what one has loaded is not the next one's. */
async function show(): Promise<() => void> {
  const Lazy = lazyComponent('Lazy', load, Failed)
  const { unmount } = render(<Lazy name="Josh" />)
  await pass(0)
  return unmount
}

beforeEach(() => {
  works = false
  load.mockClear()
  vi.useFakeTimers()
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

it('a lazy component shows nothing until it is loaded', async () => {
  works = true
  const Lazy = lazyComponent('Lazy', load, Failed)
  const { container } = render(<Lazy name="Josh" />)
  expect(container.textContent).toBe('')
  await pass(0)
  expect(container.textContent).toBe('Hello Josh')
})

it.each([
  [999, 1],
  [1000, 2],
  [2999, 2],
  [3000, 3],
  [6999, 3],
  [7000, 4],
  [3_600_000, 4],
])(
  'a lazy component without the network has been tried after %i ms %i times',
  async (milliseconds, times) => {
    await show()
    await pass(milliseconds)
    expect(load).toHaveBeenCalledTimes(times)
  },
)

it('a lazy component shows its replacement only after the last try, and starts over when told to', async () => {
  await show()
  await pass(6999)
  expect(screen.queryByRole('button')).toBeNull()
  await pass(1)
  works = true
  act(() => screen.getByRole('button').click())
  expect(screen.queryByRole('button')).toBeNull()
  await pass(0)
  expect(document.body.textContent).toBe('Hello Josh')
})

it.each([
  ['between two tries', 500],
  ['after the last try', 7000],
])(
  'a lazy component is tried again at once when the browser comes back online %s',
  async (_, milliseconds) => {
    await show()
    await pass(milliseconds)
    works = true
    window.dispatchEvent(new Event('online'))
    await pass(0)
    expect(document.body.textContent).toBe('Hello Josh')
  },
)

it('a lazy component is not tried again once it has left the page', async () => {
  const unmount = await show()
  unmount()
  window.dispatchEvent(new Event('online'))
  await pass(7000)
  expect(load).toHaveBeenCalledTimes(1)
  expect(vi.getTimerCount()).toBe(0)
})
