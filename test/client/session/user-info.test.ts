// @vitest-environment jsdom
import type { AuthClient, AuthLogEvent } from 'afresh'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type ClientOptions,
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

let asked: number
beforeEach(() => {
  asked = 0
  op.metadata = { userinfo_endpoint: `${location.origin}/userinfo` }
  page.intercept = ({ url }) => {
    if (!url.endsWith('/userinfo')) return undefined
    asked++
    return Response.json({ sub: 'josh', name: 'Josh Novak' })
  }
})

const named: ClientOptions = { userInfo: true }
const josh = { account: { sub: 'josh', name: 'Josh Novak' }, claims: { name: 'Josh Novak' } }

async function signedInTab(options: ClientOptions = named): Promise<AuthClient> {
  const client = openTab(options)
  await until(() => session(client).status === 'anonymous')
  page.popups.push({ token: { refresh_token: 'rt' } })
  await client.signIn()
  return client
}

describe('names that only userinfo has', () => {
  it.each<[string, ClientOptions]>([
    ['the option', named],
    ['the provider', { provider: { name: 'test', userInfo: true } }],
  ])('are shown after a sign-in, where %s says so', async (_, options) => {
    expect(session(await signedInTab(options))).toMatchObject(josh)
  })

  it('are not asked for otherwise', async () => {
    await signedInTab({})
    expect(asked).toBe(0)
  })

  it('are shown in the next tab, which asks nothing', async () => {
    await signedInTab()
    const next = openTab(named)
    await until(() => session(next).status === 'authenticated')
    expect(session(next)).toMatchObject(josh)
    expect(asked).toBe(1)
  })

  it('are shown after a reload from this tab’s storage, and the chooser has them', async () => {
    const options: ClientOptions = { ...named, storage: 'session', rememberAccounts: 2 }
    const client = await signedInTab(options)
    const kept = Object.entries({ ...sessionStorage })
    await unload(client)
    for (const [key, value] of kept) sessionStorage.setItem(key, value)
    const back = openTab(options)
    await until(() => session(back).status === 'authenticated')
    expect(session(back)).toMatchObject(josh)
    expect(back.store.getState().remembered).toMatchObject([josh.account])
    expect(asked).toBe(1)
  })

  it('are shown after a restore by the OP, and the account is the same object after a renewal', async () => {
    rememberSession()
    page.frame = {}
    const client = openTab(named)
    await until(() => session(client).status === 'authenticated')
    expect(session(client)).toMatchObject(josh)
    const { account } = session(client) as { account: object }
    await client.renew()
    expect((session(client) as { account: object }).account).toBe(account)
    expect(asked).toBe(1)
  })

  it('are no condition of a sign-in: the log hears that they are missing', async () => {
    page.intercept = ({ url }) => (url.endsWith('/userinfo') ? Response.json({ sub: 'jane' }) : undefined)
    const told: AuthLogEvent[] = []
    const client = await signedInTab({ ...named, logger: event => void told.push(event) })
    expect(session(client)).toMatchObject({ status: 'authenticated', account: { sub: 'josh' } })
    const error = 'userinfo_sub_mismatch'
    await until(() => told.some(event => event.type === 'userinfo.failed' && 'error' in event))
    expect(told).toContainEqual(expect.objectContaining({ type: 'userinfo.failed', error }))
  })
})
