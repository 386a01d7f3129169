import { expect, it, vi } from 'vitest'
import type { ClientContext } from '../../src/client/context.ts'
import { createEffects } from '../../src/client/effects.ts'
import { type AuthError, ConfigurationError, InteractionCancelledError } from '../../src/core/errors.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'

it.each<[AuthError, number]>([
  [new ConfigurationError('`interaction` is empty'), 1],
  [new InteractionCancelledError('dismissed'), 0],
])('a sign-in that a prompt starts and that ends with %s is reported %i times', async (error, times) => {
  const report = vi.fn()
  const browser = { ...pageBrowser, reportError: report }
  const switchPerson = vi.fn(async () => Promise.reject(error))
  const targets = { switchPerson, visits: { run: () => {} }, limits: { begin: () => {}, extend: () => {} } }
  const { runEffect } = createEffects({ browser } as unknown as ClientContext, targets)
  runEffect({ type: 'sign_in.start', account: null })
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
  expect(switchPerson).toHaveBeenCalledOnce()
  expect(report).toHaveBeenCalledTimes(times)
})
