// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { createClient, op, page, seconds, session, setUpPage } from '../support/client.ts'

setUpPage()

it.each<[string, Readonly<Record<string, unknown>>]>([
  ['a numeric acr', { acr: 1 }],
  ['amr as text', { amr: 'pwd' }],
  ['email_verified as text', { email_verified: 'true' }],
  ['an aud of one element', { aud: ['payments'] }],
  ['a sub of 255 characters', { sub: 'ü'.repeat(255) }],
  ['a sub that is not ASCII', { sub: 'Жижка 😀' }],
  ['claims that are not known', { foo: { bar: [1] } }],
])('an ID Token with %s signs a person in, and its successor keeps the session', async (_, claims) => {
  const all = { auth_time: seconds() - 1000, ...claims }
  op.refreshAnswer = { claims: all, token: { refresh_token: 'rt2' } }
  page.popups.push({ claims: all, token: { refresh_token: 'rt' } })
  const client = createClient()
  await client.signIn()
  await client.renew()
  expect(session(client)).toMatchObject({ status: 'authenticated', account: { sub: claims.sub ?? 'josh' } })
})
