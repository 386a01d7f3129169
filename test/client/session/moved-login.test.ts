// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { describe, expect, it, vi } from 'vitest'
import {
  answer,
  type ClientOptions,
  op,
  openTab,
  page,
  prompt,
  prompted,
  session,
  sessionRecord,
  setUpPage,
  until,
} from '../../support/client.ts'

setUpPage()

/** A tab whose refresh token brings an ID Token of another login, and another refresh token. */
async function movedTab(options: ClientOptions = {}): Promise<AuthClient> {
  const client = openTab(options)
  await until(() => session(client).status === 'anonymous')
  page.popups.push({ token: { refresh_token: 'rt', expires_in: 60 } })
  await client.signIn()
  op.refreshAnswer = { claims: { auth_time: 1 }, token: { refresh_token: 'rt2' } }
  return client
}

const sentRefreshTokens = (): (string | null)[] =>
  op.forms.filter(form => form.get('grant_type') === 'refresh_token').map(form => form.get('refresh_token'))

describe('a refresh that tells of another login', () => {
  it('goes on with what a frame says, and keeps the rotated refresh token where that brings none', async () => {
    const client = await movedTab()
    page.frame = { token: { access_token: 'framed' } }
    await client.renew()
    expect(await client.getAccessToken()).toBe('framed')
    await client.renew()
    expect(sentRefreshTokens()).toEqual(['rt', 'rt2'])
  })

  it('goes on with the refresh token that the frame brings', async () => {
    const client = await movedTab()
    page.frame = { token: { refresh_token: 'framed' } }
    await client.renew()
    await client.renew()
    expect(sentRefreshTokens()).toEqual(['rt', 'framed'])
  })

  it.each<[string, ClientOptions]>([
    ['there is no frame', { renewal: { via: ['refresh'] } }],
    ['a frame has been asked before', { renewal: { via: ['iframe', 'refresh'] }, timeLimit: 0.5 }],
    ['the frame says nothing', { timeLimit: 0.5 }],
  ])('is final where %s, and the person is asked', async (_, options) => {
    const client = await movedTab(options)
    page.frame = 'stay'
    const error = { code: 'id_token_invalid', claim: 'auth_time', reason: 'mismatch' }
    await expect(client.renew()).rejects.toMatchObject(error)
    expect(session(client)).toMatchObject({ status: 'authenticated', renewal: { status: 'ended' } })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    document.dispatchEvent(new Event('visibilitychange'))
    await prompted(client, 'session_ended')
    page.popups.push({ token: { access_token: 'anew' } })
    answer(client, 'continue')
    await until(() => (session(client) as { renewal: { status: string } }).renewal.status === 'ok')
    expect(await client.getAccessToken({ minValidity: 0 })).toBe('anew')
    expect(sentRefreshTokens()).toEqual(['rt', 'rt2'])
  })

  it('is final where the frame says that only the person can help', async () => {
    const client = await movedTab()
    await expect(client.renew()).rejects.toMatchObject({ error: 'login_required' })
    expect(session(client)).toMatchObject({ renewal: { status: 'ended' } })
  })

  it('is tried again with the rotated refresh token where the frame finds no network', async () => {
    const client = await movedTab()
    page.frame = { raw: { status: 500, type: 'text/plain', body: '' } }
    await expect(client.renew()).rejects.toMatchObject({ code: 'network' })
    expect(session(client)).toMatchObject({ renewal: { status: 'failing' } })
    await expect(client.renew()).rejects.toMatchObject({ code: 'network' })
    expect(sentRefreshTokens()).toEqual(['rt', 'rt2'])
  })

  it('of an OP that does not rotate refresh tokens changes nothing', async () => {
    const client = await movedTab()
    const { serial } = sessionRecord()
    op.refreshAnswer = { claims: { auth_time: 1 } }
    await expect(client.renew()).rejects.toMatchObject({ error: 'login_required' })
    expect(sessionRecord().serial).toBe(serial)
  })

  it('gives the rotated refresh token to the other tabs', async () => {
    const client = await movedTab()
    const sibling = openTab()
    await until(() => session(sibling).status === 'authenticated')
    await client.renew().catch(() => {})
    client.dispose()
    await sibling.renew().catch(() => {})
    expect(sentRefreshTokens()).toEqual(['rt', 'rt2'])
  })

  it('asks the person once, although each try brings another refresh token', async () => {
    const client = await movedTab({ renewal: { via: ['refresh'] } })
    let count = 1
    op.refreshAnswer = {
      claims: { auth_time: 1 },
      get token() {
        return { refresh_token: `rt${++count}` }
      },
    }
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    document.dispatchEvent(new Event('visibilitychange'))
    await prompted(client, 'session_ended')
    const refreshes = sentRefreshTokens().length
    answer(client, 'cancel')
    document.dispatchEvent(new Event('visibilitychange'))
    await client.renew().catch(() => {})
    expect(prompt(client)).toBeNull()
    // The one of `renew` itself.
    expect(sentRefreshTokens()).toHaveLength(refreshes + 1)
  })

  it('lends the refresh token to no other person whom the frame brings', async () => {
    const client = await movedTab({ onAccountChange: () => {} })
    page.frame = { claims: { sub: 'jane' } }
    await expect(client.renew()).rejects.toMatchObject({ code: 'account_mismatch' })
    await prompted(client, 'account_mismatch')
    answer(client, 'switch')
    await until(() => (session(client) as { account: { sub: string } }).account?.sub === 'jane')
    await client.renew().catch(() => {})
    expect(sentRefreshTokens()).toEqual(['rt'])
  })
})

it('a refresh whose ID Token does not say when the person signed in leaves that as it is known', async () => {
  const client = await movedTab()
  const { claims } = session(client) as { claims: { auth_time?: unknown } }
  expect(claims.auth_time).toEqual(expect.any(Number))
  op.refreshAnswer = { claims: { auth_time: undefined } }
  await client.renew()
  expect(session(client)).toMatchObject({ claims })
  expect(await client.getAccessToken()).toBe('at2')
  const grant = await client.stepUp('email.change')
  expect(grant.expiresIn).toBeGreaterThan(0)
})
