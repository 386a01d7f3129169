// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { handleCallback } from '../../../src/callback/index.ts'
import type { Departure } from '../../../src/op/redirects.ts'
import {
  type ClientOptions,
  departures,
  op,
  openTab,
  page,
  rememberSession,
  session,
  setUpPage,
  unload,
  until,
} from '../../support/client.ts'

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  page.frame = {}
})

const options: ClientOptions = { interaction: ['redirect'] }

/** A page whose person goes to the OP for another account, and comes back without. */
async function cancelledSwitch(meanwhile = () => {}): Promise<AuthClient> {
  const client = openTab(options)
  await until(() => session(client).status === 'authenticated')
  client.accounts.switchAccount().catch(() => {})
  await until(() => departures().length === 1)
  comeBackWith({ error: 'access_denied' })
  await unload(client)
  meanwhile()
  return openTab(options)
}

/** What the callback page leaves behind. */
function comeBackWith(answer: { readonly error: string }): void {
  const { transaction }: Departure<unknown> = JSON.parse(departures().at(-1)?.[1] ?? 'null')
  const params = new URLSearchParams({ ...answer, state: transaction?.state ?? '', iss: op.issuer })
  sessionStorage.setItem('afresh:response', JSON.stringify(`${params}`))
}

it.each([
  ['what has no shape', '{"issuer":1}'],
  ['no JSON', '{'],
  ['another kind of thing', '7'],
])('nothing comes back when %s stands in the place of the departure', async (_, text) => {
  sessionStorage.setItem('afresh:tx:s', text)
  sessionStorage.setItem('afresh:response', JSON.stringify(`code=c&state=s&iss=${op.issuer}`))
  const client = openTab(options)
  await until(() => session(client).status === 'authenticated')
  expect(client.store.getState().resumed).toBeNull()
  expect(op.forms.map(form => form.get('code'))).not.toContain('c')
})

describe('a switch of accounts by redirect that the person has cancelled', () => {
  it('is shown with the session, which is as it was', async () => {
    const client = await cancelledSwitch()
    await until(() => session(client).status === 'authenticated')
    expect(session(client)).toMatchObject({
      account: { sub: 'josh' },
      error: { code: 'authorization_failed', error: 'access_denied' },
    })
  })

  it('does not keep the page from finding the session when an OP that is down is back', async () => {
    const client = await cancelledSwitch(() => {
      op.down = true
    })
    await until(() => session(client).status === 'anonymous')
    op.down = false
    expect(session(client)).toMatchObject({ error: { error: 'access_denied' } })
    await client.restore()
    expect(session(client).status).toBe('authenticated')
  })

  it('is shown still after a renewal, and no more once the person tries again', async () => {
    const client = await cancelledSwitch()
    await until(() => session(client).status === 'authenticated')
    await client.renew()
    expect(session(client)).toMatchObject({ error: { error: 'access_denied' } })
    client.accounts.switchAccount().catch(() => {})
    expect(session(client)).not.toHaveProperty('error')
  })
})

describe('a sign-out at the OP', () => {
  /** A page that is back from there, after something has happened in another tab. */
  async function backAfter(happen: () => void): Promise<AuthClient> {
    op.metadata = { end_session_endpoint: `${op.issuer}/end` }
    const client = openTab(options)
    await until(() => session(client).status === 'authenticated')
    client.signOut().catch(() => {})
    await until(() => departures().length === 1)
    const state = departures().at(-1)?.[0].split(':').at(-1) ?? ''
    sessionStorage.setItem('afresh:response', JSON.stringify(`state=${state}`))
    await unload(client)
    happen()
    const back = openTab(options)
    await back.ready()
    return back
  }

  it('comes back to a page of no person', async () => {
    expect(session(await backAfter(() => {}))).toEqual({ status: 'anonymous', reason: 'signed_out' })
  })

  it('comes back by way of the callback page where the OP gives no state back', async () => {
    op.metadata = { end_session_endpoint: `${op.issuer}/end` }
    const stateless: ClientOptions = {
      ...options,
      provider: { name: 'test', signOut: { returnParam: 'logout_uri', keepsState: false } },
    }
    const client = openTab(stateless)
    await until(() => session(client).status === 'authenticated')
    client.signOut({ returnTo: '/bye' }).catch(() => {})
    await until(() => departures().length === 1)
    await unload(client)
    history.replaceState(null, '', '/auth/callback.html')
    handleCallback()
    history.replaceState(null, '', '/bye')
    expect(departures()).toEqual([['afresh:tx:sign-out', expect.stringContaining('"params":""')]])
    const back = openTab(stateless)
    await back.ready()
    expect(session(back)).toEqual({ status: 'anonymous', reason: 'signed_out' })
    expect(departures()).toEqual([])
  })

  it('comes back to the session that has begun in another tab meanwhile', async () => {
    page.frame = { claims: { sub: 'jane' } }
    expect(session(await backAfter(rememberSession))).toMatchObject({ account: { sub: 'jane' } })
  })
})
