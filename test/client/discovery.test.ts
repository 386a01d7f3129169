// @vitest-environment jsdom
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createClient, op, page, seconds, session, setUpPage } from '../support/client.ts'
import { listen } from '../support/http.ts'

setUpPage()
const refused = expect.objectContaining({ code: 'configuration_invalid' })

describe('where discovery is', () => {
  it('a person signs in with a document that is elsewhere', async () => {
    const client = createClient({ metadataUrl: `${op.issuer}/elsewhere/openid-configuration` })
    page.popups.push({ claims: { auth_time: seconds() - 1000 } })
    await client.signIn()
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
    expect(page.requests.map(({ url }) => url)).not.toContain(`${op.issuer}/.well-known/openid-configuration`)
  })

  it('a person signs in with a document that a redirect leads to', async () => {
    const moved = createServer((_, response) => {
      response.writeHead(301, { Location: `${op.issuer}/elsewhere/openid-configuration` }).end()
    })
    const client = createClient({ metadataUrl: `${await listen(moved)}/discovery` })
    page.popups.push({})
    await client.signIn()
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
    moved.close()
  })

  it('the profile may say where, and the app has the last word', async () => {
    const profile = { name: 'test', metadataUrl: 'https://nowhere.example/discovery' }
    const client = createClient({
      provider: profile,
      metadataUrl: `${op.issuer}/elsewhere/openid-configuration`,
    })
    page.popups.push({})
    await client.signIn()
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
  })

  it.each(['http://op.example/discovery', '/discovery', 'javascript:alert(1)', ''])(
    'the metadataUrl %j is refused',
    metadataUrl => {
      expect(() => createClient({ metadataUrl })).toThrowError(refused)
    },
  )

  it('http on this machine is refused for an issuer that is https', () => {
    const options = { issuer: 'https://op.example', metadataUrl: 'http://localhost:9000/discovery' }
    expect(() => createClient(options)).toThrowError(refused)
  })
})

describe('what discovery says, when the app says it', () => {
  it('a person signs in, and no document is fetched', async () => {
    const document = await (await fetch(`${op.issuer}/.well-known/openid-configuration`)).json()
    const before = op.requests.discovery
    const client = createClient({ metadata: document })
    page.popups.push({})
    await client.signIn()
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
    expect(op.requests.discovery).toBe(before)
  })

  it('a document that cannot be used is refused when the client is made', () => {
    expect(() => createClient({ metadata: { issuer: op.issuer } })).toThrowError(refused)
  })
})

it.each([
  ['a provider that takes no browser app', { issuer: 'https://accounts.google.com' }],
  ['a profile that refuses', { provider: { name: 'x', refusal: 'Not here.' } }],
])('no client is made for %s', (_, options) => {
  expect(() => createClient(options)).toThrowError(refused)
})
