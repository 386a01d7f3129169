import { createTestClient, type TestClientOptions } from 'afresh/testing/client'
import { describe, expect, it } from 'vitest'
import { auth, josh, open } from './support.ts'

const misuse = { code: 'configuration_invalid' }

export function tellOfMisuse(): void {
  describe('a ConfigurationError says what to do', () => {
    it.each<[string, () => Promise<void>]>([
      ['an answer without a prompt', () => auth.answerPrompt('continue')],
      ['a token that is to expire without a session', () => auth.expireToken()],
      ['a popup that is to close where none is open', () => auth.closePopup()],
      ['a restore that is to end where none waits', () => auth.endRestore(josh)],
    ])('for %s', async (_, attempt) => {
      open()
      await expect(attempt()).rejects.toMatchObject(misuse)
    })

    it('for a sign-in without a network, or where popups are blocked', async () => {
      open()
      auth.dropNetwork()
      await expect(auth.signInAs(josh)).rejects.toMatchObject(misuse)
      await auth.restoreNetwork()
      auth.blockPopups()
      await expect(auth.signInAs(josh)).rejects.toMatchObject(misuse)
    })

    it('for an app that never comes to rest', async () => {
      open({ session: josh })
      let isOver = false
      const again = async (): Promise<void> => {
        while (!isOver) await auth.client.fetch('/api/news')
      }
      const asking = again()
      await expect(auth.settled()).rejects.toMatchObject(misuse)
      isOver = true
      await asking
    }, 60_000)

    it('and what the test’s own function throws is told as it is', async () => {
      const mistake = new Error('There is no such action')
      open({
        session: josh,
        stepUp: () => {
          throw mistake
        },
      })
      const ended = expect(auth.client.stepUp('pay')).rejects.toMatchObject({ code: 'network' })
      await expect(auth.settled()).rejects.toBe(mistake)
      await ended
      await auth.settled()
    })

    it('for a sign-in in a page that has left', async () => {
      open({ options: { interaction: ['redirect'] } })
      await expect(auth.signInAs(josh)).rejects.toMatchObject(misuse)
    })

    it.each<[string, TestClientOptions]>([
      ['a step-up that is back for nobody', { pending: { action: 'payment.approve', input: 1 } }],
      ['an option that does not exist', { issuer: 'https://login.example.com' } as TestClientOptions],
      ['an option of the client that does not exist', { options: { scopes: 'openid' } as object }],
      ['an issuer that is not set here', { options: { issuer: undefined } as object }],
      ['a step-up that does not exist', { stepUp: 'granted' } as object],
      ['a session of a bare name', { session: 'Josh' } as object],
      ['somebody without a name who signs in', { signsIn: { sub: 'josh' } } as object],
    ])('for %s', (_, options) => {
      open()
      expect(() => createTestClient(options)).toThrow(expect.objectContaining(misuse))
    })
  })
}
