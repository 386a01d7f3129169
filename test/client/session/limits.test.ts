// @vitest-environment jsdom
import { readFileSync } from 'node:fs'
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Departure } from '../../../src/op/redirects.ts'
import {
  answer,
  type ClientOptions,
  createClient,
  departures,
  op,
  openTab,
  page,
  prompt,
  seconds,
  session,
  setUpPage,
  unload,
  until,
} from '../../support/client.ts'

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  pass(0)
})

/** The clock jumps and stands still, and no timer has fired yet: a laptop that was closed for a while. */
const pass = (time: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: (seconds() + time) * 1000 })
}
/** What a browser sends first when the page is seen again. */
const wake = (): void => void document.dispatchEvent(new Event('visibilitychange'))
const press = (): void => void window.dispatchEvent(new Event('keydown'))

const activeKey = (): string => `afresh:active:${op.issuer} payments`
const signedInKey = (): string => `afresh:signed-in:${op.issuer} payments`

const idle: ClientOptions = { session: { idle: 600, warnBefore: 60 } }
const absolute: ClientOptions = { session: { absolute: 600, warnBefore: 60 } }

async function found(options: ClientOptions, claims: object = {}): Promise<AuthClient> {
  page.frame = { claims: { ...claims }, token: { expires_in: 99_999 } }
  const client = openTab(options)
  await until(() => session(client).status !== 'initializing')
  return client
}

async function signedIn(options: ClientOptions, claims: object = {}): Promise<AuthClient> {
  const client = openTab(options)
  await until(() => session(client).status === 'anonymous')
  page.popups.push({ token: { expires_in: 99_999 }, claims: { ...claims } })
  await client.signIn()
  return client
}

/** An OP that does not say when the person signed in. */
const noTime = { claims: { auth_time: undefined } }

const shown = (client: AuthClient): unknown => {
  const now = session(client)
  return now.status === 'anonymous' ? now.reason : now.status
}

/** The page leaves for the OP and is loaded again, so many seconds later. */
async function comeBack(
  client: AuthClient,
  after: number,
  options: ClientOptions,
  claims: object = noTime.claims,
): Promise<AuthClient> {
  await until(() => departures().length > 0)
  const [key, kept] = departures()[0] as [string, string]
  client.dispose()
  const { transaction }: Departure<unknown> = JSON.parse(kept)
  pass(after)
  sessionStorage.setItem(key, kept)
  sessionStorage.setItem(
    'afresh:response',
    JSON.stringify(op.authorize(transaction?.url ?? '', { claims: { ...claims } })),
  )
  const next = openTab(options)
  await until(() => session(next).status !== 'initializing')
  return next
}

describe('a session that was only found', () => {
  it.each([
    [599, 'authenticated'],
    [600, 'idle'],
  ])('at the OP, in a browser that has kept nothing, is %s seconds later %s', async (time, status) => {
    const client = await found(idle, { auth_time: seconds() - 3600 })
    expect(shown(client)).toBe('authenticated')
    pass(time)
    wake()
    expect(shown(client)).toBe(status)
  })

  it('by a full-page redirect is idle later on', async () => {
    // The page asks the OP only in a browser that had a session.
    await unload(await signedIn(idle))
    localStorage.removeItem(activeKey())
    const options: ClientOptions = { ...idle, renewal: { restore: ['top-level'] } }
    const client = await comeBack(openTab(options), 1, options)
    expect(shown(client)).toBe('authenticated')
    pass(600)
    wake()
    expect(shown(client)).toBe('idle')
  })

  it.each([
    ['at the OP', 'iframe'],
    ['in another tab', 'tabs'],
  ] as const)('%s does not count as a sign of life', async (_, way) => {
    const first = await signedIn(idle)
    const authTime = seconds()
    if (way === 'iframe') await unload(first)
    pass(599)
    const client = await found({ ...idle, renewal: { restore: [way] } }, { auth_time: authTime })
    expect(shown(client)).toBe('authenticated')
    first.dispose()
    pass(1)
    wake()
    expect(shown(client)).toBe('idle')
  })

  it('after the idle limit ends at once, and a reload does not bring it back', async () => {
    const client = await signedIn(idle)
    const authTime = seconds()
    await unload(client)
    pass(600)
    page.frame = { claims: { auth_time: authTime } }
    const next = openTab(idle)
    const rendered: unknown[] = []
    // As React does: it renders when the change is over.
    next.store.subscribe(() => queueMicrotask(() => rendered.push(shown(next))))
    await until(() => session(next).status === 'anonymous')
    expect(new Set(rendered)).toEqual(new Set(['idle']))
    await unload(next)
    expect(shown(await found(idle, { auth_time: authTime }))).toBe('signed_out')
  })

  it('is there when the person has signed in at the OP since', async () => {
    const client = await signedIn(idle)
    await unload(client)
    pass(7200)
    expect(shown(await found(idle, { auth_time: seconds() - 5 }))).toBe('authenticated')
  })

  it.each(['x', '', 'NaN', '-1', '1e3', String(2 ** 60), 'later'])(
    'with the broken record %j is over, because it may be',
    async record => {
      const text = record === 'later' ? String(seconds() + 3600) : record
      localStorage.setItem(activeKey(), text)
      const client = await found(idle, { auth_time: seconds() - 3600 })
      expect(shown(client)).toBe('idle')
    },
  )
})

describe('the record of the last sign of life', () => {
  it.each([
    ['is broken', () => localStorage.setItem(activeKey(), 'x')],
    ['is gone', () => localStorage.removeItem(activeKey())],
    ['is of the future', () => localStorage.setItem(activeKey(), String(seconds() + 7200))],
  ])('that %s while the session goes on changes nothing', async (_, damage) => {
    const client = await signedIn(idle)
    const updates = vi.fn()
    client.store.subscribe(updates)
    pass(500)
    damage()
    window.dispatchEvent(new Event('storage'))
    expect(shown(client)).toBe('authenticated')
    pass(99)
    wake()
    expect(shown(client)).toBe('authenticated')
    // The warning, and no more.
    expect(updates).toHaveBeenCalledTimes(1)
    pass(1)
    wake()
    expect(shown(client)).toBe('idle')
  })

  it('that goes with all that the browser keeps does not start the limit anew', async () => {
    const client = await signedIn(idle)
    page.frame = { claims: { auth_time: seconds() } }
    pass(500)
    localStorage.clear()
    wake()
    await until(() => session(client).status === 'authenticated')
    pass(100)
    wake()
    await until(() => session(client).status === 'anonymous')
    expect(shown(client)).toBe('idle')
  })

  it('is mended, so that a reload goes on', async () => {
    const client = await signedIn(idle)
    const kept = localStorage.getItem(activeKey())
    localStorage.setItem(activeKey(), 'x')
    window.dispatchEvent(new Event('storage'))
    expect(localStorage.getItem(activeKey())).toBe(kept)
    expect(shown(client)).toBe('authenticated')
  })

  it('is this page’s own where storage is forbidden', async () => {
    const forbidden = (): never => {
      throw new DOMException('no', 'SecurityError')
    }
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(forbidden)
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(forbidden)
    const client = await signedIn(idle)
    pass(300)
    press()
    pass(599)
    wake()
    expect(shown(client)).toBe('authenticated')
    pass(1)
    wake()
    expect(shown(client)).toBe('idle')
  })

  it('is shared by all tabs', async () => {
    const first = await signedIn(idle)
    const second = await found(idle)
    pass(545)
    wake()
    expect([first, second].map(client => prompt(client)?.type)).toEqual(['idle_warning', 'idle_warning'])
    answer(first, 'continue')
    window.dispatchEvent(new Event('storage'))
    expect([first, second].map(prompt)).toEqual([null, null])
    pass(599)
    wake()
    expect(shown(second)).toBe('authenticated')
  })

  it('of a clock that is put back does not make the session longer than the limit', async () => {
    pass(3600)
    const client = await signedIn(idle)
    pass(-3600)
    wake()
    expect(shown(client)).toBe('authenticated')
    pass(600)
    wake()
    expect(shown(client)).toBe('idle')
  })

  it('is not written without an idle limit', async () => {
    await signedIn(absolute)
    press()
    expect(localStorage.getItem(activeKey())).toBeNull()
  })
})

describe('a session that is over, and no timer has said so yet', () => {
  it.each<[string, (client: AuthClient) => void]>([
    ['a key', press],
    ['extendSession', client => client.extendSession()],
    ['focus', () => window.dispatchEvent(new Event('focus'))],
    ['news of another tab', () => window.dispatchEvent(new Event('storage'))],
  ])('ends at %s', async (_, act) => {
    const client = await signedIn(idle)
    pass(8 * 3600)
    act(client)
    expect(shown(client)).toBe('idle')
  })

  it('ends at the answer to its warning', async () => {
    const client = await signedIn(idle)
    pass(560)
    wake()
    pass(40)
    answer(client, 'continue')
    expect(shown(client)).toBe('idle')
  })

  it.each<[string, (client: AuthClient) => Promise<unknown>]>([
    ['fetch', client => client.fetch('/api/payments/1')],
    ['getAccessToken', client => client.getAccessToken()],
    ['renew', client => client.renew()],
  ])('ends at %s, which sends nothing', async (_, call) => {
    const client = await signedIn(idle)
    const [sent, visited] = [page.requests.length, page.visited.length]
    pass(8 * 3600)
    await expect(call(client)).rejects.toMatchObject({ code: 'interaction_required' })
    expect(shown(client)).toBe('idle')
    const later = page.requests.slice(sent).map(({ url }) => new URL(url).pathname)
    expect(later.filter(path => path !== '/revoke')).toEqual([])
    expect(page.visited).toHaveLength(visited)
  })

  it('is not used by a part of the app that hears of it first', async () => {
    const client = await signedIn(idle)
    const authTime = seconds()
    await unload(client)
    pass(7200)
    page.frame = { claims: { auth_time: authTime } }
    const next = openTab(idle)
    const calls: Promise<unknown>[] = []
    next.store.subscribe(state => {
      if (state.session.status === 'authenticated') calls.push(next.getAccessToken().catch(() => 'refused'))
    })
    await until(() => shown(next) === 'idle')
    expect(await Promise.all(calls)).toEqual(['refused'])
  })
})

describe('the absolute limit', () => {
  it.each([
    [599, 'authenticated'],
    [600, 'absolute'],
  ])('counts from the login at the OP: after %i of 600 seconds a session is %s', async (age, status) => {
    expect(shown(await found(absolute, { auth_time: seconds() - age }))).toBe(status)
  })

  it.each([undefined, 'soon', Number.NaN, 1e12])(
    'with auth_time %j goes on over a reload',
    async authTime => {
      const client = await signedIn(absolute, { auth_time: authTime })
      await unload(client)
      pass(599)
      const next = await found(absolute, { auth_time: authTime })
      expect(shown(next)).toBe('authenticated')
      pass(1)
      wake()
      expect(shown(next)).toBe('absolute')
    },
  )

  it.each([
    ['a record', () => {}],
    ['no record', () => localStorage.removeItem(signedInKey())],
    ['a broken record', () => localStorage.setItem(signedInKey(), 'x')],
  ])('with %s goes on when a renewal brings no auth_time', async (_, damage) => {
    const client = await signedIn(absolute)
    pass(300)
    damage()
    page.frame = noTime
    await client.renew()
    pass(299)
    wake()
    expect(shown(client)).toBe('authenticated')
    pass(1)
    wake()
    expect(shown(client)).toBe('absolute')
  })

  it('by a clock that is put back does not make the session longer than the limit', async () => {
    pass(3600)
    const client = await signedIn(absolute)
    pass(-3600)
    wake()
    expect(shown(client)).toBe('authenticated')
    pass(600)
    wake()
    expect(shown(client)).toBe('absolute')
  })

  it('with a broken record and no auth_time ends a session that was only found', async () => {
    localStorage.setItem(signedInKey(), 'x')
    expect(shown(await found(absolute, { auth_time: undefined }))).toBe('absolute')
  })

  it('of another login does not count for a later one', async () => {
    const client = await signedIn(absolute)
    await unload(client)
    pass(7200)
    expect(shown(await found(absolute, { auth_time: seconds() - 10 }))).toBe('authenticated')
  })
})

describe('a sign-in', () => {
  it('asks for a login that the absolute limit does not end at once', async () => {
    await signedIn(absolute)
    expect(page.visited.at(-1)?.searchParams.get('max_age')).toBe('600')
  })

  it('asks for what the app wants, where it wants a recent login', async () => {
    const client = await found(absolute)
    page.popups.push({})
    await client.signIn({ maxAge: 60 })
    expect(page.visited.at(-1)?.searchParams.get('max_age')).toBe('60')
  })

  it('leaves the page for such a login too', async () => {
    const client = openTab({ ...absolute, interaction: ['redirect'] })
    await until(() => session(client).status === 'anonymous')
    client.signIn().catch(() => {})
    await until(() => departures().length > 0)
    const { transaction }: Departure<unknown> = JSON.parse(departures()[0]?.[1] ?? '')
    expect(new URL(transaction?.url ?? '').searchParams.get('max_age')).toBe('600')
  })

  it('by a full-page redirect is there also where the OP goes on with an old login', async () => {
    const options: ClientOptions = { ...absolute, interaction: ['redirect'] }
    const client = openTab(options)
    await until(() => session(client).status === 'anonymous')
    client.signIn().catch(() => {})
    expect(shown(await comeBack(client, 1, options, { auth_time: seconds() - 7200 }))).toBe('authenticated')
  })

  it('fails where the app wants a recent login and the OP goes on with an old one', async () => {
    const client = await found(absolute)
    page.popups.push({ claims: { auth_time: seconds() - 500 } })
    await expect(client.signIn({ maxAge: 60 })).rejects.toMatchObject({ code: 'id_token_invalid' })
  })

  // A year: only so that the OP tells auth_time.
  it('asks for any age without an absolute limit', async () => {
    await signedIn(idle)
    expect(page.visited.at(-1)?.searchParams.get('max_age')).toBe('31536000')
  })

  it('asks in silence for any age, so that the session is found and ends by its own limit', async () => {
    await found(absolute)
    expect(page.visited.at(-1)?.searchParams.get('max_age')).toBe('31536000')
  })

  it.each([9 * 3600, 600])(
    'for which the OP goes on with a login of %i seconds ago counts from now, also after a reload',
    async age => {
      const auth_time = seconds() - age
      const client = await signedIn(absolute, { auth_time })
      expect(shown(client)).toBe('authenticated')
      await unload(client)
      pass(599)
      const next = await found(absolute, { auth_time })
      expect(shown(next)).toBe('authenticated')
      pass(1)
      wake()
      expect(shown(next)).toBe('absolute')
    },
  )

  it('counts from the login at the OP where that is recent enough', async () => {
    const client = await signedIn(absolute, { auth_time: seconds() - 400 })
    pass(200)
    wake()
    expect(shown(client)).toBe('absolute')
  })

  it('in a popup that takes longer than the idle limit is there', async () => {
    const client = await signedIn(idle)
    await client.signOut()
    pass(7200)
    page.popups.push(noTime)
    await client.signIn()
    expect(shown(client)).toBe('authenticated')
  })

  it('by a full-page redirect that takes longer than the idle limit is there', async () => {
    const client = await signedIn(idle)
    await client.signOut()
    await unload(client)
    const options: ClientOptions = { ...idle, interaction: ['redirect'] }
    const next = openTab(options)
    await until(() => session(next).status === 'anonymous')
    next.signIn().catch(() => {})
    expect(shown(await comeBack(next, 7200, options))).toBe('authenticated')
  })

  it('after the limit works again and again', async () => {
    const client = await signedIn(idle)
    for (let round = 0; round < 2; round++) {
      pass(600)
      wake()
      expect(shown(client)).toBe('idle')
      page.popups.push({})
      await client.signIn()
      expect(shown(client)).toBe('authenticated')
    }
  })
})

describe('the warning', () => {
  it('of the absolute limit goes with its answer, and the session goes on until its end', async () => {
    const client = await signedIn(absolute)
    pass(560)
    wake()
    expect(prompt(client)).toMatchObject({ type: 'idle_warning', reason: 'absolute' })
    answer(client, 'continue')
    expect(prompt(client)).toBeNull()
    press()
    wake()
    expect(prompt(client)).toBeNull()
    pass(39)
    wake()
    expect([prompt(client), shown(client)]).toEqual([null, 'authenticated'])
    pass(1)
    wake()
    expect(shown(client)).toBe('absolute')
  })

  it('has an id of its own each time, so that an old answer counts for no other', async () => {
    const client = await signedIn(idle)
    pass(560)
    wake()
    const first = prompt(client)?.id ?? ''
    answer(client, 'continue')
    pass(560)
    wake()
    expect(prompt(client)?.id).not.toBe(first)
    client.answerPrompt(first, 'continue')
    expect(prompt(client)?.type).toBe('idle_warning')
  })

  it('comes up after half of a limit that is shorter than its usual time', async () => {
    const client = await signedIn({ session: { idle: 4 } })
    expect(prompt(client)).toBeNull()
    pass(1)
    press()
    pass(1)
    wake()
    expect(prompt(client)).toBeNull()
    pass(1)
    wake()
    expect(prompt(client)?.type).toBe('idle_warning')
  })

  it('leaves no timer behind when the client is not mounted', async () => {
    const client = createClient(idle)
    const unmount = client.mount()
    await until(() => session(client).status === 'anonymous')
    page.popups.push({})
    await client.signIn()
    unmount()
    const timer = vi.spyOn(globalThis, 'setTimeout')
    client.extendSession()
    expect([timer.mock.calls, shown(client)]).toEqual([[], 'authenticated'])
  })
})

describe('the limits as the reference has them', () => {
  const text = 'session: { idle: 15 * 60, absolute: 8 * 3600, warnBefore: 60 }'
  const documented: ClientOptions = { session: { idle: 15 * 60, absolute: 8 * 3600, warnBefore: 60 } }

  it('stand there', () => expect(readFileSync('docs/reference/client-options.md', 'utf8')).toContain(text))

  it('end a session that was found, after 15 minutes', async () => {
    const client = await found(documented, { auth_time: seconds() - 3600 })
    pass(839)
    wake()
    expect(prompt(client)).toBeNull()
    pass(1)
    wake()
    expect(prompt(client)?.type).toBe('idle_warning')
    pass(60)
    wake()
    expect(shown(client)).toBe('idle')
  })

  it('end a session in use after 8 hours, with one warning', async () => {
    const client = await signedIn(documented)
    let warnings = 0
    client.store.subscribe((state, previous) => {
      if (state.limit?.warns && !previous.limit?.warns) warnings++
    })
    for (let minute = 1; minute < 8 * 60; minute++) {
      pass(60)
      press()
    }
    answer(client, 'continue')
    expect([warnings, shown(client)]).toEqual([1, 'authenticated'])
    pass(60)
    press()
    expect(shown(client)).toBe('absolute')
  })

  it('let the person sign in whose login at the OP is older than 8 hours', async () => {
    const client = await signedIn(documented, { auth_time: seconds() - 9 * 3600 })
    expect(page.visited.at(-1)?.searchParams.get('max_age')).toBe('28800')
    pass(60)
    wake()
    expect(shown(client)).toBe('authenticated')
  })
})
