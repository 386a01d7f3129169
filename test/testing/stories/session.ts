import type { TestClientOptions } from 'afresh/testing/client'
import { describe, expect, it, vi } from 'vitest'
import { auth, create, jane, josh, open, person, reload, sent, session } from './support.ts'

export function tellOfSessions(): void {
  describe('a session', () => {
    it('is the person’s at once, before anything is mounted', () => {
      create({ session: josh })
      expect(session()).toMatchObject({ status: 'authenticated', account: { sub: 'josh', ...josh } })
    })

    it('is nobody’s at once without a person', () => {
      create()
      expect(session()).toMatchObject({ status: 'anonymous', reason: 'login_required' })
    })

    it('is the person’s at once in an app with caches to empty as well', () => {
      create({ session: josh, options: { onAccountChange: () => {} } })
      expect(person()).toBe('Josh')
    })

    it.each([
      [josh, 'Josh'],
      [null, undefined],
    ])('is found out when the test says so', async (who, name) => {
      open({ session: 'initializing' })
      await auth.settled()
      expect(session().status).toBe('initializing')
      await auth.endRestore(who)
      expect(session().status).not.toBe('initializing')
      expect(person()).toBe(name)
    })

    it('outlives a reload', async () => {
      open({ session: josh })
      await auth.settled()
      await reload()
      expect(person()).toBe('Josh')
    })

    it('begins when a person signs in, and ends when they sign out', async () => {
      open()
      await auth.signInAs(josh)
      expect(person()).toBe('Josh')
      await auth.signOut()
      expect(session()).toMatchObject({ status: 'anonymous', reason: 'signed_out' })
      expect(auth.left).toContain('https://op.example/end-session?')
      await reload()
      expect(session()).toMatchObject({ status: 'anonymous', reason: 'signed_out' })
    })

    it.each<[string, TestClientOptions, () => Promise<void>]>([
      ['nobody was there', {}, async () => {}],
      ['it was another person', { session: jane }, async () => {}],
      ['it had ended at the provider', { session: josh }, () => auth.endProviderSession()],
    ])('is of a login of that moment where %s', async (_, options, before) => {
      open(options)
      await auth.clock.advance(100)
      await before()
      await auth.signInAs(josh)
      expect(session()).toMatchObject({ claims: { sub: 'josh', auth_time: auth.clock.now() } })
    })

    it('begins in the popup that the app has opened', async () => {
      open()
      const signedIn = auth.client.signIn()
      await auth.settled()
      expect(session().status).toBe('anonymous')
      await auth.signInAs(josh)
      expect(await signedIn).toMatchObject({ sub: 'josh' })
    })

    it('begins by itself where somebody signs in by themselves', async () => {
      open({ signsIn: josh })
      expect(await auth.client.signIn()).toMatchObject({ sub: 'josh' })
    })

    it('begins after a full-page redirect', async () => {
      open({ options: { interaction: ['redirect'] } })
      auth.client.signIn().catch(() => {})
      await auth.settled()
      expect(auth.left).toContain('https://op.example/authorize?')
      await reload({ as: josh })
      expect(person()).toBe('Josh')
    })

    it('begins after a redirect however long the person takes, and the page that has left does nothing', async () => {
      open({ options: { interaction: ['redirect'] } })
      let isOver = false
      const end = (): void => {
        isOver = true
      }
      auth.client.signIn().then(end, end)
      await auth.clock.advance(300)
      expect(isOver).toBe(false)
      await reload({ as: josh })
      expect(person()).toBe('Josh')
    })

    it('does not begin when the person closes the popup', async () => {
      open()
      const signedIn = auth.client.signIn()
      await auth.closePopup()
      await expect(signedIn).rejects.toMatchObject({ code: 'interaction_cancelled', reason: 'window_closed' })
    })
  })

  describe('the app’s requests', () => {
    it('get the app’s own answers, and carry the person’s token to them', async () => {
      open({ session: josh, respond: request => Response.json(auth.personOf(request)) })
      const response = await auth.client.fetch('/api/me')
      expect(await response.json()).toEqual(josh)
      expect(sent()).toEqual(['/api/me'])
    })

    it('go to the platform’s `fetch` of the moment by default', async () => {
      create({ session: josh })
      const mocked = vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json('mocked'))
      const response = await auth.client.fetch('/api/me')
      mocked.mockRestore()
      expect(await response.json()).toBe('mocked')
    })

    it('fail as without a network where the backend breaks the connection', async () => {
      open({ session: josh, respond: () => Response.error() })
      await expect(auth.client.fetch('/api/me')).rejects.toThrow(TypeError)
    })

    it('end with the reason of their signal', async () => {
      open({ session: josh, respond: () => new Promise(() => {}) })
      const given = new AbortController()
      const response = auth.client.fetch('/api/slow', { signal: given.signal })
      await auth.settled()
      given.abort(new Error('enough'))
      await expect(response).rejects.toThrow('enough')
    })
  })
}
