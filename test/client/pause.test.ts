import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { pauseUntil } from '../../src/client/pause.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'

const { clock } = pageBrowser

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it.each([-1, 0])('pauseUntil does not wait for a moment %s ms from now', async ms => {
  await pauseUntil(clock, performance.now() + ms, new AbortController().signal)
  expect(vi.getTimerCount()).toBe(0)
})

it('pauseUntil resolves at the moment, and not before', async () => {
  let over = false
  const pause = pauseUntil(clock, performance.now() + 411.5, new AbortController().signal).then(() => {
    over = true
  })
  await vi.advanceTimersByTimeAsync(411)
  expect(over).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await pause
})

it('pauseUntil sets its timer again when it comes early', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
  const pause = pauseUntil(clock, 1010, new AbortController().signal)
  await vi.advanceTimersByTimeAsync(10)
  expect(vi.getTimerCount()).toBe(1)
  now.mockReturnValue(1010)
  await vi.advanceTimersByTimeAsync(10)
  await pause
  now.mockRestore()
})

it('pauseUntil resolves at once when it is aborted, and leaves nothing behind', async () => {
  const controller = new AbortController()
  const removed = vi.spyOn(controller.signal, 'removeEventListener')
  const pause = pauseUntil(clock, performance.now() + 412, controller.signal)
  controller.abort()
  await pause
  expect(vi.getTimerCount()).toBe(0)
  expect(removed).toHaveBeenCalled()
  await pauseUntil(clock, performance.now() + 412, controller.signal)
  expect(vi.getTimerCount()).toBe(0)
})
