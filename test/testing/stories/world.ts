import type { AccountChange } from 'afresh/client'
import { createTestClient } from 'afresh/testing/client'
import { describe, expect, it } from 'vitest'
import { inspect } from '../../../src/client/inspection.ts'
import { auth, create, jane, josh, open, person, promptOf, reload, sent, session } from './support.ts'

export function tellOfTheWorld(): void {
  describe('the clock', () => {
    it('stands still until the test moves it, by whole seconds', async () => {
      open({ session: josh })
      const before = auth.clock.now()
      await auth.settled()
      expect(auth.clock.now()).toBe(before)
      await auth.clock.advance(3600)
      expect(auth.clock.now()).toBe(before + 3600)
    })

    it('lets the session be renewed as the token expires', async () => {
      open({ session: josh })
      const before = session()
      await auth.expireToken()
      expect(session()).toMatchObject({ status: 'authenticated', renewal: { status: 'ok' } })
      expect(session()).not.toEqual(before)
      expect(sent()).toEqual(['/token'])
    })

    it('ends a session that nobody has touched, after its warning', async () => {
      open({ session: josh, options: { session: { idle: 600, warnBefore: 60 } } })
      await auth.clock.advance(500)
      auth.touch()
      await auth.clock.advance(539)
      expect(promptOf()).toBeNull()
      await auth.clock.advance(1)
      expect(promptOf()).toBe('idle_warning')
      await auth.clock.advance(60)
      expect(session()).toMatchObject({ status: 'anonymous', reason: 'idle' })
    })

    it.each([-1, 0.5, Number.NaN])('does not go by %d seconds', async seconds => {
      open()
      await expect(auth.clock.advance(seconds)).rejects.toMatchObject({ code: 'configuration_invalid' })
    })
  })

  describe('the network', () => {
    it('that is dropped fails what the app sends, and signs nobody out', async () => {
      open({ session: josh })
      auth.dropNetwork()
      await expect(auth.client.fetch('/api/me')).rejects.toThrow(TypeError)
      await auth.expireToken()
      expect(session()).toMatchObject({ status: 'authenticated', renewal: { status: 'failing' } })
      await auth.restoreNetwork()
      expect(session()).toMatchObject({ status: 'authenticated', renewal: { status: 'ok' } })
      expect((await auth.client.fetch('/api/me')).status).toBe(200)
    })

    it.each([josh, null])(
      'that is dropped before it is found out who is there leaves that unknown',
      async who => {
        open({ session: 'initializing' })
        auth.dropNetwork()
        await auth.endRestore(who)
        await auth.clock.advance(10)
        expect(session()).toMatchObject({ status: 'anonymous', reason: 'failed', error: { code: 'network' } })
        await auth.restoreNetwork()
        expect(session()).toMatchObject(who ? { account: who } : { reason: 'login_required' })
      },
    )
  })

  it('a provider that never answers is a time-out, and the backend hears nothing of it', async () => {
    open({
      session: 'initializing',
      respond: () => {
        throw new Error('The backend was asked')
      },
    })
    await auth.clock.advance(120)
    expect(session()).toMatchObject({ reason: 'timeout', error: { code: 'timeout' } })
    expect(sent()).not.toContain('/')
  })

  it('the addresses of the app’s real provider are never asked', async () => {
    const issuer = 'https://login.example.com'
    const at = (path: string): string => `https://api.login.example.com/${path}`
    const metadata = {
      issuer,
      authorization_endpoint: at('oauth2/auth'),
      token_endpoint: at('oauth2/token'),
      jwks_uri: at('keys'),
      end_session_endpoint: at('logout'),
    }
    open({ options: { issuer, metadata } })
    await auth.signInAs(josh)
    expect(person()).toBe('Josh')
    await auth.signOut()
    expect(auth.left).toContain(`${issuer}/end-session`)
  })

  describe('a session that has ended at the provider', () => {
    it('asks the person once the token expires', async () => {
      open({ session: josh })
      await auth.endProviderSession()
      await auth.expireToken()
      expect(promptOf()).toBe('session_ended')
      await auth.answerPrompt('continue')
      expect(session()).toMatchObject({ account: { name: 'Josh' }, renewal: { status: 'ok' } })
    })
  })

  describe('another tab', () => {
    it('has the same session, and ends it for both', async () => {
      open({ session: josh })
      const tab = auth.otherTab()
      await auth.settled()
      expect(person(tab)).toBe('Josh')
      await tab.signOut()
      expect(session(tab)).toMatchObject({ reason: 'signed_out' })
      expect(session()).toMatchObject({ reason: 'signed_out' })
    })

    it('signs another person in, so that this one asks', async () => {
      open({ session: josh })
      const tab = auth.otherTab()
      await tab.signInAs(jane)
      expect(promptOf()).toBe('account_changed')
      await auth.answerPrompt('continue')
      expect(person()).toBe('Jane')
    })

    it('is not another client’s', async () => {
      open({ session: josh })
      const other = createTestClient({ session: jane })
      other.client.mount()
      await auth.signOut()
      await other.settled()
      expect(person(other)).toBe('Jane')
      other.dispose()
    })
  })

  describe('the accounts', () => {
    it('are remembered from the first moment on, and over a reload', async () => {
      create({ session: josh, remembered: [jane, josh] })
      const names = () => auth.client.store.getState().remembered.map(({ name }) => name)
      expect(names()).toEqual(['Jane', 'Josh'])
      await reload()
      expect(names()).toEqual(['Josh', 'Jane'])
    })

    it('that another tab remembers are seen here', async () => {
      open({ session: josh, options: { rememberAccounts: 5 } })
      await auth.otherTab().signInAs(jane)
      expect(auth.client.store.getState().remembered).toMatchObject([jane, josh])
    })

    it('are switched when nothing of the former person is left', async () => {
      const changes: AccountChange[] = []
      open({ session: josh, options: { onAccountChange: change => void changes.push(change) } })
      const switched = auth.client.accounts.switchAccount()
      await auth.signInAs(jane)
      expect(await switched).toMatchObject({ changed: true, account: { name: 'Jane' } })
      expect(changes).toMatchObject([{ from: { name: 'Josh' }, to: { name: 'Jane' } }])
    })

    it('of a former person are known after a reload', async () => {
      const changes: AccountChange[] = []
      open({ session: josh, options: { onAccountChange: change => void changes.push(change) } })
      await auth.endProviderSession()
      await reload()
      await auth.signInAs(jane)
      expect(changes).toMatchObject([{ from: null, to: { name: 'Jane' } }])
    })
  })

  it('the devtools find what a developer can do, by its label', async () => {
    open({ session: josh })
    const controls = inspect(auth.client)?.controls ?? []
    const run = async (label: string) => controls.find(control => control.label === label)?.run()
    expect(inspect(auth.client)?.now()).toBe(auth.clock.now())
    await run('Expire the token')
    expect(sent()).toEqual(['/token'])
    await run('Sign in as somebody else in another tab')
    expect(promptOf()).toBe('account_changed')
    await auth.answerPrompt('continue')
    await run('Sign out in another tab')
    expect(session()).toMatchObject({ reason: 'signed_out' })
  })
}
