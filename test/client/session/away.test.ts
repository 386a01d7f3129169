// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type ClientOptions,
  createClient,
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

/** A page that is in the back-forward cache, frozen, or whose provider is unmounted: it hears nothing meanwhile. */
interface Away {
  readonly client: AuthClient
  readonly comeBack: () => void
}

setUpPage()
beforeEach(() => {
  page.frame = { error: 'login_required' }
  page.intercept = ({ url }) => (url.endsWith('/reports') ? new Response() : undefined)
})

async function joshAway(options: ClientOptions = {}): Promise<Away> {
  const client = createClient(options)
  const leave = client.mount()
  await until(() => session(client).status === 'anonymous')
  page.popups.push({ token: { refresh_token: 'rt', access_token: 'josh’s' } })
  await client.signIn()
  await until(() => sessionRecord().person !== null)
  leave()
  return { client, comeBack: () => void client.mount() }
}

const authorized = (): string[] =>
  page.requests.map(({ headers }) => headers.get('Authorization') ?? '').filter(text => text !== '')

/** In another tab, which is closed then. */
async function elsewhere(work: (tab: AuthClient) => Promise<unknown>): Promise<void> {
  const ofThisTab = Object.entries({ ...sessionStorage })
  sessionStorage.clear()
  const tab = createClient({ renewal: { restore: ['iframe'] } })
  const close = tab.mount()
  await tab.ready()
  await work(tab)
  close()
  sessionStorage.clear()
  for (const [key, value] of ofThisTab) sessionStorage.setItem(key, value)
}

const signOut = (tab: AuthClient): Promise<void> => tab.signOut().catch(() => {})
const signInJane = async (tab: AuthClient): Promise<void> => {
  const { person } = sessionRecord()
  const jane = { claims: { sub: 'jane' }, token: { access_token: 'jane’s' } }
  page.popups.push(jane)
  await tab.signIn({ prompt: 'login' })
  await until(() => sessionRecord().person !== person)
  // The OP knows her now.
  page.frame = jane
}

describe('a page that was away while the person signed out in another tab', () => {
  it.each<[string, (client: AuthClient) => Promise<unknown>]>([
    ['client.fetch', client => client.fetch('/reports')],
    ['getAccessToken', client => client.getAccessToken()],
    ['renew', client => client.renew()],
    ['stepUp', client => client.stepUp('email.change')],
  ])('sends no token by %s, and shows no person', async (_, act) => {
    const { client } = await joshAway()
    await elsewhere(signOut)
    const before = authorized().length
    await act(client).catch(() => {})
    expect(authorized().slice(before)).toEqual([])
    expect(session(client)).toEqual({ status: 'anonymous', reason: 'signed_out' })
  })

  it('shows no person when it is mounted again', async () => {
    const { client, comeBack } = await joshAway()
    await elsewhere(signOut)
    comeBack()
    expect(session(client).status).not.toBe('authenticated')
    await until(() => session(client).status === 'anonymous')
    expect(prompt(client)).toBeNull()
  })

  it('shows no person when it comes back from the back-forward cache, where it heard nothing', async () => {
    const { client, comeBack } = await joshAway()
    const before = { ...localStorage }
    await elsewhere(signOut)
    const after = { ...localStorage }
    Object.assign(localStorage, before)
    comeBack()
    expect(session(client).status).toBe('authenticated')
    Object.assign(localStorage, after)
    window.dispatchEvent(new Event('pageshow'))
    expect(session(client).status).not.toBe('authenticated')
  })
})

describe('a page that was away while another person signed in in another tab', () => {
  it('asks whose page it is, and sends no token of the former person', async () => {
    const { client, comeBack } = await joshAway()
    await elsewhere(signInJane)
    const before = authorized().length
    comeBack()
    await prompted(client, 'account_changed')
    expect(prompt(client)).toMatchObject({ from: { sub: 'josh' }, to: { sub: 'jane' } })
    await client.fetch('/reports').catch(() => {})
    expect(authorized().slice(before)).toEqual([])
    expect(session(client)).toMatchObject({ account: { sub: 'josh' }, renewal: { status: 'ended' } })
  })

  it('follows without a question where the former person had signed out before', async () => {
    const { client, comeBack } = await joshAway()
    await elsewhere(async tab => {
      await signOut(tab)
      await signInJane(tab)
    })
    comeBack()
    await until(() => session(client).status === 'authenticated')
    expect(session(client)).toMatchObject({ account: { sub: 'jane' } })
    expect(prompt(client)).toBeNull()
  })
})

it('a page that is not mounted renews by another tab’s tokens, and spends no refresh token that is used', async () => {
  const { client } = await joshAway()
  const other = openTab({ renewal: { restore: ['iframe'] } })
  await until(() => session(other).status === 'anonymous')
  page.popups.push({ token: { refresh_token: 'newer', access_token: 'newer' } })
  await other.signIn()
  const before = op.forms.length
  await client.renew()
  expect(op.forms.length).toBe(before)
  expect(await client.getAccessToken()).toBe('newer')
})

it('a page of no person that was away finds the session that began meanwhile', async () => {
  const client = createClient()
  client.mount()()
  await until(() => session(client).status === 'anonymous')
  await elsewhere(signInJane)
  client.mount()
  await until(() => session(client).status === 'authenticated')
  expect(session(client)).toMatchObject({ account: { sub: 'jane' } })
})
