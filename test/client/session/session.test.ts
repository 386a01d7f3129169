// @vitest-environment jsdom

import type { AuthClient } from 'afresh'
import { describe, expect, it, vi } from 'vitest'
import { setActivation } from '../../support/activation.ts'
import {
  answer,
  type ClientOptions,
  departures,
  op,
  openTab,
  page,
  prompt,
  prompted,
  session,
  setUpPage,
  unload,
  until,
} from '../../support/client.ts'

setUpPage()

async function signedInTab(
  token: Record<string, unknown> = { refresh_token: 'rt' },
  options: ClientOptions = {},
): Promise<AuthClient> {
  const client = openTab(options)
  await until(() => session(client).status === 'anonymous')
  page.popups.push({ token, claims: { sid: 'one' } })
  await client.signIn()
  return client
}

/** Signs in with tokens that live a minute, which goes by. */
async function expiredTab(token: Record<string, unknown> = {}): Promise<AuthClient> {
  const client = await signedInTab({ expires_in: 60, ...token })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  return client
}

describe('a sign-in that is to show a new login (prompt=login)', () => {
  const yesterday = { claims: { auth_time: Math.floor(Date.now() / 1000) - 86_400 } }
  const refused = { code: 'id_token_invalid', claim: 'auth_time', reason: 'too_old' }

  it.each<[string, ClientOptions]>([
    ['the call', {}],
    ['the client', { prompt: 'login' }],
  ])('is refused with the login of yesterday, where %s asks for one', async (_, options) => {
    const client = openTab(options)
    await until(() => session(client).status === 'anonymous')
    page.popups.push(yesterday)
    await expect(client.signIn(options.prompt ? {} : { prompt: 'login' })).rejects.toMatchObject(refused)
    expect(session(client).status).toBe('anonymous')
  })

  it('is refused so after a full-page redirect too', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const client = openTab({ interaction: ['redirect'] })
    client.signIn({ prompt: 'login' }).catch(() => {})
    await until(() => departures().length === 1)
    const { transaction } = JSON.parse(departures()[0]?.[1] ?? 'null')
    sessionStorage.setItem('afresh:response', JSON.stringify(op.authorize(transaction.url, yesterday)))
    await unload(client)
    const back = openTab({ interaction: ['redirect'] })
    await until(() => session(back).status === 'anonymous')
    expect(session(back)).toMatchObject({ error: refused })
  })

  it('is refused so where the session has ended too, and the client asks for one', async () => {
    const client = await signedInTab({ expires_in: 60 }, { prompt: 'login' })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    page.frame = { error: 'login_required' }
    const token = client.getAccessToken().catch(error => error)
    await prompted(client, 'session_ended')
    page.popups.push(yesterday)
    answer(client, 'continue')
    expect(await token).toMatchObject(refused)
  })

  it.each<[string, (client: AuthClient) => Promise<unknown>]>([
    ['another prompt', client => client.signIn({ prompt: 'consent' })],
    ['no prompt', client => client.signIn()],
    ['a switch of accounts', client => client.accounts.switchAccount()],
    ['another account', client => client.accounts.addAccount()],
  ])('is not meant by %s', async (_, signIn) => {
    const client = await signedInTab()
    page.popups.push(yesterday)
    await signIn(client)
    expect(session(client)).toMatchObject(yesterday)
  })
})

describe('renewal', () => {
  it('reaches the other tabs also within the second of the sign-in, where nothing but the tokens has changed', async () => {
    const client = await signedInTab()
    const sibling = openTab()
    await until(() => session(sibling).status === 'authenticated')
    op.refreshAnswer = {
      token: { refresh_token: 'rt2', access_token: 'at2', id_token: undefined, expires_in: 300 },
    }
    await client.renew()
    await vi.waitFor(async () => expect(await sibling.getAccessToken()).toBe('at2'))
    await sibling.renew()
    expect(op.forms.at(-1)?.get('refresh_token')).toBe('rt2')
  })

  it('comes when the token’s time is over, although the clock of the device was put back meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() })
    const client = await signedInTab({ refresh_token: 'rt', expires_in: 300 })
    vi.advanceTimersByTime(400_000)
    vi.setSystemTime(Date.now() - 400_000)
    expect(await client.getAccessToken()).toBe('at2')
  })

  it('uses the refresh token, and the rotated one next time', async () => {
    const client = await signedInTab()
    op.refreshAnswer = { token: { refresh_token: 'rt2' } }
    await client.renew()
    await client.renew()
    expect(op.forms.slice(-2).map(form => form.get('refresh_token'))).toEqual(['rt', 'rt2'])
    expect(await client.getAccessToken()).toBe('at2')
  })

  it.each([
    ['no refresh token', {}, {}],
    ['a refresh token that is no longer good', { refresh_token: 'rt' }, refusal('invalid_grant')],
    [
      'a refresh token that is refused without a word',
      { refresh_token: 'rt' },
      { raw: { status: 400, type: 'text/plain', body: '' } },
    ],
    ['a newer login at the OP', { refresh_token: 'rt' }, { claims: { auth_time: 1 } }],
  ])('with %s asks the OP in a hidden frame', async (_, token, refreshAnswer) => {
    const client = await signedInTab(token)
    op.refreshAnswer = refreshAnswer
    page.frame = { token: { access_token: 'framed' } }
    await client.renew()
    expect(await client.getAccessToken()).toBe('framed')
    expect(page.visited.at(-1)?.searchParams.get('prompt')).toBe('none')
  })

  it('that gets no answer keeps the session and reports the failure until one succeeds', async () => {
    const client = await signedInTab()
    page.online = false
    await expect(client.renew()).rejects.toMatchObject({ code: 'network' })
    expect(session(client)).toMatchObject({ status: 'authenticated', renewal: { status: 'failing' } })
    expect(await client.getAccessToken()).toBe('at')
    page.online = true
    await client.renew()
    expect(session(client)).toMatchObject({ renewal: { status: 'ok' } })
  })

  it('ends in a timeout where the OP refuses the frame, and the session stays', async () => {
    const client = await signedInTab({}, { timeLimit: 0.2 })
    page.frame = 'stay'
    await expect(client.renew()).rejects.toMatchObject({ code: 'timeout' })
    expect(session(client)).toMatchObject({ status: 'authenticated', renewal: { status: 'failing' } })
    expect(page.openWindows).toBe(0)
  })

  it('never gives a token past its expiry', async () => {
    const client = await expiredTab({ refresh_token: 'rt' })
    page.online = false
    await expect(client.getAccessToken({ minValidity: 0 })).rejects.toMatchObject({ code: 'network' })
  })

  it('keeps the account object, so components that read only the account do not render', async () => {
    const client = await signedInTab()
    const { account } = session(client) as never
    await client.renew()
    expect((session(client) as { account: unknown }).account).toBe(account)
  })
})

describe('the timer of the renewal', () => {
  const fakeTime = (): void => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })

  it('renews in the last minute before expiry', async () => {
    fakeTime()
    const client = await signedInTab({ refresh_token: 'rt', expires_in: 300 }, { timeLimit: 9999 })
    const before = op.requests.token
    await vi.advanceTimersByTimeAsync(239_000)
    expect(op.requests.token).toBe(before)
    await vi.advanceTimersByTimeAsync(31_000)
    await until(() => op.requests.token === before + 1)
    await until(() => session(client).status === 'authenticated')
  })

  it.each([[0], ['0'], [''], ['soon'], [-1], [true], [[300]], [null]])(
    'renews nothing where the OP says that tokens live %j',
    async expires_in => {
      fakeTime()
      op.refreshAnswer = { token: { expires_in, refresh_token: 'rt' } }
      const client = await signedInTab({ refresh_token: 'rt', expires_in }, { timeLimit: 9999 })
      const asked = (): number => page.requests.filter(({ url }) => url.endsWith('/token')).length
      expect(asked()).toBe(1)
      for (let minute = 0; minute < 60; minute++) await vi.advanceTimersByTimeAsync(60_000)
      expect(asked()).toBe(1)
      expect(await client.getAccessToken()).toBe('at')
    },
  )

  it('renews on wake when the timer slept through it', async () => {
    const client = await signedInTab({ refresh_token: 'rt', expires_in: 300 })
    const before = op.requests.token
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7_200_000 })
    document.dispatchEvent(new Event('visibilitychange'))
    await until(() => op.requests.token === before + 1)
    expect(session(client).status).toBe('authenticated')
  })

  it('pauses longer after each failure, and at most a minute', async () => {
    fakeTime()
    await signedInTab({ refresh_token: 'rt', expires_in: 300 })
    page.online = false
    const tries = (): number => page.requests.filter(({ url }) => url.endsWith('/token')).length
    await vi.advanceTimersByTimeAsync(275_000)
    const first = tries()
    const counts: number[] = []
    for (let minute = 0; minute < 6; minute++) {
      await vi.advanceTimersByTimeAsync(60_000)
      counts.push(tries() - first)
    }
    expect(counts[0]).toBeLessThanOrEqual(6)
    expect((counts[5] ?? 0) - (counts[4] ?? 0)).toBeLessThanOrEqual(1)
    expect(counts[5]).toBeGreaterThan(3)
  })
})

describe('when the OP must ask the person', () => {
  const ended = async (): Promise<AuthClient> => {
    const client = await expiredTab()
    page.frame = { error: 'login_required' }
    return client
  }

  it('the screen stays, and the waiting calls go on once the same person signs in', async () => {
    const client = await ended()
    page.popups.push({ token: { access_token: 'again' } })
    const waiting = Promise.all([client.getAccessToken(), client.getAccessToken()])
    await prompted(client, 'session_ended')
    expect(session(client)).toMatchObject({ status: 'authenticated', renewal: { status: 'ended' } })
    answer(client, 'continue')
    expect(await waiting).toEqual(['again', 'again'])
    expect(session(client)).toMatchObject({ renewal: { status: 'ok' } })
    expect(prompt(client)).toBeNull()
  })

  it('another person gets the prompt account_mismatch, and the waiting calls fail', async () => {
    const client = await ended()
    page.popups.push({ claims: { sub: 'jane' } })
    const waiting = client.getAccessToken()
    await prompted(client, 'session_ended')
    answer(client, 'continue')
    await prompted(client, 'account_mismatch')
    answer(client, 'cancel')
    await expect(waiting).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
  })

  it('the answer “not now” fails the waiting calls, and the next call asks again', async () => {
    const client = await ended()
    const waiting = client.getAccessToken()
    await prompted(client, 'session_ended')
    answer(client, 'cancel')
    await expect(waiting).rejects.toMatchObject({ code: 'interaction_cancelled' })
    const again = client.getAccessToken()
    await prompted(client, 'session_ended')
    answer(client, 'cancel')
    await expect(again).rejects.toMatchObject({ code: 'interaction_cancelled' })
  })

  it('a call that nobody has clicked for asks again only when the OP has given new tokens since “not now”', async () => {
    const userActivation = setActivation(false)
    const client = await ended()
    const waiting = client.getAccessToken()
    await prompted(client, 'session_ended')
    answer(client, 'cancel')
    await expect(waiting).rejects.toMatchObject({ code: 'interaction_cancelled' })
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'interaction_required' })
    expect(prompt(client)).toBeNull()

    userActivation.isActive = true
    const clicked = client.getAccessToken()
    await prompted(client, 'session_ended')
    page.popups.push({ token: { access_token: 'again', expires_in: 60 } })
    answer(client, 'continue')
    expect(await clicked).toBe('again')

    userActivation.isActive = false
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    const later = client.getAccessToken()
    await prompted(client, 'session_ended')
    answer(client, 'cancel')
    await expect(later).rejects.toMatchObject({ code: 'interaction_cancelled' })
  })

  it('the answer “not now” is not asked again only because the page has the focus again', async () => {
    const client = await ended()
    const waiting = client.getAccessToken()
    await prompted(client, 'session_ended')
    answer(client, 'cancel')
    await expect(waiting).rejects.toMatchObject({ code: 'interaction_cancelled' })
    window.dispatchEvent(new Event('focus'))
    // A renewal that the focus started would be this one too.
    await client.renew().catch(() => {})
    expect(prompt(client)).toBeNull()
  })

  it('the person is asked when a token is needed and the OP’s page cannot be framed', async () => {
    const client = await signedInTab({ refresh_token: 'rt', expires_in: 60 }, { timeLimit: 0.3 })
    op.refreshAnswer = refusal('invalid_grant')
    page.frame = 'stay'
    await expect(client.renew()).rejects.toMatchObject({ code: 'timeout' })
    expect(await client.getAccessToken({ minValidity: 0 })).toBe('at')
    expect(prompt(client)).toBeNull()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    page.popups.push({ token: { access_token: 'again' } })
    const waiting = client.getAccessToken()
    await prompted(client, 'session_ended')
    answer(client, 'continue')
    expect(await waiting).toBe('again')
  })

  it('the person is not asked when the OP is only out of reach', async () => {
    const client = await signedInTab({ refresh_token: 'rt', expires_in: 60 })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    page.online = false
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'network' })
    expect(prompt(client)).toBeNull()
  })

  it('the person is asked at expiry at the latest after a renewal of the app’s that ended so, and once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const client = await signedInTab({ expires_in: 300 })
    page.frame = { error: 'login_required' }
    await expect(client.renew()).rejects.toMatchObject({ code: 'interaction_required' })
    await vi.advanceTimersByTimeAsync(290_000)
    expect(prompt(client)).toBeNull()
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(1000)
      expect(prompt(client)?.type).toBe('session_ended')
    }, 4000)
    answer(client, 'cancel')
    await vi.advanceTimersByTimeAsync(300_000)
    expect(prompt(client)).toBeNull()
  })

  it('another person’s session from the hidden frame is kept apart until the person decides', async () => {
    const client = await signedInTab({})
    page.frame = { claims: { sub: 'jane' } }
    await expect(client.renew()).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(prompt(client)).toMatchObject({ type: 'account_mismatch', actual: { sub: 'jane' } })
    answer(client, 'switch')
    await until(() => session(client).status === 'authenticated')
    expect(session(client)).toMatchObject({ account: { sub: 'jane' } })
  })
})

describe('between tabs', () => {
  it('a new tab gets the session from a sibling, and asks the OP nothing', async () => {
    await signedInTab()
    const before = { ...op.requests, visited: page.visited.length }
    const second = openTab()
    await until(() => session(second).status === 'authenticated')
    expect({ ...op.requests, visited: page.visited.length }).toEqual(before)
    expect(await second.getAccessToken()).toBe('at')
  })

  it('a sign-in and a sign-out reach every tab, another person after a question', async () => {
    const [first, second] = [openTab(), openTab()]
    await until(() => session(first).status === 'anonymous' && session(second).status === 'anonymous')
    page.popups.push({}, { claims: { sub: 'jane' } })
    await first.signIn()
    await until(() => session(second).status === 'authenticated')
    await second.signIn({ prompt: 'login' })
    await prompted(first, 'account_changed')
    answer(first, 'continue')
    await until(() => JSON.stringify(session(first)).includes('jane'))
    await second.signOut()
    await until(() => session(first).status === 'anonymous')
    await expect(first.getAccessToken()).rejects.toMatchObject({ code: 'interaction_required' })
  })

  it('five tabs renew with one request, and the rotated refresh token is used once', async () => {
    const first = await signedInTab()
    const tabs = [first, openTab(), openTab(), openTab(), openTab()]
    await until(() => tabs.every(tab => session(tab).status === 'authenticated'))
    const before = op.requests.token
    op.refreshAnswer = { token: { refresh_token: 'rt2', expires_in: 900 } }
    await Promise.all(tabs.map(tab => tab.renew()))
    expect(op.requests.token).toBe(before + 1)
    expect(await Promise.all(tabs.map(tab => tab.getAccessToken()))).toEqual(tabs.map(() => 'at2'))
  })

  it('a renewal in one tab answers the session_ended prompt of another', async () => {
    const first = await signedInTab({ expires_in: 20 })
    const second = openTab()
    await until(() => session(second).status === 'authenticated')
    page.frame = { error: 'login_required' }
    const waiting = second.getAccessToken()
    await prompted(second, 'session_ended')
    page.popups.push({ token: { expires_in: 900, access_token: 'again' } })
    await first.signIn()
    expect(await waiting).toBe('again')
    expect(prompt(second)).toBeNull()
  })

  it('an isolated tab sends nothing and hears nothing', async () => {
    await signedInTab()
    const names: string[] = []
    vi.stubGlobal(
      'BroadcastChannel',
      class extends BroadcastChannel {
        constructor(name: string) {
          super(name)
          names.push(name)
        }
      },
    )
    const alone = openTab({ tabs: 'isolated', renewal: { restore: ['tabs', 'iframe'] } })
    await until(() => session(alone).status === 'anonymous')
    expect(names.filter(name => name.startsWith('afresh:tabs'))).toEqual([])
  })
})

describe('signing out', () => {
  it('revokes the tokens and removes the session, and a reload brings nothing back', async () => {
    const client = await signedInTab({ refresh_token: 'rt' }, { storage: 'session' })
    expect(Object.values({ ...sessionStorage }).join()).toContain('"refreshToken":"rt"')
    page.frame = {}
    await client.signOut()
    expect(op.forms.at(-1)?.get('token')).toBe('rt')
    expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toMatch(/rt"|eyJ|josh/)
    const visited = page.visited.length
    const reloaded = openTab()
    await until(() => session(reloaded).status === 'anonymous')
    expect(page.visited).toHaveLength(visited)
  })

  it('works offline', async () => {
    const client = await signedInTab()
    page.online = false
    await client.signOut().catch(() => {})
    expect(session(client)).toEqual({ status: 'anonymous', reason: 'signed_out' })
  })
})

describe('front-channel logout', () => {
  it.each([
    ['this session', () => ({ iss: op.issuer, sid: 'one' }), 'anonymous'],
    ['another session', () => ({ iss: op.issuer, sid: 'two' }), 'authenticated'],
    ['another issuer', () => ({ iss: 'https://evil.example', sid: 'one' }), 'authenticated'],
    ['no session', () => ({ iss: op.issuer, sid: null }), 'authenticated'],
    ['nothing', () => null, 'authenticated'],
  ])('that names %s ends the session only if that is this one', async (_, message, status) => {
    const client = await signedInTab()
    const channel = new BroadcastChannel('afresh:logout')
    channel.postMessage(message())
    // What comes after it shows that it was heard.
    const heard = new Promise<void>(resolve => {
      const listener = new BroadcastChannel('afresh:logout')
      listener.onmessage = ({ data }) => {
        if (data !== 'end') return
        listener.close()
        resolve()
      }
    })
    channel.postMessage('end')
    await heard
    channel.close()
    expect(session(client).status).toBe(status)
  })
})

describe('a session with limits', () => {
  const limited = async (limits: ClientOptions['session']): Promise<AuthClient> => {
    const client = await signedInTab({ refresh_token: 'rt', expires_in: 99_999 }, { session: limits ?? {} })
    await until(() => client.store.getState().limit !== null)
    return client
  }
  /** The clock jumps, and the page wakes: what a laptop does that was closed for a while. */
  const sleep = (time: number): void => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + time * 1000 })
    document.dispatchEvent(new Event('visibilitychange'))
  }

  it.each([
    [539, 'authenticated', undefined],
    [541, 'authenticated', 'idle_warning'],
    [599, 'authenticated', 'idle_warning'],
    [601, 'anonymous', undefined],
    [7200, 'anonymous', undefined],
  ])('after %i of 600 idle seconds is %s and shows the prompt %s', async (time, status, type) => {
    const client = await limited({ idle: 600, warnBefore: 60 })
    sleep(time)
    expect([session(client).status, prompt(client)?.type]).toEqual([status, type])
    if (status === 'anonymous') expect(session(client)).toMatchObject({ reason: 'idle' })
  })

  it('moves the idle limit at a sign of life, but not once the warning is up', async () => {
    const client = await limited({ idle: 600, warnBefore: 60 })
    sleep(500)
    window.dispatchEvent(new Event('pointerdown'))
    sleep(545)
    expect(prompt(client)?.type).toBe('idle_warning')
    window.dispatchEvent(new Event('pointerdown'))
    expect(prompt(client)?.type).toBe('idle_warning')
    sleep(60)
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'idle' })
  })

  it('takes an answer to the warning as a sign of life', async () => {
    const client = await limited({ idle: 600, warnBefore: 60 })
    sleep(560)
    answer(client, 'cancel')
    await until(() => prompt(client) === null)
    sleep(500)
    expect(session(client).status).toBe('authenticated')
  })

  it('counts the absolute limit from the sign-in, and nothing moves it', async () => {
    const client = await limited({ absolute: 600, warnBefore: 60 })
    sleep(560)
    expect(prompt(client)).toMatchObject({ type: 'idle_warning', reason: 'absolute' })
    client.extendSession()
    sleep(50)
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'absolute' })
  })

  it('does not come back at a reload after the limit', async () => {
    const client = await limited({ idle: 600 })
    client.mount()()
    sleep(7200)
    await until(() => session(client).status === 'anonymous')
    page.frame = {}
    const reloaded = openTab({ session: { idle: 600 } })
    await until(() => session(reloaded).status === 'anonymous')
    client.dispose()
  })

  it.each([{ idle: 0 }, { absolute: -1 }, { warnBefore: Number.NaN }])('refuses the limits %j', limits => {
    expect(() => openTab({ session: limits })).toThrow(
      expect.objectContaining({ code: 'configuration_invalid' }),
    )
  })
})

describe('with storage session, a tab', () => {
  it('keeps the session over a reload without asking the OP', async () => {
    const client = await signedInTab({ refresh_token: 'rt' }, { storage: 'session' })
    const kept = Object.entries({ ...sessionStorage })
    client.dispose()
    for (const [key, value] of kept) sessionStorage.setItem(key, value)
    const visited = page.visited.length
    const reloaded = openTab({ storage: 'session' })
    await until(() => session(reloaded).status === 'authenticated')
    expect(page.visited).toHaveLength(visited)
  })

  it('that was duplicated takes the newer tokens of its sibling', async () => {
    const first = await signedInTab({ refresh_token: 'rt' }, { storage: 'session' })
    const cloned = Object.entries({ ...sessionStorage })
    op.refreshAnswer = { token: { refresh_token: 'rt2' } }
    await first.renew()
    for (const [key, value] of cloned) sessionStorage.setItem(key, value)
    const copy = openTab({ storage: 'session' })
    await until(() => session(copy).status === 'authenticated')
    await copy.renew()
    expect(op.forms.at(-1)?.get('refresh_token')).toBe('rt2')
  })
})

describe('client.fetch', () => {
  it('renews once for an expired token, and sends the request again, body and all', async () => {
    const client = await signedInTab()
    const expired = { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } }
    const bodies: Promise<string>[] = []
    page.intercept = request => {
      bodies.push(request.text())
      const fresh = request.headers.get('Authorization') === 'Bearer at2'
      return fresh ? new Response('done') : new Response(null, expired)
    }
    const response = await client.fetch('/api/email', { method: 'POST', body: 'x' })
    expect(await response.text()).toBe('done')
    expect(await Promise.all(bodies)).toEqual(['x', 'x'])
  })

  it('retries once only', async () => {
    const client = await signedInTab()
    let sent = 0
    page.intercept = () => {
      sent++
      return new Response(null, {
        status: 401,
        headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      })
    }
    expect((await client.fetch('/api/email')).status).toBe(401)
    expect(sent).toBe(2)
  })

  it('follows no redirect with a token', async () => {
    const client = await signedInTab()
    const seen: RequestRedirect[] = []
    page.intercept = request => {
      seen.push(request.redirect)
      return new Response()
    }
    await client.fetch('/api/email')
    expect(seen).toEqual(['error'])
  })

  it('rejects with the signal’s reason when it is aborted while it waits for a token', async () => {
    const client = await expiredTab()
    page.frame = 'stay'
    const controller = new AbortController()
    const waiting = client.fetch('/api/email', { signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  })
})

function refusal(error: string): { raw: { status: number; type: string; body: string } } {
  return { raw: { status: 400, type: 'application/json', body: JSON.stringify({ error }) } }
}
