// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Purpose } from '../../../src/client/redirect-purpose.ts'
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
  prompted,
  rememberSession,
  session,
  setUpPage,
  unload,
  until,
} from '../../support/client.ts'
import { holdRequests } from '../../support/hold.ts'

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  op.metadata = { end_session_endpoint: `${op.issuer}/end` }
})

const options: ClientOptions = {
  provider: { name: 'acme', accountSelection: 'sign_out' },
  acrValues: ['gold'],
  logger: () => {},
}
const jane = { iss: '', sub: 'jane', username: 'jane' }

async function signedIn(more: ClientOptions = {}): Promise<AuthClient> {
  const client = openTab({ ...options, ...more })
  await until(() => session(client).status === 'anonymous')
  page.popups.push({ claims: { acr: 'gold' } })
  await client.signIn()
  return client
}

const left = (): Departure<Purpose> => JSON.parse(departures().at(-1)?.[1] ?? 'null')

/** The OP's sign-out page sends the person back: what the callback page leaves behind. */
function comeBack(): void {
  const [key, kept] = departures().at(-1) ?? []
  sessionStorage.setItem(key ?? '', JSON.stringify({ ...JSON.parse(kept ?? ''), params: 'state=s' }))
}

/** A person who has agreed to be signed out first, and is back. */
async function backFrom(work: (client: AuthClient) => Promise<unknown>): Promise<AuthClient> {
  const client = await signedIn()
  work(client).catch(() => {})
  await prompted(client, 'sign_out_first')
  answer(client, 'continue')
  await until(() => departures().length === 1)
  comeBack()
  await unload(client)
  return openTab(options)
}

const ways: [string, (client: AuthClient) => Promise<unknown>][] = [
  ['switchAccount()', client => client.accounts.switchAccount()],
  ['switchAccount(to)', client => client.accounts.switchAccount(jane)],
  ['addAccount()', client => client.accounts.addAccount()],
]

describe('where the OP lets only the person of its session sign in again', () => {
  it.each(ways)(
    '%s tells the person that they are signed out first, and does nothing before',
    async (_, work) => {
      const client = await signedIn()
      const before = page.visited.length
      const switching = work(client)
      await prompted(client, 'sign_out_first')
      expect(prompt(client)).toMatchObject({ account: { sub: 'josh' } })
      answer(client, 'cancel')
      await expect(switching).rejects.toMatchObject({ code: 'interaction_cancelled' })
      expect(session(client)).toMatchObject({ status: 'authenticated', account: { sub: 'josh' } })
      expect([page.visited.length, departures(), op.forms.filter(form => form.has('token'))]).toEqual([
        before,
        [],
        [],
      ])
    },
  )

  it.each(ways)('%s ends the session here and at the OP, by a full page', async (_, work) => {
    const client = await signedIn()
    work(client).catch(() => {})
    await prompted(client, 'sign_out_first')
    answer(client, 'continue')
    await until(() => departures().length === 1)
    expect(session(client)).toEqual({ status: 'anonymous', reason: 'signed_out' })
    expect(op.forms.some(form => form.has('token'))).toBe(true)
    expect(left()).toMatchObject({ transaction: null, purpose: { kind: 'switch_account' } })
    expect(page.visited).toHaveLength(2)
  })

  it.each(ways)('the page that comes back from %s goes on to the login page by itself', async (way, work) => {
    const hint = way === 'switchAccount(to)' ? 'jane' : null
    await backFrom(work)
    await until(() => left()?.transaction != null)
    const { transaction, purpose, returnTo } = left()
    const { searchParams } = new URL(transaction?.url ?? '')
    expect([searchParams.get('login_hint'), searchParams.get('prompt')]).toEqual([hint, null])
    expect(searchParams.get('acr_values')).toBe('gold')
    expect([purpose.kind, returnTo]).toEqual(['sign_in', location.href])
  })

  it('what the call asks for goes along', async () => {
    await backFrom(client =>
      client.accounts.switchAccount(undefined, {
        authorizationParams: { hd: 'corp' },
        acrValues: ['silver'],
      }),
    )
    await until(() => left()?.transaction != null)
    const { searchParams } = new URL(left().transaction?.url ?? '')
    expect([searchParams.get('hd'), searchParams.get('acr_values')]).toEqual(['corp', 'silver'])
  })

  it('a page that cannot go on shows that no person is signed in, and why', async () => {
    const client = await signedIn()
    client.accounts.switchAccount().catch(() => {})
    await prompted(client, 'sign_out_first')
    answer(client, 'continue')
    await until(() => departures().length === 1)
    comeBack()
    await unload(client)
    const back = openTab({ ...options, authorizationParams: () => ({ nonce: 'x' }) })
    await until(() => session(back).status === 'anonymous')
    expect(session(back)).toMatchObject({ reason: 'signed_out', error: { code: 'configuration_invalid' } })
  })

  it('a page that comes back when a person has signed in in another tab leaves that session alone', async () => {
    const client = await signedIn()
    client.accounts.switchAccount().catch(() => {})
    await prompted(client, 'sign_out_first')
    answer(client, 'continue')
    await until(() => departures().length === 1)
    comeBack()
    await unload(client)
    rememberSession()
    page.frame = { claims: { sub: 'jane' } }
    const back = openTab(options)
    await until(() => session(back).status === 'authenticated')
    expect(departures()).toEqual([])
  })

  it('without a page to sign out at says so, and the session stays', async () => {
    op.metadata = {}
    const client = await signedIn()
    const switching = client.accounts.switchAccount()
    await prompted(client, 'sign_out_first')
    answer(client, 'continue')
    await expect(switching).rejects.toMatchObject({ code: 'configuration_invalid' })
    expect(session(client).status).toBe('authenticated')
  })

  it.each(ways)('%s without a session needs no sign-out', async (_, work) => {
    const client = createClient(options)
    page.popups.push({ claims: { acr: 'gold' } })
    await work(client)
    expect(page.visited.at(-1)?.searchParams.get('prompt')).toBe('login')
  })

  it('a switch that is given up while the OP is slow leaves the session, and the page stays', async () => {
    await signedIn()
    // Another tab has a sessionStorage of its own.
    sessionStorage.clear()
    const held = holdRequests(({ url }) => url.includes('openid-configuration'))
    const second = openTab(options)
    await until(() => session(second).status === 'authenticated')
    const giveUp = new AbortController()
    const switching = second.accounts.switchAccount(jane, { signal: giveUp.signal })
    await prompted(second, 'sign_out_first')
    answer(second, 'continue')
    await until(() => held.count > 0)
    giveUp.abort()
    await expect(switching).rejects.toMatchObject({ reason: 'aborted' })
    held.release()
    await second.renew().catch(() => {})
    expect([session(second).status, departures()]).toEqual(['authenticated', []])
  })

  it('a returnTo of another origin is refused at once', async () => {
    const client = await signedIn()
    await expect(
      client.accounts.switchAccount(undefined, { returnTo: 'https://evil.example/' }),
    ).rejects.toMatchObject({ code: 'configuration_invalid' })
    expect(prompt(client)).toBeNull()
  })
})
