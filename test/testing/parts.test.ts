import { selectPrompt } from 'afresh/client'
import { createTestClient } from 'afresh/testing/client'
import { expect, it } from 'vitest'

// The only test of this file: in a process where a step-up has been, its code is there already.
it('the first step-up has come as far as it can when the test goes on', async () => {
  const { client, settled } = createTestClient({ session: { name: 'Josh' }, stepUp: 'prompt' })
  client.stepUp('payment.approve').catch(() => {})
  await settled()
  expect(selectPrompt(client.store.getState())?.type).toBe('step_up')
})
