import { describe, expect, it } from 'vitest'
import { auth, jane, josh, open, person, promptOf } from './support.ts'

const payment = { id: 'p1', cents: 25_000 }

const approve = () => {
  const grant = auth.client.stepUp('payment.approve', { context: payment })
  grant.catch(() => {})
  return grant
}

export function tellOfStepUps(): void {
  describe('a step-up', () => {
    it('is granted without a word by default', async () => {
      open({ session: josh })
      expect(await approve()).toMatchObject({ expiresIn: 60 })
      expect(promptOf()).toBeNull()
    })

    it('with a prompt waits for the test’s answer', async () => {
      open({ session: josh, stepUp: 'prompt' })
      const grant = approve()
      await auth.settled()
      expect(promptOf()).toBe('step_up')
      await auth.answerPrompt('continue')
      expect(await grant).toMatchObject({ expiresIn: 60 })
    })

    it.each([
      ['cancel', { code: 'interaction_cancelled', reason: 'dismissed' }],
      ['deny', { code: 'step_up_denied', reason: 'stale' }],
      [{ deny: 'acr_unmet' }, { code: 'step_up_denied', reason: 'acr_unmet' }],
    ] as const)('ends by itself with %j', async (stepUp, error) => {
      open({ session: josh, stepUp })
      await expect(approve()).rejects.toMatchObject(error)
      expect(promptOf()).toBe(error.reason === 'acr_unmet' ? 'step_up_unmet' : null)
      expect(person()).toBe('Josh')
    })

    it('goes as a function says for each, and as the script says that the test has changed to', async () => {
      open({ session: josh, stepUp: ({ action }) => (action === 'payment.approve' ? 'cancel' : 'grant') })
      await expect(approve()).rejects.toMatchObject({ code: 'interaction_cancelled' })
      expect(await auth.client.stepUp('email.change')).toBeDefined()
      auth.stepUp = 'grant'
      expect(await approve()).toBeDefined()
    })

    it('that another person answers asks whose session it is', async () => {
      open({ session: josh, stepUp: 'prompt' })
      const grant = approve()
      await auth.answerPrompt('continue', { as: jane })
      expect(promptOf()).toBe('account_mismatch')
      await auth.answerPrompt('switch')
      await expect(grant).rejects.toMatchObject({ code: 'account_mismatch' })
      expect(person()).toBe('Jane')
    })

    it('waits in its popup for as long as nobody signs in', async () => {
      open({ session: josh, stepUp: 'prompt' })
      const grant = approve()
      await auth.answerPrompt('continue', { as: null })
      expect(auth.client.store.getState().interactions).toMatchObject([{ place: { at: 'popup' } }])
      await auth.signInAs(josh)
      expect(await grant).toBeDefined()
    })

    it('whose popup is blocked says so', async () => {
      open({ session: josh, stepUp: 'prompt' })
      approve()
      auth.blockPopups()
      await auth.answerPrompt('continue')
      expect(promptOf()).toBe('popup_blocked')
    })

    it('is demanded by the app’s own backend, which takes the grant once', async () => {
      const guard = (request: Request) => auth.requireGrant(request, 'payment.approve')
      open({ session: josh, respond: async request => (await guard(request)) ?? Response.json('done') })
      const response = await auth.client.fetch('/api/payments', { method: 'POST' })
      expect(await response.json()).toBe('done')
    })

    it('goes wrong as the test says', async () => {
      open({ session: josh })
      auth.evil = { answer: 'no_answer' }
      await expect(approve()).rejects.toMatchObject({ code: 'network' })
      auth.evil = null
      expect(await approve()).toBeDefined()
    })

    it('is back from a full-page redirect, and is proved when the app goes on', async () => {
      open({ session: josh, pending: { action: 'payment.approve', input: payment, context: payment } })
      expect(person()).toBe('Josh')
      await auth.settled()
      expect(auth.client.store.getState().resumed).toMatchObject({ input: payment, error: null })
      expect(await auth.client.resumeStepUp({ context: payment })).toMatchObject({ expiresIn: 60 })
    })

    it('is back from a full-page redirect, and denied', async () => {
      open({ session: josh, stepUp: 'deny', pending: { action: 'payment.approve', input: payment } })
      await auth.settled()
      await expect(auth.client.resumeStepUp()).rejects.toMatchObject({ reason: 'stale' })
    })
  })
}
