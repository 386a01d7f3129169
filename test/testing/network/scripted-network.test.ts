// @vitest-environment jsdom
import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { answerPrompt, jane, josh, openTab, setUpTabs, signedIn } from './tab.ts'

setUpTabs()

const pay = { context: { id: 'p1' } }

describe('the real client on the scripted OP', () => {
  it.each(['server', 'browser'] as const)(
    'signs a person in, idTokenSignature: %s',
    async idTokenSignature => {
      const { client } = await signedIn({}, { idTokenSignature })
      const { session } = client.store.getState()
      expect(session).toMatchObject({ status: 'authenticated', account: { sub: 'josh', email: josh.email } })
    },
  )

  it('renews the session by a refresh token, again and again', async () => {
    const { client } = await signedIn()
    const first = await client.getAccessToken()
    await client.renew()
    await client.renew()
    expect(await client.getAccessToken()).not.toBe(first)
    expect(client.store.getState().session).toMatchObject({ renewal: { status: 'ok' } })
  })

  it('renews the session in a hidden frame', async () => {
    const { client } = await signedIn({}, { renewal: { restore: [], via: ['iframe'] } })
    const first = await client.getAccessToken()
    await client.renew()
    expect(await client.getAccessToken()).not.toBe(first)
  })

  it('binds tokens to a DPoP key', async () => {
    const { client } = await signedIn({}, { dpop: true })
    expect(client.store.getState().session.status).toBe('authenticated')
  })

  it('signs nobody in where nobody is there', async () => {
    const { client } = openTab({ person: null })
    await expect(client.signIn()).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('gives the acr that a sign-in asks for', async () => {
    const { client } = openTab()
    await client.signIn({ acrValues: ['urn:mfa'] })
    expect(client.store.getState().session).toMatchObject({ claims: { acr: 'urn:mfa' } })
  })
})

describe('the real client on the scripted backend', () => {
  it('gets a grant at once', async () => {
    const { client } = await signedIn({ stepUp: 'grant' })
    await expect(client.stepUp('pay', pay)).resolves.toMatchObject({ expiresIn: 60 })
  })

  it('gets a grant once the person has signed in again', async () => {
    const tab = await signedIn({ stepUp: 'prompt' })
    const grant = tab.client.stepUp('pay', pay)
    await answerPrompt(tab, 'step_up', 'continue')
    await expect(grant).resolves.toMatchObject({ expiresIn: 60 })
  })

  it('gets a grant in a hidden frame where the login is not too old', async () => {
    const { client } = await signedIn({ stepUp: { prompt: { maxAge: 300 } } })
    await expect(client.stepUp('pay', pay)).resolves.toMatchObject({ expiresIn: 60 })
  })

  it('gets a grant for the acr that is demanded', async () => {
    const tab = await signedIn({ stepUp: { prompt: { acrValues: ['urn:mfa'] } } })
    const grant = tab.client.stepUp('pay', pay)
    await answerPrompt(tab, 'step_up', 'continue')
    await expect(grant).resolves.toMatchObject({ expiresIn: 60 })
  })

  it.each([
    ['deny', 'stale'],
    [{ deny: 'federated' }, 'federated'],
  ] as const)('is refused as scripted: %j', async (stepUp, reason) => {
    const tab = await signedIn({ stepUp })
    const grant = tab.client.stepUp('pay', pay)
    const refused = expect(grant).rejects.toMatchObject({ code: 'step_up_denied', reason })
    await answerPrompt(tab, 'step_up', 'continue')
    await refused
  })

  it('asks the script with action, person and the hash of the context', async () => {
    const stepUp = vi.fn(() => 'grant' as const)
    const { client } = await signedIn({ stepUp })
    await client.stepUp('pay', pay)
    expect(stepUp).toHaveBeenCalledExactlyOnceWith({
      action: 'pay',
      person: josh,
      contextHash: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it('asks which person shall go on where another one has signed in', async () => {
    const tab = await signedIn()
    tab.script.person = jane
    const grant = tab.client.stepUp('pay', pay)
    const ended = expect(grant).rejects.toMatchObject({ code: 'account_mismatch' })
    await answerPrompt(tab, 'step_up', 'continue')
    await answerPrompt(tab, 'account_mismatch', 'cancel')
    await ended
  })
})
