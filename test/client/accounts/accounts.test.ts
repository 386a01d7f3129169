// @vitest-environment jsdom
import { type AuthClient, isAuthError } from 'afresh'
import { describe, expect, it, vi } from 'vitest'
import {
  answer,
  type ClientOptions,
  closeTabs,
  op,
  openTab,
  page,
  prompt,
  prompted,
  session,
  setUpPage,
  until,
} from '../../support/client.ts'

setUpPage()

const who = (client: AuthClient): string => {
  const now = session(client)
  return now.status === 'authenticated' ? now.account.sub : now.status
}
const isAlive = (client: AuthClient): boolean => {
  const now = session(client)
  return now.status === 'authenticated' && now.renewal.status === 'ok'
}
const sent = (): URLSearchParams => page.visited.at(-1)?.searchParams ?? new URLSearchParams()
const as = (sub: string, more: object = {}) => ({ claims: { sub, preferred_username: sub, ...more } })

async function signedIn(options: ClientOptions = {}): Promise<AuthClient> {
  const client = openTab(options)
  await until(() => session(client).status === 'anonymous')
  page.popups.push(as('josh'))
  await client.signIn()
  return client
}

describe('switching the account', () => {
  it.each([
    [{}, undefined, 'login'],
    [{}, ['none', 'login', 'select_account'], 'select_account'],
    [{ accountSelection: 'login' }, ['none', 'login', 'select_account'], 'login'],
    [{ accountSelection: 'select_account' }, undefined, 'select_account'],
  ] as const)(
    'with profile %j and the prompts %j in discovery asks with prompt=%s',
    async (profile, listed, prompt) => {
      op.metadata = listed ? { prompt_values_supported: listed } : {}
      const client = await signedIn({ provider: { name: 'test', ...profile } })
      page.popups.push(as('jane'))
      expect(await client.accounts.switchAccount()).toMatchObject({ changed: true, account: { sub: 'jane' } })
      expect(sent().get('prompt')).toBe(prompt)
      expect(sent().has('login_hint')).toBe(false)
      op.metadata = {}
    },
  )

  it('to a known account hints at it, and offers no choice', async () => {
    const client = await signedIn()
    page.popups.push(as('jane'))
    await client.accounts.switchAccount({ iss: op.issuer, sub: '17', username: 'jane' })
    expect([sent().get('prompt'), sent().get('login_hint')]).toEqual(['login', 'jane'])
  })

  it('changes nothing when the same person comes back, and says so', async () => {
    const onAccountChange = vi.fn()
    const client = await signedIn({ onAccountChange })
    const before = session(client)
    page.popups.push(as('josh'))
    expect(await client.accounts.switchAccount()).toMatchObject({ changed: false })
    expect(session(client)).toMatchObject({ account: (before as { account: object }).account })
    expect(onAccountChange).not.toHaveBeenCalled()
  })

  it('is told to the logger once, and before the next person', async () => {
    const told: string[] = []
    const client = await signedIn({ logger: ({ type }) => void told.push(type) })
    page.popups.push(as('jane'))
    await client.accounts.switchAccount()
    await until(() => told.filter(type => type === 'session.signed_in').length === 2)
    const about = told.filter(type => /^(session|account)/.test(type))
    expect(about.slice(-3)).toEqual(['session.signed_in', 'account.changing', 'session.signed_in'])
  })

  it('leaves everything as it was when it is given up', async () => {
    const client = await signedIn()
    page.popups.push('close')
    await expect(client.accounts.switchAccount()).rejects.toMatchObject({ code: 'interaction_cancelled' })
    expect([who(client), await client.getAccessToken()]).toEqual(['josh', 'at'])
  })

  it('lets the app forget the former person first, and gives no token meanwhile', async () => {
    const seen: unknown[] = []
    const client: AuthClient = await signedIn({
      onAccountChange: async change => {
        seen.push(change, who(client), await client.getAccessToken().catch(({ code }) => code))
      },
    })
    page.popups.push(as('jane', { name: 'Jane' }))
    const shown: string[] = []
    client.store.subscribe(() => shown.push(who(client)))
    await client.accounts.switchAccount()
    expect(seen).toMatchObject([
      { from: { sub: 'josh' }, to: { sub: 'jane', name: 'Jane' } },
      'initializing',
      'account_mismatch',
    ])
    expect(shown.filter((one, index) => one !== shown[index - 1])).toEqual(['josh', 'initializing', 'jane'])
    expect(who(client)).toBe('jane')
  })

  it.each([
    ['throws', () => Promise.reject(new Error('no'))],
    ['never ends', () => new Promise<void>(() => {})],
  ])('ends signed out after an onAccountChange that %s', async (_, onAccountChange) => {
    const client = await signedIn({ onAccountChange, timeLimit: 0.3 })
    page.popups.push(as('jane'))
    await expect(client.accounts.switchAccount()).rejects.toSatisfy(isAuthError)
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'failed' })
    await expect(client.getAccessToken()).rejects.toSatisfy(isAuthError)
    // It is known who has signed in, so the OP is not asked about that again.
    const asked = page.visited.length
    await client.restore()
    expect(page.visited).toHaveLength(asked)
  })

  it.each([
    ['another person', 'jane', 1],
    ['the same person', 'josh', 0],
  ])('finds %s after a reload (%s) and calls onAccountChange %s times', async (_, sub, times) => {
    await signedIn({ onAccountChange: () => {} })
    closeTabs()
    localStorage.removeItem(`afresh:mark:${op.issuer} payments`)
    const onAccountChange = vi.fn()
    page.frame = as(sub)
    const client = openTab({ onAccountChange })
    await until(() => who(client) === sub)
    expect(onAccountChange).toHaveBeenCalledTimes(times)
    if (times > 0)
      expect(onAccountChange).toHaveBeenCalledWith({ from: null, to: expect.objectContaining({ sub }) })
  })

  it('asks the app again after a crash on the way', async () => {
    const client = await signedIn({ onAccountChange: () => new Promise<void>(() => {}) })
    page.popups.push(as('jane'))
    void client.accounts.switchAccount().catch(() => {})
    await until(() => who(client) === 'initializing')
    closeTabs()
    localStorage.removeItem(`afresh:mark:${op.issuer} payments`)
    const onAccountChange = vi.fn()
    page.frame = as('jane')
    const next = openTab({ onAccountChange })
    await until(() => who(next) === 'jane')
    expect(onAccountChange).toHaveBeenCalledTimes(1)
  })

  it('gives up the former person’s requests instead of sending them for the next one', async () => {
    const client = await signedIn()
    let signal: AbortSignal | undefined
    page.fetch = async input => {
      if (!(input instanceof Request) || new URL(input.url).origin !== location.origin)
        return NodeFetch(input)
      signal = input.signal
      return new Promise((_, reject) =>
        input.signal.addEventListener('abort', () => reject(input.signal.reason)),
      )
    }
    const answer = client.fetch('/api/payments')
    const refused = expect(answer).rejects.toMatchObject({ code: 'account_mismatch' })
    await until(() => signal !== undefined)
    page.popups.push(as('jane'))
    await client.accounts.switchAccount()
    await refused
    expect(signal?.aborted).toBe(true)
  })

  it('on a page that shows no person sends nothing before the app has forgotten the former one', async () => {
    const client = await signedIn({ onAccountChange: () => new Promise<void>(() => {}) })
    await client.signOut()
    page.popups.push(as('jane'))
    void client.signIn().catch(() => {})
    await until(() => client.store.getState().interactions[0]?.type === 'account_switch')
    expect(who(client)).toBe('anonymous')
    await expect(client.fetch('/api/prices')).rejects.toMatchObject({ code: 'account_mismatch' })
  })

  it('that fails leaves a page that is signed out, and nothing of the question whose it is', async () => {
    const client = await signedIn({ onAccountChange: () => Promise.reject(new Error('no')) })
    page.popups.push(as('jane'))
    await expect(client.accounts.switchAccount()).rejects.toMatchObject({ code: 'configuration_invalid' })
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'interaction_required' })
    page.intercept = () => new Response('public')
    expect(await (await client.fetch('/api/prices')).text()).toBe('public')
  })
})

describe('when another tab has switched', () => {
  async function twoTabs(): Promise<readonly [AuthClient, AuthClient]> {
    const first = await signedIn()
    const second = openTab()
    await until(() => who(second) === 'josh')
    page.popups.push(as('jane'))
    await first.accounts.switchAccount()
    await prompted(second, 'account_changed')
    return [first, second]
  }

  it('this tab sends nothing before the person has decided', async () => {
    const [, second] = await twoTabs()
    const before = page.requests.length
    await expect(second.fetch('/api/payments')).rejects.toMatchObject({ code: 'account_mismatch' })
    await expect(second.getAccessToken()).rejects.toMatchObject({ code: 'account_mismatch' })
    await expect(second.renew()).rejects.toSatisfy(isAuthError)
    expect(page.requests.length).toBe(before)
    expect([who(second), prompt(second)?.type]).toEqual(['josh', 'account_changed'])
  })

  it('a question that was put off comes again at the next action', async () => {
    const [, second] = await twoTabs()
    answer(second, 'cancel')
    expect([prompt(second), who(second)]).toEqual([null, 'josh'])
    await second.getAccessToken().catch(() => {})
    expect(prompt(second)?.type).toBe('account_changed')
  })

  it('a renewal that hears of it before the news asks the same question', async () => {
    const first = await signedIn()
    const second = openTab()
    await until(() => who(second) === 'josh')
    const post = BroadcastChannel.prototype.postMessage
    const late = vi.spyOn(BroadcastChannel.prototype, 'postMessage')
    late.mockImplementation(function (this: BroadcastChannel, message) {
      if (message?.type !== 'session') post.call(this, message)
    })
    page.popups.push(as('jane'))
    await second.accounts.switchAccount()
    await expect(first.renew()).rejects.toMatchObject({ code: 'account_mismatch' })
    expect([who(first), prompt(first)?.type]).toEqual(['josh', 'account_changed'])
  })

  it('the answer continue brings the other person’s session and tokens', async () => {
    const [first, second] = await twoTabs()
    answer(second, 'continue')
    await until(() => who(second) === 'jane')
    expect(await second.getAccessToken()).toBe(await first.getAccessToken())
  })

  it('the answer switch signs the person on screen in again, with a hint, and asks the other tab', async () => {
    const [first, second] = await twoTabs()
    page.popups.push(as('josh'))
    answer(second, 'switch')
    await until(() => isAlive(second))
    expect([who(second), sent().get('login_hint')]).toEqual(['josh', 'josh'])
    await prompted(first, 'account_changed')
  })

  it.each([
    ['here', 1],
    ['elsewhere', 0],
  ] as const)('a sign-out %s answers a question that was put off', async (_, tab) => {
    const tabs = await twoTabs()
    const [, second] = tabs
    answer(second, 'cancel')
    await tabs[tab].signOut()
    await until(() => who(second) === 'anonymous')
    await expect(second.getAccessToken()).rejects.toMatchObject({ code: 'interaction_required' })
    page.intercept = () => new Response('public')
    expect(await (await second.fetch('/api/prices')).text()).toBe('public')
  })
})

describe('remembered accounts', () => {
  const key = (): string => `afresh:accounts:${op.issuer} payments`
  const names = (client: AuthClient): string[] => client.store.getState().remembered.map(({ sub }) => sub)

  it('are none by default', async () => {
    await signedIn()
    expect(localStorage.getItem(key())).toBeNull()
  })

  it('are listed with the last used first, without a token, in every tab, and after a sign-out', async () => {
    const client = await signedIn({ rememberAccounts: 2 })
    page.popups.push(as('jane'), as('kim'))
    await client.accounts.switchAccount()
    await client.accounts.switchAccount()
    await until(() => names(client).join() === 'kim,jane')
    expect(localStorage.getItem(key())).not.toMatch(/"at"|eyJ|token/)
    await client.signOut()
    expect(names(client)).toEqual(['kim', 'jane'])
    const next = openTab({ rememberAccounts: 2 })
    await until(() => names(next).join() === 'kim,jane')
  })

  it('can be forgotten one by one or all at once', async () => {
    const client = await signedIn({ rememberAccounts: 5 })
    page.popups.push(as('jane'))
    await client.accounts.switchAccount()
    await until(() => names(client).join() === 'jane,josh')
    await client.accounts.forget({ iss: op.issuer, sub: 'josh' })
    expect(names(client)).toEqual(['jane'])
    await client.accounts.forget()
    expect([names(client), localStorage.getItem(key())]).toEqual([[], null])
    expect(who(client)).toBe('jane')
  })

  it('ignore what another script wrote into their place', async () => {
    localStorage.setItem(key(), JSON.stringify([{ iss: 'https://evil.example', sub: 'x', usedAt: 1 }, 'x']))
    const client = openTab({ rememberAccounts: 5 })
    await until(() => session(client).status === 'anonymous')
    expect(names(client)).toEqual([])
  })
})

describe('signing up', () => {
  it.each([
    [{ signUp: { prompt: 'signup' } }, {}, { prompt: 'signup' }],
    [{ signUp: { screenHint: 'signup' } }, {}, { screen_hint: 'signup' }],
    [{}, { prompt_values_supported: ['none', 'login', 'create'] }, { prompt: 'create' }],
  ] as const)('with profile %j and discovery %j sends %j', async (profile, metadata, parameters) => {
    op.metadata = metadata
    const client = openTab({ provider: { name: 'test', ...profile } })
    await until(() => session(client).status === 'anonymous')
    page.popups.push(as('new'))
    expect(await client.signUp()).toMatchObject({ sub: 'new' })
    expect(Object.fromEntries(sent())).toMatchObject(parameters)
    op.metadata = {}
  })

  it('fails before anything leaves the page if the OP is not known to have a form', async () => {
    const client = openTab()
    await until(() => session(client).status === 'anonymous')
    const before = page.visited.length
    page.popups.push('stay')
    await expect(client.signUp()).rejects.toMatchObject({ code: 'configuration_invalid' })
    expect([page.visited.length, page.openWindows]).toEqual([before, 0])
  })

  it('ends when the person closes a page of the OP’s own', async () => {
    const client = openTab({ provider: { name: 'test', signUp: { prompt: 'create' } } })
    await until(() => session(client).status === 'anonymous')
    page.popups.push('close')
    await expect(client.signUp()).rejects.toMatchObject({ reason: 'window_closed' })
  })
})

describe('ui_locales', () => {
  it.each([
    ['the page’s language', {}, 'de'],
    ['the app’s', { uiLocales: 'ja en' }, 'ja en'],
    ['the app’s, asked each time', { uiLocales: () => 'fr' }, 'fr'],
    ['nothing where the app says so', { uiLocales: () => undefined }, null],
    ['nothing where the app says so by an empty text', { uiLocales: '' }, null],
    ['nothing where the app’s function gives an empty text', { uiLocales: () => '' }, null],
  ])('is %s', async (_, options, expected) => {
    document.documentElement.lang = 'de'
    await signedIn(options)
    document.documentElement.lang = ''
    expect(sent().get('ui_locales')).toBe(expected)
  })

  it('is not sent where no person sees a page', async () => {
    document.documentElement.lang = 'de'
    const client = openTab()
    await until(() => session(client).status === 'anonymous')
    document.documentElement.lang = ''
    expect([sent().get('prompt'), sent().has('ui_locales')]).toEqual(['none', false])
  })
})

describe('consent_required', () => {
  it.each([
    [{}, 'consent'],
    [{ prompt_values_supported: ['none', 'login'] }, null],
  ])(
    'with discovery %j asks, keeps the session, and goes on with prompt=%s',
    async (metadata, sentPrompt) => {
      op.metadata = metadata
      const client = openTab()
      await until(() => session(client).status === 'anonymous')
      page.popups.push({ ...as('josh'), token: { expires_in: 20 } })
      await client.signIn()
      page.frame = { error: 'consent_required' }
      const waiting = client.getAccessToken()
      await prompted(client, 'consent_required')
      expect(who(client)).toBe('josh')
      page.popups.push({ ...as('josh'), token: { access_token: 'agreed', expires_in: 900 } })
      answer(client, 'continue')
      expect(await waiting).toBe('agreed')
      expect([sent().get('prompt'), prompt(client)]).toEqual([sentPrompt, null])
      op.metadata = {}
    },
  )
})

const NodeFetch = globalThis.fetch
