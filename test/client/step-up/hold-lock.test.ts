import { expect, it } from 'vitest'
import { holdLock } from '../../../src/client/step-up/hold-lock.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'
import { newLocks } from '../../support/locks.ts'

it('does not wait for another tab once the signal is aborted, also while the browser is asked for the lock', async () => {
  const browser = { ...pageBrowser, locks: newLocks() }
  void browser.locks.request('turn', {}, () => new Promise(() => {}))
  const controller = new AbortController()
  const holding = holdLock(browser, 'turn', controller.signal, () => {})
  controller.abort()
  await expect(holding).resolves.toBeTypeOf('function')
})
