// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { describe, expect, it } from 'vitest'
import { type ClientOptions, op, openTab, page, session, setUpPage, until } from '../support/client.ts'
import type { AuthorizationAnswer } from '../support/op.ts'

setUpPage()

/** What tenants of the OP answer: each is an issuer of its own. */
const ofTenant = (tenant: string, more: AuthorizationAnswer = {}): AuthorizationAnswer => {
  const iss = `${op.issuer}/${tenant}`
  return { ...more, claims: { iss, sid: 'one', ...more.claims }, response: { iss } }
}

const options = (): ClientOptions => {
  const issuers = [`${op.issuer}/a`, `${op.issuer}/b`]
  return { provider: { name: 'tenants', issuers }, rememberAccounts: 3 }
}

async function signedInTab(): Promise<AuthClient> {
  const client = openTab(options())
  await until(() => session(client).status === 'anonymous')
  page.popups.push(ofTenant('a'))
  await client.signIn()
  return client
}

describe('a session of one of several issuers', () => {
  it('is handed over to the next tab', async () => {
    await signedInTab()
    const next = openTab(options())
    await until(() => session(next).status === 'authenticated')
    expect(session(next)).toMatchObject({ account: { iss: `${op.issuer}/a` } })
  })

  it('is another account than that of another issuer with the same sub', async () => {
    const client = await signedInTab()
    page.frame = ofTenant('b')
    await expect(client.renew()).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(session(client)).toMatchObject({ account: { iss: `${op.issuer}/a` } })
  })

  it('is remembered beside the account of another issuer with the same sub', async () => {
    const client = await signedInTab()
    page.popups.push(ofTenant('b'))
    await client.accounts.addAccount()
    const { remembered } = client.store.getState()
    expect(remembered.map(({ iss }) => iss)).toEqual([`${op.issuer}/b`, `${op.issuer}/a`])
    await client.accounts.forget(remembered[1])
    expect(client.store.getState().remembered.map(({ iss }) => iss)).toEqual([`${op.issuer}/b`])
  })

  it.each([
    ['a', 'anonymous'],
    ['b', 'authenticated'],
  ])('is, after a front-channel logout of tenant %s, %s', async (tenant, status) => {
    const client = await signedInTab()
    const [channel, listener] = [new BroadcastChannel('afresh:logout'), new BroadcastChannel('afresh:logout')]
    const heard = new Promise(resolve => {
      listener.onmessage = resolve
    })
    channel.postMessage({ iss: `${op.issuer}/${tenant}`, sid: 'one' })
    await heard
    channel.close()
    listener.close()
    expect(session(client).status).toBe(status)
  })
})

describe('trustedAudiences', () => {
  const twice = { claims: { aud: ['payments', 'project'], azp: 'payments' } }

  it.each<[string, ClientOptions]>([
    ['the option', { trustedAudiences: ['project'] }],
    ['the provider', { provider: { name: 'test', trustedAudiences: audience => audience === 'project' } }],
  ])('of %s lets people sign in with an ID Token that is for others too', async (_, more) => {
    const client = openTab(more)
    page.popups.push(twice)
    await client.signIn()
    expect(session(client).status).toBe('authenticated')
  })

  it('of the option replace the provider’s', async () => {
    const provider = { name: 'test', trustedAudiences: ['project'] }
    const client = openTab({ provider, trustedAudiences: [] })
    page.popups.push(twice)
    await expect(client.signIn()).rejects.toMatchObject({ reason: 'untrusted', audience: 'project' })
  })
})
