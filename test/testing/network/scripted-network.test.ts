import 'fake-indexeddb/auto'
import type { AuthClientOptions } from 'afresh/client'
import { createTestClient, type TestClient, type TestClientOptions } from 'afresh/testing/client'
import { afterEach, describe, expect, it, vi } from 'vitest'

const josh = { name: 'Josh', email: 'josh@example.com' }
const jane = { name: 'Jane' }
const pay = { context: { id: 'p1' } }
let auth: TestClient
afterEach(() => auth.dispose())

function open(given: TestClientOptions, options: Partial<AuthClientOptions> = {}): TestClient {
  auth = createTestClient({ signsIn: josh, ...given, options: { logger: () => {}, ...options } })
  auth.client.mount()
  return auth
}

describe('the real client on the scripted OP', () => {
  it.each<Partial<AuthClientOptions>>([
    { idTokenSignature: 'server' },
    { idTokenSignature: 'browser' },
    { dpop: true },
  ])('signs a person in: %j', async options => {
    const { client } = open({}, options)
    await client.signIn()
    const { session } = client.store.getState()
    expect(session).toMatchObject({ status: 'authenticated', account: { sub: 'josh', email: josh.email } })
  })

  it.each(['refresh', 'iframe'] as const)('renews the session again and again: %s', async via => {
    const { client } = open({}, { renewal: { via: [via] } })
    await client.signIn()
    const tokens = [await client.getAccessToken()]
    for (let round = 0; round < 2; round++) {
      await client.renew()
      tokens.push(await client.getAccessToken())
    }
    expect(new Set(tokens).size).toBe(3)
    expect(client.store.getState().session).toMatchObject({ renewal: { status: 'ok' } })
  })

  it('gives the acr that a sign-in asks for', async () => {
    const { client } = open({})
    await client.signIn({ acrValues: ['urn:mfa'] })
    expect(client.store.getState().session).toMatchObject({ claims: { acr: 'urn:mfa' } })
  })
})

describe('the real client on the scripted backend', () => {
  it.each<TestClientOptions>([
    { stepUp: 'grant' },
    // The login is not too old, as a hidden frame finds out.
    { stepUp: { prompt: { maxAge: 300 } } },
  ])('gets a grant without a person: %j', async given => {
    const { client } = open({ session: josh, ...given })
    await expect(client.stepUp('pay', pay)).resolves.toMatchObject({ expiresIn: 60 })
  })

  it.each<TestClientOptions>([{ stepUp: 'prompt' }, { stepUp: { prompt: { acrValues: ['urn:mfa'] } } }])(
    'gets a grant once the person has signed in again: %j',
    async given => {
      const { client, settled, answerPrompt } = open({ session: josh, ...given })
      const grant = client.stepUp('pay', pay)
      await settled()
      await answerPrompt('continue')
      await expect(grant).resolves.toMatchObject({ expiresIn: 60 })
    },
  )

  it.each([
    ['deny', 'stale'],
    [{ deny: 'federated' }, 'federated'],
  ] as const)('is refused as scripted: %j', async (stepUp, reason) => {
    const { client } = open({ session: josh, stepUp })
    await expect(client.stepUp('pay', pay)).rejects.toMatchObject({ code: 'step_up_denied', reason })
  })

  it('asks the script with action, person and the hash of the context', async () => {
    const stepUp = vi.fn(() => 'grant' as const)
    const { client } = open({ session: josh, stepUp })
    await client.stepUp('pay', pay)
    expect(stepUp).toHaveBeenCalledExactlyOnceWith({
      action: 'pay',
      person: josh,
      contextHash: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it('asks which person shall go on where another one has signed in', async () => {
    const { client, settled, answerPrompt } = open({ session: josh, stepUp: 'prompt' })
    const ended = expect(client.stepUp('pay', pay)).rejects.toMatchObject({ code: 'account_mismatch' })
    await settled()
    await answerPrompt('continue', { as: jane })
    await answerPrompt('cancel')
    await ended
  })
})
