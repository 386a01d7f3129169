// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest'
import { holdLock } from '../../../src/client/step-up/hold-lock.ts'
import { FakeLocks } from '../../support/locks.ts'

beforeEach(() => {
  Object.defineProperty(navigator, 'locks', { value: new FakeLocks(), configurable: true })
})

it('does not wait for another tab once the signal is aborted, also while the browser is asked for the lock', async () => {
  void navigator.locks.request('turn', () => new Promise(() => {}))
  const controller = new AbortController()
  const holding = holdLock('turn', controller.signal, () => {})
  controller.abort()
  await expect(holding).resolves.toBeTypeOf('function')
})
